/**
 * The built-in shelf as texts, written by the build, each read only when it is needed. The *label* is read at
 * every start. The *pack* is what somebody needs in whose text a keyword of a rule stands: all that can be known
 * beforehand is in it (the rules are checked, their patterns read and proved), and nothing else. The *notes* are what
 * only somebody asks for in whose text a rule may match, or who reports a finding. Pack and notes have a line for each
 * rule. The *questions*, a fourth text, are read by who asks providers and by nobody else. Samples keep their `¦`: no
 * scanner should find fault with the package.
 */
import type { Gate } from "../bytes/gate.ts";
import { readyRulepack } from "./compiled.ts";
import { ruleDigest } from "./digest.ts";
import { type RuleSource, readRuleFiles, readShelf } from "./load.ts";
import type { PatternFacts } from "./pattern/pattern.ts";
import { factsOf } from "./rulepack.ts";
import { settle } from "./selection.ts";

/** What the notes hold of a rule. */
export interface RuleNotes extends Pick<RuleSource, "pattern" | "samples" | "references" | "revoke" | "at"> {
  readonly printed: string;
}

/** A rule in the pack: what the notes do not hold, with numbers for its sets of bytes. */
export interface PackedRule extends Omit<RuleSource, "facts" | "verify" | keyof RuleNotes> {
  readonly facts: Omit<PatternFacts, "gate" | "printed" | "steps"> & { readonly gate?: PackedGate };
}

export interface PackedGate {
  readonly prior?: number;
  readonly skip: number;
  readonly need: number;
  readonly max: number;
  readonly run?: { readonly set: number; readonly least: number; readonly within: number };
}

/** What the label holds. */
export interface PackLabel {
  /** That of the rulepack of all these rules. */
  readonly hash: string;
  /** How many rules there are. */
  readonly count: number;
}

/** What the first line of a pack holds. Those behind it are a `PackedRule` each, so that one can be read alone. */
export interface PackHead {
  /** Sets of bytes in hexadecimal, one bit a byte. */
  readonly sets: readonly string[];
}

/** The texts: lines of JSON. */
export interface PackedShelf {
  readonly label: string;
  /** ASCII alone, which is read twice as fast. */
  readonly pack: string;
  readonly notes: string;
  /** One line: the key `verify` of each rule that has one, by id. */
  readonly questions: string;
  /** One line: the digest of each rule, by id. */
  readonly digests: string;
}

/**
 * The pack of all rules in the folder `dir`, its label, and their notes.
 *
 * @throws LeaksweepError `rule.invalid` at the first rule that cannot be loaded or is not linear.
 */
export function packRules(dir: string): PackedShelf {
  const shelf = readShelf(readRuleFiles(dir));
  settle(shelf.map(({ rule }) => rule));
  // Found out once: it is what takes long.
  const known = shelf.map(({ rule, samples }) => ({
    rule: { ...rule, facts: factsOf(rule, { trusted: true }) },
    samples,
  }));
  const sources = known.map(({ rule }) => rule);
  const sets = new Sets();
  const notes: RuleNotes[] = [];
  const rules = known.map(({ rule, samples }): PackedRule => {
    const { pattern, samples: _samples, references, revoke, at, facts: found, verify: _verify, ...rest } = rule;
    const { gate, printed, steps: _steps, ...facts } = found;
    notes.push({ pattern, printed, samples, references, revoke, at });
    return { ...rest, facts: { ...facts, ...(gate && { gate: sets.gate(gate) }) } };
  });
  const ready = readyRulepack(sources);
  const label: PackLabel = { hash: ready.hash, count: rules.length };
  const head: PackHead = { sets: sets.all };
  const asked = sources.flatMap(({ id, verify }) => (verify === undefined ? [] : [[id, verify] as const]));
  const questions = linesOf([Object.fromEntries(asked)]);
  const digests = linesOf([Object.fromEntries(ready.rules.map((rule) => [rule.id, ruleDigest(rule)]))]);
  return { label: linesOf([label]), pack: ascii(linesOf([head, ...rules])), notes: linesOf(notes), questions, digests };
}

const linesOf = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join("\n");

const ascii = (json: string): string =>
  json.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Collects sets of bytes, each once. */
class Sets {
  readonly #numbers = new Map<string, number>();

  get all(): string[] {
    return [...this.#numbers.keys()];
  }

  gate({ prior, skip, need, max, run }: Gate): PackedGate {
    return {
      ...(prior && { prior: this.#number(prior) }),
      skip: this.#number(skip),
      need: this.#number(need),
      max,
      ...(run && { run: { ...run, set: this.#number(run.set) } }),
    };
  }

  #number(set: Uint8Array): number {
    const hex = hexOf(set);
    const number = this.#numbers.get(hex) ?? this.#numbers.size;
    this.#numbers.set(hex, number);
    return number;
  }
}

function hexOf(set: Uint8Array): string {
  const bits = Buffer.alloc(32);
  for (const [byte, bit] of set.entries()) bits[byte >> 3] = (bits[byte >> 3] ?? 0) | (bit << (byte & 7));
  return bits.toString("hex");
}
