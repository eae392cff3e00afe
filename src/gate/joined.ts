/** One result of the parts of a push, and one plan that says what of it counts. */
import type { Plan } from "../config/plan.ts";
import { isAtLeast } from "../levels.ts";
import type { Confidence, Finding, Occurrence, Result } from "../terms.ts";
import { compareFindings, compareOccurrences } from "../triage/order.ts";

/** All that the results say. A secret that is new in any of them is new, with the places of those in which it is. */
export function joined(results: readonly Result[]): Result {
  const [first] = results;
  if (first === undefined) throw new Error("A push without a part was judged");
  return {
    ...first,
    complete: results.every(({ complete }) => complete),
    tally: results.map(({ tally }) => tally).reduce(sum),
    skips: distinct(results.flatMap(({ skips }) => skips)),
    findings: together(results.flatMap(({ findings }) => findings)),
  };
}

function together(findings: readonly Finding[]): Finding[] {
  const byName = new Map<string, Finding>();
  for (const finding of findings) {
    const other = byName.get(finding.fingerprint);
    byName.set(finding.fingerprint, other === undefined ? finding : both(other, finding));
  }
  return [...byName.values()].sort(compareFindings);
}

function both(one: Finding, other: Finding): Finding {
  if (one.verdict !== other.verdict) return other.verdict === "new" ? other : one;
  const occurrences: Occurrence[] = distinct([...one.occurrences, ...other.occurrences]);
  return { ...one, occurrences: occurrences.sort(compareOccurrences) };
}

/** Values that are the same all through stand once. */
const distinct = <Value>(values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

/** What lies in two parts was read twice. */
const sum = (one: Result["tally"], other: Result["tally"]): Result["tally"] => ({
  commits: one.commits + other.commits,
  blobs: one.blobs + other.blobs,
  files: one.files + other.files,
  texts: one.texts + other.texts,
  bytes: one.bytes + other.bytes,
  skipped: one.skipped + other.skipped,
  seconds: one.seconds + other.seconds,
});

/** The plan of the first, by which whatever counts in any of them counts. */
export function strictest(plans: readonly [Plan, ...Plan[]]): Plan {
  const [first] = plans;
  const least = (one: Confidence, other: Confidence): Confidence => (isAtLeast(one, other) ? other : one);
  return {
    ...first,
    minConfidence: plans.map(({ minConfidence }) => minConfidence).reduce(least),
    failOn: plans.map(({ failOn }) => failOn).reduce(least),
    failExposure: plans.some(({ failExposure }) => failExposure),
    exitCode: plans.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? first.exitCode,
  };
}
