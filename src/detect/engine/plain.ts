/**
 * The engine in plain TypeScript, for every machine and as the judge of faster ones. An automaton finds keywords; for
 * each keyword the rules that know it look at a window that is one byte wider, on both sides, than a match with this
 * keyword can be. That byte keeps `\b`, `^` and `$` true at the window's edges, and a match that takes it in is
 * none: it would be another one in the whole text. So what is found at a keyword depends on the text alone and
 * not on which spans were asked for.
 *
 * A whole content is passed over once. Where only spans are fresh, they must be widened by the reach of the rules before
 * keywords are looked for; the few rules with a wide reach (private keys) then have an automaton of their own, for the
 * many should not pay for them.
 */
import { merge, touches, widen } from "../../bytes/span.ts";
import { latin1 } from "../../bytes/text.ts";
import type { Engine, Gate, PatternMatch, Rule, Rulepack, Span } from "../../terms.ts";
import { type Candidate, type Find, keyOf, type Text } from "../candidate.ts";
import { type EngineOptions, engineOf } from "../match.ts";
import { type Automaton, automaton } from "./automaton.ts";

/** Reach, in bytes, up to which a rule counts as near. */
const NEAR = 512;

/** Least bytes that are turned into a string at once, and how many of them lie before the window that asked. */
const BLOCK = { size: 4096, before: 1024 };

/** Rules that share an automaton, and the widest reach among them. */
interface Lane {
  readonly keywords: readonly string[];
  /** For each keyword the rules that know it. */
  readonly rules: readonly (readonly Rule[])[];
  readonly automaton: Automaton;
  readonly before: number;
  readonly after: number;
}

/** A rule at one keyword of a text. */
interface Spot {
  readonly rule: Rule;
  readonly keyword: Span;
}

/** An engine for `rulepack` that needs nothing but this language. */
export function plainEngine(rulepack: Rulepack, options: EngineOptions = {}): Engine {
  const bounded = rulepack.rules.filter((rule) => reachOf(rule) < Number.POSITIVE_INFINITY);
  const whole = once(() => [laneOf(bounded)]);
  const apart = once(() => [
    laneOf(bounded.filter((rule) => reachOf(rule) <= NEAR)),
    laneOf(bounded.filter((rule) => reachOf(rule) > NEAR)),
  ]);
  const unbounded = rulepack.rules.filter((rule) => reachOf(rule) === Number.POSITIVE_INFINITY);
  const find: Find = (text, spans) => {
    const found = new Map<string, Candidate>();
    for (const lane of covers(spans, text) ? whole() : apart()) {
      for (const candidate of inLane(text, spans, lane)) found.set(keyOf(candidate), candidate);
    }
    for (const rule of unbounded) {
      for (const candidate of everywhere(text, rule)) found.set(keyOf(candidate), candidate);
    }
    return [...found.values()].filter((candidate) => touches(candidate, spans));
  };
  return engineOf(rulepack, find, options);
}

const covers = ([span]: readonly Span[], { bytes }: Text): boolean => span?.start === 0 && span.end === bytes.length;

/** `make`, called when first needed: a table takes as long to build as a small content to scan. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Bytes from a keyword to the far end of a match, at most. A rule without keyword has no place to count from. */
const reachOf = ({ keywords, pattern }: Rule): number =>
  keywords.length === 0 ? Number.POSITIVE_INFINITY : Math.max(pattern.reach.before, pattern.reach.after);

function laneOf(rules: readonly Rule[]): Lane {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))];
  return {
    keywords,
    rules: keywords.map((keyword) => rules.filter((rule) => rule.keywords.includes(keyword))),
    automaton: automaton(keywords),
    before: Math.max(0, ...rules.map(({ pattern }) => pattern.reach.before)),
    after: Math.max(0, ...rules.map(({ pattern }) => pattern.reach.after)),
  };
}

function* inLane(text: Text, spans: readonly Span[], lane: Lane): Generator<Candidate> {
  const { bytes } = text;
  const hits: number[] = [];
  for (const area of merge(
    spans.map((span) => widen(span, { before: lane.after, after: lane.before, length: bytes.length })),
  )) {
    lane.automaton.scan(bytes, area.start, area.end, hits);
  }
  if (hits.length === 0) return;
  const slice = slicer(bytes);
  for (let hit = 0; hit < hits.length; hit += 2) {
    const start = hits[hit] as number;
    const index = hits[hit + 1] as number;
    const keyword = { start, end: start + (lane.keywords[index] as string).length };
    for (const rule of lane.rules[index] as readonly Rule[]) {
      if (rule.pattern.gate !== undefined && !passes(rule.pattern.gate, bytes, keyword.end)) continue;
      const candidate = atKeyword(text, { rule, keyword }, slice);
      if (candidate !== undefined) yield candidate;
    }
  }
}

/** Whether the bytes from `at` on can follow a keyword: at most `max` to skip, then one that is needed. */
function passes({ skip, need, max }: Gate, bytes: Uint8Array, at: number): boolean {
  const stop = Math.min(bytes.length, at + max + 1);
  for (let next = at; next < stop; next++) {
    const byte = bytes[next] as number;
    if (need[byte] === 1) return true;
    if (skip[byte] !== 1) return false;
  }
  return false;
}

/** The first match of the rule that holds this keyword. */
function atKeyword(text: Text, { rule, keyword }: Spot, slice: Slice): Candidate | undefined {
  const { before, after } = rule.pattern.reach;
  const start = Math.max(0, keyword.start - before - 1);
  const end = Math.min(text.bytes.length, keyword.start + after + 1);
  const window = slice(start, end);
  const isReal = (match: Span): boolean =>
    (match.start > 0 || (start === 0 && text.first)) && (match.end < window.length || end === text.bytes.length);
  for (let from = 0; ; ) {
    const match = rule.pattern.exec(window, from);
    if (match === undefined || start + match.start > keyword.start) return undefined;
    const real = isReal(match);
    if (real && start + match.end >= keyword.end) return candidateOf(rule, match, start);
    // A match that ends before the keyword is passed over whole; any other may hide one that begins inside it.
    from = real && start + match.end <= keyword.start ? Math.max(match.end, match.start + 1) : match.start + 1;
  }
}

/** Every match in the text of a rule whose pattern knows no bounds. */
function* everywhere(text: Text, rule: Rule): Generator<Candidate> {
  const content = latin1(text.bytes);
  for (let from = 0; ; ) {
    const match = rule.pattern.exec(content, from);
    if (match === undefined) return;
    const real = match.end > match.start && (match.start > 0 || text.first);
    if (real) yield candidateOf(rule, match, 0);
    from = real ? match.end : match.start + 1;
  }
}

const candidateOf = (rule: Rule, { start, end, groups }: PatternMatch, offset: number): Candidate => ({
  rule,
  start: start + offset,
  end: end + offset,
  groups: Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [name, { start: group.start + offset, end: group.end + offset }]),
  ),
});

/** The bytes between two offsets as latin1. */
type Slice = (start: number, end: number) => string;

/** Windows overlap, of neighbouring keywords and of the rules of one: they are cut from blocks, without a copy. */
function slicer(bytes: Uint8Array): Slice {
  let block = { start: 0, end: 0, text: "" };
  return (start, end) => {
    if (start < block.start || end > block.end) {
      const from = Math.max(0, start - BLOCK.before);
      const to = Math.min(bytes.length, Math.max(end, from + BLOCK.size));
      block = { start: from, end: to, text: latin1(bytes, from, to) };
    }
    return block.text.slice(start - block.start, end - block.start);
  };
}
