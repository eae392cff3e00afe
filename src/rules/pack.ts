/**
 * The built-in shelf as one JSON text, written by the build. It is read at every start, so that all that can be known
 * beforehand is in it: the rules are checked, their patterns read, proved and printed for V8. Samples keep their `¦`:
 * no scanner should find fault with the package.
 */
import type { Gate } from "../terms.ts";
import { type RuleSource, readRuleFiles, readShelf } from "./load.ts";
import type { PatternFacts } from "./pattern/compile.ts";
import { factsOf, settle } from "./rulepack.ts";

/** A rule in the pack: as in its source, but with byte sets in hexadecimal, one bit a byte. */
export interface PackedRule extends Omit<RuleSource, "facts"> {
  readonly facts: Omit<PatternFacts, "gate"> & { readonly gate?: PackedGate };
}

export interface PackedGate {
  readonly prior?: string;
  readonly skip: string;
  readonly need: string;
  readonly max: number;
  readonly run?: { readonly set: string; readonly least: number; readonly within: number };
}

/**
 * The pack of all rules in the folder `dir`.
 *
 * @throws LeaksweepError `rule.invalid` at the first rule that cannot be loaded or is not linear.
 */
export function packRules(dir: string): string {
  const shelf = readShelf(readRuleFiles(dir));
  settle(shelf.map(({ rule }) => rule));
  const packed = shelf.map(({ rule, samples }): PackedRule => {
    const { gate, ...facts } = factsOf(rule, { trusted: true });
    return { ...rule, samples, facts: { ...facts, ...(gate && { gate: packGate(gate) }) } };
  });
  // A rule a line, so that what looks at lines (a scanner, a diff) finds the rules apart.
  return `[\n${packed.map((rule) => JSON.stringify(rule)).join(",\n")}\n]\n`;
}

const packGate = ({ prior, skip, need, max, run }: Gate): PackedGate => ({
  ...(prior && { prior: hexOf(prior) }),
  skip: hexOf(skip),
  need: hexOf(need),
  max,
  ...(run && { run: { ...run, set: hexOf(run.set) } }),
});

const hexOf = (set: Uint8Array): string => {
  const bits = Buffer.alloc(32);
  for (const [byte, bit] of set.entries()) bits[byte >> 3] = (bits[byte >> 3] ?? 0) | (bit << (byte & 7));
  return bits.toString("hex");
};
