/** Reads the pack of the built-in rules: what every start does, and all that it loads. */
import type { Gate } from "../terms.ts";
import type { RuleSource } from "./load.ts";
import type { PackedGate, PackedRule } from "./pack.ts";

/** The rules of a pack, as `packRules` wrote it: it is part of our own build and is not checked again. */
export function unpackRules(json: string): readonly RuleSource[] {
  const packed = JSON.parse(json.replaceAll("¦", "")) as readonly PackedRule[];
  return packed.map(({ facts: { gate, ...facts }, ...rule }): RuleSource => {
    return { ...rule, facts: { ...facts, ...(gate && { gate: unpackGate(gate) }) } };
  });
}

const unpackGate = ({ prior, skip, need, max, run }: PackedGate): Gate => ({
  ...(prior && { prior: setOf(prior) }),
  skip: setOf(skip),
  need: setOf(need),
  max,
  ...(run && { run: { ...run, set: setOf(run.set) } }),
});

const setOf = (hex: string): Uint8Array => {
  const bits = Buffer.from(hex, "hex");
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) set[byte] = ((bits[byte >> 3] ?? 0) >> (byte & 7)) & 1;
  return set;
};
