/**
 * Runs the detector on a corpus and counts.
 *
 * The corpus holds one secret in up to 26 spellings, so counting rows would measure how often a peer repeats itself.
 * Figures are therefore averages over *groups*: the cases of one rule of one source. Each group has the same weight.
 */

import type { Secret } from "../../src/bytes/secret.ts";
import { judge } from "../../src/detect/judge.ts";
import type { EngineOptions } from "../../src/detect/match.ts";
import type { Confidence, Engine } from "../../src/terms.ts";
import { bytesOf, type Case, type Scope, wantedOf } from "./corpus.ts";

/** A match of ours, at the case's path. The secret is corpus text and no `Secret`: tables must redact it. */
export interface Found {
  readonly rule: string;
  /** By a rule for any provider. */
  readonly generic: boolean;
  readonly confidence: Confidence;
  readonly secret: string;
  readonly redacted: string;
}

/** What became of one case. */
export interface Outcome {
  readonly case: Case;
  readonly found: readonly Found[];
  /** The surest of those that are exactly what was wanted. For a case without a stated secret, of all. */
  readonly hit: Found | undefined;
  /** The surest of those that hold what was wanted, or a piece of it, and are not exactly that. */
  readonly near: Found | undefined;
  /** Why the candidate that came nearest was dropped; absent when there was none, or a hit. */
  readonly dropped: string | undefined;
}

/** A candidate that came to nothing. Spans count from the first byte of the text. */
type Drop = Parameters<NonNullable<EngineOptions["onDrop"]>>;

/** Makes an engine that reports what it drops. */
export type MakeEngine = (options: EngineOptions) => Engine;

/** The outcome of each case, in order. */
export function runCases(cases: readonly Case[], makeEngine: MakeEngine): readonly Outcome[] {
  const drops: Drop[] = [];
  const engine = makeEngine({ onDrop: (...drop) => void drops.push(drop) });
  return cases.map((each) => {
    drops.length = 0;
    return outcomeOf(each, engine, drops);
  });
}

function outcomeOf(each: Case, engine: Engine, drops: readonly Drop[]): Outcome {
  const bytes = bytesOf(each);
  const matches = engine.match({ bytes, offset: 0, line: 1, column: 1 });
  const found: Found[] = [];
  const objections: string[] = [];
  for (const match of matches) {
    const { kept, objection, confidence } = judge(match, { where: "content", path: each.path });
    if (!kept) objections.push(`${match.rule.id} ${objection ?? "is dropped"}`);
    if (!kept) continue;
    found.push({ ...named(match.rule.id, match.secret), generic: match.rule.generic, confidence });
    for (const part of match.components) found.push({ ...named(part.rule, part.secret), generic: false, confidence });
  }
  const wanted = wantedOf(each);
  const hit = surest(wanted.length === 0 ? found : found.filter(({ secret }) => wanted.includes(secret.trim())));
  const near = surest(
    found.filter(({ secret }) => wanted.some((text) => text.includes(secret) || secret.includes(text))),
  );
  const dropped = hit === undefined ? (objections[0] ?? nearestDrop(bytes, wanted, drops)) : undefined;
  return { case: each, found, hit, near: hit === undefined ? near : undefined, dropped };
}

const named = (rule: string, secret: Secret): Pick<Found, "rule" | "secret" | "redacted"> => ({
  rule,
  secret: Buffer.from(secret.reveal()).toString(),
  redacted: secret.redacted,
});

const rank: Readonly<Record<Confidence, number>> = { high: 2, medium: 1, low: 0 };

/** True when a finding is shown without asking for more. */
export const byDefault = (found: Found | undefined): boolean => found !== undefined && rank[found.confidence] >= 1;

const surest = (found: readonly Found[]): Found | undefined =>
  [...found].sort((a, b) => rank[b.confidence] - rank[a.confidence])[0];

/** The objection to the candidate that begins nearest to where the secret stands. */
function nearestDrop(bytes: Uint8Array, wanted: readonly string[], drops: readonly Drop[]): string | undefined {
  const at = wanted[0] === undefined ? 0 : Buffer.from(bytes).indexOf(wanted[0]);
  const away = ([{ start, end }]: Drop): number => Math.max(0, start - at, at - end);
  const [nearest] = [...drops].sort((a, b) => away(a) - away(b));
  return nearest === undefined ? undefined : `${nearest[0].rule.id} ${nearest[1]}`;
}

/** Figures over some outcomes; all but the counts are between 0 and 1, and NaN where there is nothing to divide by. */
export interface Figures {
  readonly groups: number;
  readonly cases: number;
  /** Mean over groups of the share of positives that are hit, at any confidence and at the default one. */
  readonly recallAll: number;
  readonly recall: number;
  /** Mean over groups of the share that is found, at any confidence, with more or less than the secret. */
  readonly near: number;
  /** Groups' worth of hits, by those plus groups' worth of false hits; both at the default confidence. */
  readonly precision: number;
  /** Harmonic mean of `recall` and `precision`. */
  readonly f1: number;
}

/** Figures over secrets proper (positives without `tier`) and negatives of every scope. */
export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const proper = outcomes.filter(({ case: { label, tier } }) => label === "positive" && tier === undefined);
  const groups = groupsOf(proper);
  const recall = mean(groups.map((group) => share(group, ({ hit }) => byDefault(hit))));
  const hits = recall * groups.length;
  const negatives = groupsOf(outcomes.filter(({ case: { label } }) => label === "negative"));
  const falseHits = negatives.reduce((sum, group) => sum + share(group, isFalseHit), 0);
  const precision = hits / (hits + falseHits);
  return {
    groups: groups.length,
    cases: proper.length,
    recallAll: mean(groups.map((group) => share(group, ({ hit }) => hit !== undefined))),
    recall,
    near: mean(groups.map((group) => share(group, ({ near }) => near !== undefined))),
    precision,
    f1: (2 * precision * recall) / (precision + recall),
  };
}

/** Whether anything at all is shown by default for a case in which nothing should be. */
export const isFalseHit = ({ found }: Outcome): boolean => found.some(byDefault);

/** False hits at default, by scope: how many, of how many. */
export function falseHitsOf(
  outcomes: readonly Outcome[],
): Readonly<Record<Scope, { readonly hits: number; readonly cases: number }>> {
  const of = (scope: Scope) => {
    const some = outcomes.filter(({ case: { label, neg_scope } }) => label === "negative" && neg_scope === scope);
    return { hits: some.filter(isFalseHit).length, cases: some.length };
  };
  return { any: of("any"), rule: of("rule"), checksum: of("checksum") };
}

/** The outcomes of each (source, rule), in order of first appearance. */
export const groupsOf = (outcomes: readonly Outcome[]): readonly (readonly Outcome[])[] => [
  ...groupBy(outcomes, ({ case: { source, rule } }) => `${source}\n${rule}`).values(),
];

/** Outcomes by what `key` says of them, in order of first appearance. */
export function groupBy(
  outcomes: readonly Outcome[],
  key: (outcome: Outcome) => string,
): ReadonlyMap<string, readonly Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const group = groups.get(key(outcome));
    if (group === undefined) groups.set(key(outcome), [outcome]);
    else group.push(outcome);
  }
  return groups;
}

const share = (outcomes: readonly Outcome[], holds: (outcome: Outcome) => boolean): number =>
  outcomes.filter(holds).length / outcomes.length;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
