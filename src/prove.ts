/**
 * Proves that rules do what they say: their samples go through the whole detector, as files would, beside all other
 * rules, and each pattern is shown to need linear time. `leaksweep rules check` prints what comes out; for the
 * built-in shelf it is a test.
 */

import type { Candidate } from "./detect/candidate.ts";
import { checksums } from "./detect/checksum/shelf.ts";
import { plainEngine } from "./detect/engine/plain.ts";
import { judge } from "./detect/judge.ts";
import type { EngineOptions } from "./detect/match.ts";
import { LeaksweepError } from "./errors.ts";
import { isAtLeast } from "./levels.ts";
import { joinRulepacks } from "./rules/compiled.ts";
import type { RuleSource } from "./rules/load.ts";
import { proveLinear } from "./rules/pattern/linear.ts";
import { parsePattern } from "./rules/pattern/parse.ts";
import { compileRulepack } from "./rules/rulepack.ts";
import { type Sample, type Samples, samplesOf } from "./rules/samples/samples.ts";
import { idsOf, quarrelOf } from "./rules/selection.ts";
import type { Confidence, Engine, Match, Rulepack } from "./terms.ts";

/** What came out for one rule. */
export interface Proof {
  readonly rule: string;
  /** Made from a row. */
  readonly context?: boolean;
  /** `file:line:column` of the rule. */
  readonly at: string;
  /** Most steps from one start in a text, where the pattern is proved linear for V8. Others run on re2js. */
  readonly steps?: number;
  /** Everything that is wrong with it, as sentences. Empty: proved. */
  readonly faults: readonly string[];
}

export interface ProveOptions {
  /** True for the built-in shelf. See `compileRulepack`. */
  readonly trusted: boolean;
  /** Built-in rules that the proved ones live with: their `near` partners, and rivals for the same bytes. */
  readonly beside?: readonly RuleSource[];
  /** The engine to prove them on. */
  readonly engineOf?: (rulepack: Rulepack, options: EngineOptions) => Engine;
}

/**
 * One proof a rule, in the order of `sources`. A rule that cannot be compiled has that as its only fault, and the
 * others are proved without it.
 */
export function prove(
  sources: readonly RuleSource[],
  { trusted, beside = [], engineOf = plainEngine }: ProveOptions,
): readonly Proof[] {
  const ids = idsOf([...beside, ...sources]);
  const trials = new Map(sources.map((source) => [source, trialOf(source, { ids, trusted })]));
  const sound = sources.filter((source) => trials.get(source)?.fault === undefined);
  const rulepack = joinRulepacks(compileRulepack(beside, { trusted: true }), compileRulepack(sound, { trusted }));
  const detector = detectorOf(rulepack, engineOf);
  // A component is no finding of its own, but it must be found all the same.
  const outspoken = detectorOf(
    { ...rulepack, rules: rulepack.rules.map((rule) => ({ ...rule, component: false })) },
    engineOf,
  );
  return sources.map((source) => {
    const { id, at, component, context } = source;
    const { fault, steps: known } = trials.get(source) ?? {};
    const entry = { rule: id, at, ...(context && { context }) };
    if (fault !== undefined) return { ...entry, faults: [fault] };
    const steps = known ?? stepsOf(source);
    const faults = faultsOf(source, samplesOf(source, ids), component ? outspoken : detector);
    return { ...entry, faults, ...(steps !== undefined && { steps }) };
  });
}

interface Surroundings {
  readonly ids: ReadonlyMap<string, RuleSource>;
  readonly trusted: boolean;
}

function stepsOf({ pattern }: RuleSource): number | undefined {
  const proof = proveLinear(parsePattern(pattern));
  return proof.linear ? proof.steps : undefined;
}

/** Why a rule cannot be compiled, and the fix; or the steps that it needs, where they had to be known for that. */
interface Trial {
  readonly fault?: string;
  readonly steps?: number | undefined;
}

function trialOf(source: RuleSource, { ids, trusted }: Surroundings): Trial {
  const { checksum } = source;
  if (checksum !== undefined && !checksums.has(checksum)) {
    return { fault: `there is no checksum "${checksum}"; known are ${[...checksums.keys()].sort().join(", ")}` };
  }
  try {
    const quarrel = quarrelOf(source, ids);
    if (quarrel !== undefined) throw quarrel;
    const [rule] = compileRulepack([source], { trusted, afresh: true }).rules;
    return { steps: rule?.pattern.steps };
  } catch (error) {
    if (!(error instanceof LeaksweepError)) throw error;
    const start = `Cannot load rule "${source.id}": `;
    return { fault: `${error.message.slice(error.message.indexOf(start) + start.length)}. ${error.hint}` };
  }
}

