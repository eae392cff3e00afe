/**
 * What a rule finds at a keyword. It looks at a window that is one byte wider, on both sides, than a match with this
 * keyword can be. That byte keeps `\b`, `^` and `$` true at the window's edges, and a match that takes it in is none: it
 * would be another one in the whole text. So what is found at a keyword depends on the text alone and not on who asked.
 */

import type { Gate } from "../../bytes/gate.ts";
import { latin1 } from "../../bytes/text.ts";
import type { PatternMatch, Rule, Rulepack, Span } from "../../terms.ts";
import type { Candidate, Text } from "../candidate.ts";

/** Least bytes that are turned into a string at once, and how many of them lie before the window that asked. */
const BLOCK = { size: 4096, before: 1024 };

/** A rule at one keyword of a text. */
export interface Spot {
  readonly rule: Rule;
  readonly keyword: Span;
}

/** Shortest keyword that is looked for. */
const shortest = 3;

/** Whether a rule's matches lie within a known distance of a keyword that can be looked for. */
export const isBounded = ({ keywords, pattern: { reach } }: Rule): boolean =>
  keywords.length > 0 &&
  keywords.every(({ length }) => length >= shortest) &&
  reach.before + reach.after < Number.POSITIVE_INFINITY;

/** Marks in a row from which on a keyword may be among them. */
export const MARKS = 4;

/**
 * Percent codes in a row that are looked into though no keyword stands before them. Rules that speak as in the scanner
 * that they come from have keywords made of their patterns: one code can hide the only character that those have.
 */
export const leastCodes = (rules: Rulepack["rules"]): number => (rules.some(({ alone }) => alone === true) ? 1 : MARKS);

/** The bytes between two offsets as latin1. */
export type Slice = (start: number, end: number) => string;

/** Windows overlap, of neighbouring keywords and of the rules of one: they are cut from blocks, without a copy. */
export function slicer(bytes: Uint8Array): Slice {
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

/** The first match of the rule that holds this keyword, its gate asked first. */
export function atKeyword(text: Text, { rule, keyword }: Spot, slice: Slice): Candidate | undefined {
  if (rule.pattern.gate !== undefined && !passes(rule.pattern.gate, text.bytes, keyword)) return undefined;
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

/** Whether a match can hold this keyword, by the bytes around it. */
const passes = (gate: Gate, bytes: Uint8Array, { start, end }: Span): boolean =>
  (gate.prior === undefined || start === 0 || gate.prior[bytes[start - 1] as number] === 1) &&
  meetsNeed(gate, bytes, end) &&
  (gate.run === undefined || meetsRun(gate.run, bytes, end));

function meetsNeed({ skip, need, max }: Gate, bytes: Uint8Array, at: number): boolean {
  const stop = Math.min(bytes.length, at + max + 1);
  for (let next = at; next < stop; next++) {
    const byte = bytes[next] as number;
    if (need[byte] === 1) return true;
    if (skip[byte] !== 1) return false;
  }
  return false;
}

function meetsRun({ set, least, within }: NonNullable<Gate["run"]>, bytes: Uint8Array, at: number): boolean {
  const stop = Math.min(bytes.length, at + within + least);
  for (let start = at; start + least <= stop; ) {
    // From the last byte of a run backwards: a byte that is not of the set rules out all runs over it.
    let next = start + least;
    while (next > start && set[bytes[next - 1] as number] === 1) next--;
    if (next === start) return true;
    start = next;
  }
  return false;
}

/** Every match in the text of a rule whose pattern knows no bounds. */
export function* everywhere(text: Text, rule: Rule): Generator<Candidate> {
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
