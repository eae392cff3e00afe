/**
 * Trains the table of `src/detect/randomness.ts`: how much likelier each pair of characters is in what people write
 * (names in programs, words in documentation) than in what a generator of tokens draws. The words come from the
 * sources of this project's own dependencies, all under MIT, ISC, BSD or Apache-2.0; of them only the counts of pairs
 * are kept. The draws come from a generator with a fixed seed, so that the same dependencies give the same table.
 *
 *   npm run bench:randomness
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pairsOf, SYMBOLS } from "../src/detect/randomness.ts";

/** Packages whose sources are read: large, written by many hands, permissively licensed. */
const packages = ["typescript", "vitest", "zod", "yaml", "commander", "fast-check", "simple-git", "ajv", "re2js"];

/** Most characters of a package that are read, so that the largest does not speak for all. */
const most = 4_000_000;

/** Alphabets of tokens, each drawn from as often. */
const alphabets = [
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  "abcdefghijklmnopqrstuvwxyz0123456789",
  "0123456789abcdef",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
];

/** The word that stands for each weight in the table: `a` is -12, `m` is 0, `y` is 12, in half bits. */
const letterOf = (weight: number): string => String.fromCharCode(109 + Math.max(-12, Math.min(12, weight)));

function wordsIn(name: string): Set<string> {
  const files = readdirSync(`node_modules/${name}`, { recursive: true, encoding: "utf8" }).sort();
  const words = new Set<string>();
  let read = 0;
  for (const file of files.filter((path) => /\.(?:d\.ts|[cm]?js|md)$/.test(path) && !path.includes("node_modules"))) {
    const text = readFileSync(`node_modules/${name}/${file}`, "utf8");
    read += text.length;
    if (read > most) break;
    for (const [word] of text.matchAll(/[A-Za-z][A-Za-z0-9_-]{4,40}/g)) words.add(word);
  }
  return words;
}

/** A generator of integers below `limit` (mulberry32), the same in every run. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function countsOf(texts: Iterable<string>): Float64Array {
  const counts = new Float64Array(SYMBOLS * SYMBOLS).fill(0.5);
  for (const text of texts) for (const pair of pairsOf(text)) counts[pair] = (counts[pair] ?? 0) + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

const words = new Set(packages.flatMap((name) => [...wordsIn(name)]));
const roll = dice(1);
const draws = Array.from({ length: 200_000 }, (_, index) => {
  const alphabet = alphabets[index % alphabets.length] ?? "";
  return Array.from({ length: 24 }, () => alphabet.charAt(roll(alphabet.length))).join("");
});
const [written, drawn] = [countsOf(words), countsOf(draws)];
const weights = [...written].map((share, pair) => Math.round(2 * Math.log2(share / (drawn[pair] ?? 1))));
const rows = Array.from({ length: SYMBOLS }, (_, row) =>
  weights
    .slice(row * SYMBOLS, (row + 1) * SYMBOLS)
    .map(letterOf)
    .join(""),
);
writeFileSync(
  "src/detect/randomness-table.ts",
  `/** Written by \`npm run bench:randomness\`, from ${words.size} words; see there. One row a first character. */
export const table: readonly string[] = [
${rows.map((row) => `  "${row}",`).join("\n")}
];
`,
);
console.log(rows.join("\n"));
