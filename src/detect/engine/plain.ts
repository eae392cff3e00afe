/**
 * The engine in plain TypeScript, the judge of faster ones. An automaton finds keywords; for each keyword the rules that
 * know it look at a window around it (`spot.ts`).
 *
 * A whole content is passed over once. Where only spans are fresh, they must be widened by the reach of the rules before
 * keywords are looked for; the few rules with a wide reach (private keys) then have an automaton of their own, for the
 * many should not pay for them.
 */
import { merge, touches, widen } from "../../bytes/span.ts";
import { latin1 } from "../../bytes/text.ts";
import type { Engine, Rule, Rulepack, Span } from "../../terms.ts";
import { type Candidate, type Finder, keyOf, MARKED, type Text } from "../candidate.ts";
import { type EngineOptions, engineOf } from "../match.ts";
import { type Automaton, automaton } from "./automaton.ts";
import { atKeyword, everywhere, isBounded, leastCodes, MARKS, slicer } from "./spot.ts";

/** Reach, in bytes, up to which a rule counts as near. */
const NEAR = 512;

/** Rules that share an automaton, and the widest reach among them. */
interface Lane {
  readonly keywords: readonly string[];
  /** For each keyword the rules that know it. */
  readonly rules: readonly (readonly Rule[])[];
  readonly automaton: Automaton;
  readonly before: number;
  readonly after: number;
}

/** An engine for `rulepack` that needs nothing but this language. */
export function plainEngine(rulepack: Rulepack, options: EngineOptions = {}): Engine {
  const bounded = rulepack.rules.filter(isBounded);
  const whole = once(() => [laneOf(bounded)]);
  const apart = once(() => [
    laneOf(bounded.filter((rule) => reachOf(rule) <= NEAR)),
    laneOf(bounded.filter((rule) => reachOf(rule) > NEAR)),
  ]);
  const unbounded = rulepack.rules.filter((rule) => !isBounded(rule));
  const candidates: Finder["candidates"] = (text, spans) => {
    const found = new Map<string, Candidate>();
    for (const lane of covers(spans, text) ? whole() : apart()) {
      for (const candidate of inLane(text, spans, lane)) found.set(keyOf(candidate), candidate);
    }
    for (const rule of unbounded) {
      for (const candidate of everywhere(text, rule)) found.set(keyOf(candidate), candidate);
    }
    return [...found.values()].filter((candidate) => touches(candidate, spans));
  };
  const dense = denseMarks(leastCodes(rulepack.rules));
  // It asks at every keyword: what the kernel reads ahead is a matter of speed.
  const marked: Finder["marked"] = (text, spans) => [
    ...whole().flatMap((lane) => startsIn(text, spans, lane)),
    ...denseIn(text, spans, dense),
  ];
  return engineOf(rulepack, { candidates, marked }, options);
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

/** Bytes from a keyword to the far end of a match, at most. */
const reachOf = ({ pattern }: Rule): number => Math.max(pattern.reach.before, pattern.reach.after);

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

/** Where keywords stand that what is encoded near `spans` can be a match with. */
function startsIn({ bytes }: Text, spans: readonly Span[], lane: Lane): number[] {
  const hits: number[] = [];
  for (const { start, end } of merge(spans.map((span) => widen(span, { ...MARKED, length: bytes.length })))) {
    lane.automaton.scan(bytes, start, end, hits);
  }
  return hits.filter((_, index) => index % 2 === 0);
}

/** Where so many characters in a row are escapes, percent codes or references that a keyword may be among them. */
function denseIn({ bytes }: Text, spans: readonly Span[], dense: RegExp): number[] {
  return merge(spans.map((span) => widen(span, { ...MARKED, length: bytes.length }))).flatMap(({ start, end }) =>
    [...latin1(bytes, start, end).matchAll(dense)].map(({ index }) => start + index),
  );
}

const oneMark =
  /%[0-9a-f]{2}|\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|["'/\\])|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|gt|lt|amp|sol|num|quot|apos|nbsp|colon|commat|equals|percnt);/;

const denseMarks = (codes: number): RegExp =>
  new RegExp(`(?=%)(?:${oneMark.source}){${codes}}|(?:${oneMark.source}){${MARKS}}`, "gi");

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
      const candidate = atKeyword(text, { rule, keyword }, slice);
      if (candidate !== undefined) yield candidate;
    }
  }
}