/** What the detector makes of a text: its matches, and for each rule why it has none. */
interface Seen {
  readonly matches: readonly Match[];
  readonly dropped: ReadonlyMap<string, string>;
}

type Detector = (bytes: Uint8Array) => Seen;

function detectorOf(rulepack: Rulepack, engineOf: NonNullable<ProveOptions["engineOf"]>): Detector {
  const dropped = new Map<string, string>();
  const onDrop = ({ rule }: Candidate, objection: string): void => void dropped.set(rule.id, objection);
  const engine = engineOf(rulepack, { onDrop });
  return (bytes) => {
    dropped.clear();
    const matches = engine.match({ bytes, offset: 0, line: 1, column: 1 });
    return { matches, dropped: new Map(dropped) };
  };
}

function faultsOf(source: RuleSource, { leak, clean }: Samples, detector: Detector): readonly string[] {
  const missed = leak.map((sample, index) => [`leak sample ${index + 1}`, missedBy(source, sample, detector)] as const);
  const wrong = clean.map((sample, index) => [`clean sample ${index + 1}`, wrongIn(source, sample, detector)] as const);
  return [...missed, ...wrong].flatMap(([name, fault]) => (fault === undefined ? [] : [`${name} ${fault}`]));
}

interface Content {
  readonly bytes: Uint8Array;
  readonly secret?: string | undefined;
  readonly path: string;
  readonly confidence: Confidence;
}

function contentOf(sample: Sample): Content {
  if (typeof sample === "string") return { bytes: Buffer.from(sample), path: "", confidence: "medium" };
  const { path = "" } = sample;
  if ("base64" in sample) return { bytes: Buffer.from(sample.base64, "base64"), path, confidence: "medium" };
  const { text, secret, confidence = "medium" } = sample;
  return { bytes: Buffer.from(text), secret, path, confidence };
}

function missedBy({ id, context, near, samples }: RuleSource, sample: Sample, detector: Detector): string | undefined {
  const { bytes, secret, path, confidence } = contentOf(sample);
  const { matches, dropped } = detector(bytes);
  // A row is there for the keys that its provider's own rules leave over.
  const provider = id.slice(0, id.indexOf("."));
  const own = matches.filter(({ rule }) => rule.id === id || (context && rule.provider === provider));
  // A rule that was imported may be one more for what a rule of ours finds, and ours claims it.
  if (own.length === 0 && samples.imported && matches.some(({ rule }) => rule.id !== near?.rule)) return undefined;
  if (own.length === 0) {
    const others = [...new Set(matches.map(({ rule }) => rule.id))].join(", ");
    const reason = dropped.get(id) ?? "its pattern matches nowhere";
    return `is not found: ${reason}${others === "" ? "" : ` (found: ${others})`}`;
  }
  const right = own.filter((match) => secret === undefined || textOf(match) === secret);
  if (right.length === 0) return `gives another secret: ${own.map(({ secret }) => String(secret)).join(", ")}`;
  const judged = right.map((match) => judge(match, { where: "content", path }));
  const kept = judged.filter((judgement) => judgement.kept);
  if (kept.length === 0) return `is dropped at path "${path}": ${judged[0]?.objection ?? "nobody says why"}`;
  if (kept.some((judgement) => isAtLeast(judgement.confidence, confidence))) return undefined;
  const reasons = kept[0]?.reasons.map(({ name }) => name).join(", ");
  return `is found with ${kept[0]?.confidence} confidence, not ${confidence} (${reasons || "no reasons"})`;
}

/** A finding below medium is not shown by default, so that it does a clean sample no harm. */
function wrongIn({ id }: RuleSource, sample: Sample, detector: Detector): string | undefined {
  const { bytes, path } = contentOf(sample);
  for (const match of detector(bytes).matches) {
    if (match.rule.id !== id) continue;
    const { kept, confidence } = judge(match, { where: "content", path });
    if (kept && isAtLeast(confidence, "medium")) return `is found with ${confidence} confidence`;
  }
  return undefined;
}

const textOf = ({ secret }: Match): string => Buffer.from(secret.reveal()).toString("utf8");
