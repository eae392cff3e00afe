/**
 * Draws texts that a pattern's group "secret" matches, so that a rule's samples need not be written down: a token in a
 * rule file would be one more string that scanners report. The same seed gives the same text on every machine.
 */
import { members } from "../pattern/byte-set.ts";
import { parsePattern } from "../pattern/parse.ts";
import { type Node, nodesOf, widthOf } from "../pattern/syntax.ts";

/** Texts made after one pattern's secret. */
export interface Tokens {
  /** As chance makes one. */
  draw(seed: string): string;
  /** As chance makes what the whole pattern matches, with a secret that is as mixed as it can be. */
  drawMatch(seed: string): string;
  /** All that is not fixed is crossed out: what a manual prints. */
  readonly masked: string;
  /** A byte too short; absent where that leaves nothing to tell. */
  readonly cut?: string;
}

/** Longest that an open-ended part is drawn, beyond what it needs. */
const MORE = 24;

/** What manuals cross secrets out with, in the order of choice. */
const crosses = ["x", "X", "0", "-", "*"].map((char) => char.charCodeAt(0));

/** Makes tokens for the secret of `pattern`. Throws like `parsePattern`. */
export function tokensOf(pattern: string): Tokens {
  const tree = parsePattern(pattern);
  const secret = nodesOf(tree).find((node) => node.kind === "group" && node.name === "secret") ?? tree;
  const { min } = widthOf(secret);
  const masked = textOf(secret, { count: (least) => least, member: crossOf, branch: () => 0 });
  const short = textOf(secret, { ...byChance("cut"), count: (least) => least }).slice(0, min - 1);
  return {
    draw: (seed) => mixed((attempt) => textOf(secret, byChance(`${seed} ${attempt}`))),
    drawMatch: (seed) => mostMixed((attempt) => textOf(tree, byChance(`${seed} ${attempt}`))),
    masked,
    ...(short.length > 3 && { cut: short }),
  };
}

/** Numbers apart in a token, from which on it does not read like words: screens drop what does. */
const NUMBERS = 3;

/** The first of some attempts that nobody would take for words, or the last. */
function mixed(attempt: (index: number) => string): string {
  let token = attempt(0);
  for (let index = 1; index < 8 && (token.match(/\d+/g) ?? []).length < NUMBERS; index++) token = attempt(index);
  return token;
}

/** The one of some attempts that holds the most different bytes: a rule may ask for that in numbers. */
function mostMixed(attempt: (index: number) => string): string {
  const texts = Array.from({ length: 16 }, (_, index) => attempt(index));
  return texts.reduce((best, text) => (new Set(text).size > new Set(best).size ? text : best));
}

/** Decides wherever a pattern leaves a choice. */
interface Chooser {
  count(min: number, max: number): number;
  member(bytes: readonly number[]): number;
  branch(length: number): number;
}

function textOf(node: Node, choose: Chooser): string {
  switch (node.kind) {
    case "assertion":
      return "";
    case "bytes":
      return String.fromCharCode(choose.member(members(node.set)));
    case "group":
      return textOf(node.body, choose);
    case "sequence":
      return node.parts.map((part) => textOf(part, choose)).join("");
    case "choice": {
      const branch = node.branches[choose.branch(node.branches.length)];
      return branch === undefined ? "" : textOf(branch, choose);
    }
    case "repeat": {
      const times = choose.count(node.min, Math.min(node.max, node.min + MORE));
      return Array.from({ length: times }, () => textOf(node.body, choose)).join("");
    }
  }
}

const crossOf = (bytes: readonly number[]): number => {
  if (bytes.length <= 2) return bytes[0] ?? 0; // a literal, or a letter in either case
  return crosses.find((cross) => bytes.includes(cross)) ?? bytes[0] ?? 0;
};

/** Letters and digits where there are any: signs at the edges would belong to what surrounds a value. */
const plain = (byte: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(byte));
const digit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

function byChance(seed: string): Chooser {
  const next = randomFrom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    count: (min, max) => min + below(max - min + 1),
    member(bytes) {
      const letters = bytes.filter(plain);
      const digits = letters.filter(digit);
      // Now and then chance makes what reads like words; one digit in three keeps it from that.
      const from = letters.length <= 2 ? bytes : digits.length > 2 && below(3) === 0 ? digits : letters;
      // A letter that counts in either case is written as the pattern has it mostly: small.
      return (from.length === 2 ? from.at(-1) : from[below(from.length)]) ?? 0;
    },
    branch: (length) => below(length),
  };
}

/**
 * Numbers from 0 to 1, the same for the same seed: the seed's FNV-1a hash, and from there the generator Mulberry32.
 * Nothing here needs to be hard to guess.
 */
function randomFrom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed, "utf8")) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
