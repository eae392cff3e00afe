/**
 * Whether a text was drawn or written. People put names and words together from pairs of letters that a generator of
 * tokens draws no oftener than any others: `th` is common and `qz` is not. For each pair of characters a table says
 * how much likelier it is in names and words than in drawn tokens, and a text has the mean of its pairs. One number,
 * the same on every machine, and `explain` can print it. `bench/randomness.ts` trains the table.
 */
import { table } from "./randomness-table.ts";

/** Letters without their case, all digits as one, everything else and the ends as one. */
export const SYMBOLS = 28;
const DIGIT = 26;
const GAP = 27;

const weights = Float64Array.from(table.join(""), (letter) => (letter.charCodeAt(0) - 109) / 2);

/**
 * The pairs of neighbours of a text, as indices into the table: first symbol times `SYMBOLS` plus second. Where case
 * changes from lower to upper a word ends and another begins, so that `apiToken` is two words, and base64 a heap of
 * very short ones.
 */
export function pairsOf(text: string): number[] {
  const pairs: number[] = [];
  let last = GAP;
  let wasLower = false;
  const step = (symbol: number): void => {
    if (last !== GAP || symbol !== GAP) pairs.push(last * SYMBOLS + symbol);
    last = symbol;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const upper = code >= 65 && code <= 90;
    const lower = code >= 97 && code <= 122;
    if (upper && wasLower) step(GAP);
    wasLower = lower;
    step(upper ? code - 65 : lower ? code - 97 : code >= 48 && code <= 57 ? DIGIT : GAP);
  }
  step(GAP);
  return pairs;
}

/**
 * How much a text looks written, in bits a pair: above 0 more like names and words, below 0 more like chance. 0 for an
 * empty text. Values shorter than eight characters say little.
 */
export function wordiness(text: string): number {
  const pairs = pairsOf(text);
  if (pairs.length === 0) return 0;
  return pairs.reduce((sum, pair) => sum + (weights[pair] ?? 0), 0) / pairs.length;
}
