/** From traces to findings: one secret is one finding, however many sources and places it was seen in. */

import { groupBy } from "../bytes/group.ts";
import { isAtLeast } from "../levels.ts";
import type {
  Allowance,
  Placed as Asked,
  Component,
  Confidence,
  Finding,
  Mark,
  Occurrence,
  Permit,
  Run,
  Trace,
  Version,
} from "../terms.ts";
import type { Claim, Claims } from "./claims.ts";
import { earliest } from "./earliest.ts";
import { exposureFingerprint, fingerprints, settingOf } from "./fingerprint.ts";
import { compareFindings, compareOccurrences } from "./order.ts";
import { type Acceptances, verdict } from "./verdict.ts";

/** What one source said, and the claims its runs speak of. */
export interface Traces {
  readonly marks: ReadonlyMap<Mark, Trace>;
  readonly claims: Claims;
  /** Makes a page address, on a known forge, of an occurrence whose path counts from the repository's own root. */
  readonly link?: (occurrence: Occurrence) => string | null;
}

/** What was accepted, and by whom it may have been. */
export interface Weighing extends Acceptances {
  /** Whether `leaksweep:allow` comments count: in a stranger's files they don't. */
  readonly comments: boolean;
  /** What files of other scanners allow. */
  readonly permits: readonly Permit[];
  /** Those below are left out. Absent: none is. */
  readonly least?: Confidence;
}

interface Seen {
  readonly trace: Trace;
  readonly from: Traces;
  readonly mark: Mark;
}

/** All findings, in the order of reports. */
export async function findings(all: readonly Traces[], weighing: Weighing): Promise<Finding[]> {
  const seen = all.flatMap((from) => [...from.marks].map(([mark, trace]) => ({ mark, trace, from })));
  const drafts = [...groupBy(seen, ({ mark }) => mark).values()]
    .flatMap((seen) => draft(seen) ?? [])
    .filter(({ best }) => isAtLeast(best.judgement.confidence, weighing.least ?? "low"));
  const secrets = drafts.filter(({ best }) => best.match.rule.kind === "secret");
  const names = await fingerprints(secrets.map(({ best }) => best.match.secret));
  const nameOf = new Map(secrets.map((one, index) => [one, names[index] ?? ""]));
  return drafts.map((one) => finish(one, nameOf.get(one), weighing)).sort(compareFindings);
}

interface Placed {
  readonly occurrence: Occurrence;
  readonly claim: Claim;
}

interface Draft {
  readonly best: Claim;
  readonly placed: readonly Placed[];
  readonly traces: readonly Trace[];
}

function draft(seen: readonly Seen[]): Draft | undefined {
  const placed = seen.flatMap((one) => one.trace.runs.flatMap((run) => place(one, run) ?? []));
  const [first, ...rest] = placed.map(({ claim }) => claim);
  if (!first) return undefined;
  const best = rest.reduce((one, other) => (outranks(other, one) ? other : one), first);
  placed.sort((one, other) => compareOccurrences(one.occurrence, other.occurrence));
  return { best, placed, traces: seen.map(({ trace }) => trace) };
}

/** A specific rule names a secret better than a generic one; then the surer claim does. */
function outranks(one: Claim, other: Claim): boolean {
  if (one.match.rule.generic !== other.match.rule.generic) return other.match.rule.generic;
  return one.judgement.score > other.judgement.score;
}

function place({ mark, from }: Seen, run: Run): Placed | undefined {
  const { first, last, where, path, versions, status } = run;
  const claim = from.claims.claim(mark, last.content, run);
  if (!claim) return undefined;
  const { at, decoded, member } = claim.match;
  const version = ({ commit, blob }: Version) => ({ commit: commit ?? null, blob: blob ?? null });
  const occurrence: Occurrence = {
    path,
    where,
    first: version(first),
    last: version(last),
    versions,
    ...version(last),
    status,
    ...at,
    decoded,
    member: member ?? null,
    url: null,
  };
  const url = from.link?.(occurrence) ?? null;
  return { occurrence: { ...occurrence, path: from.claims.pathOf(run), url }, claim };
}

function finish({ best, placed, traces }: Draft, name: string | undefined, weighing: Weighing): Finding {
  const { match, judgement } = best;
  const { rule, secret } = match;
  const occurrences = placed.map(({ occurrence }) => occurrence);
  const path = occurrences[0]?.path ?? "";
  const setting = settingOf(secret);
  const fingerprint = name ?? exposureFingerprint({ rule: rule.id, path, setting });
  const judged = placed.map(({ occurrence, claim }) => {
    const { allowance } = claim;
    const permit = permitted(occurrence, claim, weighing.permits);
    return {
      status: occurrence.status,
      ...(weighing.comments && allowance && { allowance }),
      ...(permit && { permit }),
    };
  });
  const { verdict: word, reason } = verdict({ fingerprint, rule: rule.id, occurrences: judged }, weighing);
  const [main] = [...traces].sort((a, b) => rank[a.status] - rank[b.status]);
  const status = main?.status ?? "present";
  const introduced = earliest(traces.flatMap((trace) => trace.introduced ?? []));
  const removed = earliest(
    traces.flatMap((trace) => trace.removed ?? []),
    -1,
  );
  return {
    fingerprint,
    rule,
    ...(rule.kind === "secret" && { secret }),
    confidence: judgement.confidence,
    score: judgement.score,
    reasons: judgement.reasons,
    verdict: word,
    ...(reason !== undefined && { verdictReason: reason }),
    status,
    liveness: "unchecked",
    facts: rule.kind === "exposure" ? { ...match.facts, setting } : match.facts,
    ...(introduced && { introduced }),
    ...(removed && (status === "removed" || status === "unreachable") && { removed }),
    refs: main?.refs ?? [],
    components: componentsOf([best, ...placed.map(({ claim }) => claim)]),
    occurrences,
  };
}

/** All that was found beside a secret, at any of its places; each once. */
function componentsOf(claims: readonly Claim[]): Component[] {
  const all = claims.flatMap(({ match }) => match.components);
  const key = ({ rule, secret }: Component): string => `${rule} ${Buffer.from(secret.reveal()).toString("latin1")}`;
  return [...new Map(all.map((component) => [key(component), component])).values()];
}

/** What allows an occurrence, when each copy of the secret in it is allowed. */
function permitted(
  { path, where, first }: Occurrence,
  { copies }: Claim,
  permits: readonly Permit[],
): Allowance | undefined {
  const at = { path, where, ...(first.commit !== null && { commit: first.commit }) };
  const answers = copies.map((match) => firstAnswer(permits, { ...at, match }));
  return answers.every((answer) => answer !== undefined) ? answers[0] : undefined;
}

function firstAnswer(permits: readonly Permit[], placed: Asked): Allowance | undefined {
  for (const permit of permits) {
    const answer = permit(placed);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

const rank = { present: 0, uncommitted: 1, removed: 2, unreachable: 3 } as const;
