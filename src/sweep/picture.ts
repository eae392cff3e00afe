/**
 * What the store knows, as the rest of leaksweep tells it: one secret is one finding, with all its places in all
 * repositories. A sweep is a target whose folders are the repositories, so a path begins with the repository's name.
 */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { pathMatcher } from "../bytes/glob.ts";
import { groupBy } from "../bytes/group.ts";
import { Secret } from "../bytes/secret.ts";
import { ruleOnPaper } from "../config/result-file.ts";
import type { Confidence, Facts, Finding, Occurrence, Result, Rule, Severity, Status, Verdict } from "../terms.ts";
import { earliest } from "../triage/earliest.ts";
import { compareFindings, compareOccurrences } from "../triage/order.ts";
import { statusRank } from "./notes.ts";
import { skipsOf } from "./skips.ts";
import { newestSweep } from "./status.ts";
import { findings, places, sweeps, targets, visits } from "./store/schema.ts";
import { rowsOf, type Store } from "./store/store.ts";

/** Which findings, and which of their places, are wanted. Absent: all. */
export interface Wanted {
  /** Only places in targets of this sweep. */
  readonly sweep?: number;
  readonly provider?: string;
  readonly rule?: string;
  /** Globs over `owner/name`. */
  readonly repository?: string;
  readonly owner?: string;
  readonly status?: Status;
  readonly severity?: Severity;
  readonly confidence?: readonly Confidence[];
  readonly verdict?: Verdict;
  /** Out in the open before this day. */
  readonly before?: Date;
  readonly after?: Date;
  /** Only what the newest sweep was the first to see. */
  readonly fresh?: boolean;
}

type FindingRow = typeof findings.$inferSelect;
type PlaceRow = typeof places.$inferSelect;
type TargetRow = typeof targets.$inferSelect;

/** A finding in a target, as it was last told. */
export interface Sight {
  readonly place: PlaceRow;
  readonly target: TargetRow;
}

/** A finding with every place it has in the store. */
export interface Known {
  readonly finding: FindingRow;
  readonly sights: readonly Sight[];
}

/** Findings of a store, in the order of reports. */
export async function knownFindings(store: Store, wanted: Wanted = {}): Promise<Known[]> {
  const rows = await store.db
    .select()
    .from(places)
    .innerJoin(findings, eq(findings.fingerprint, places.fingerprint))
    .innerJoin(targets, eq(targets.id, places.targetId))
    .where(await conditions(store, wanted));
  const named = wanted.repository === undefined ? () => true : pathMatcher([wanted.repository]);
  const chosen = rows.filter(({ place, target }) => named(repositoryOf(target)) && isOfAge(place, wanted));
  const known = [...groupBy(chosen, ({ finding }) => finding.fingerprint).values()].flatMap((group) => {
    const sights = group.map(({ place, target }) => ({ place, target })).sort(bySight);
    return group[0] === undefined ? [] : [{ finding: group[0].finding, sights }];
  });
  return known.sort((one, other) => compareFindings(findingOf(one), findingOf(other)));
}

async function conditions(store: Store, wanted: Wanted): Promise<SQL | undefined> {
  const { sweep, provider, rule, owner, status, severity, confidence, verdict, fresh } = wanted;
  const mine = (id: number) => store.db.select({ id: visits.targetId }).from(visits).where(eq(visits.sweepId, id));
  const newest = fresh ? await newestSweep(store) : undefined;
  return and(
    sweep === undefined ? undefined : inArray(places.targetId, mine(sweep)),
    provider === undefined ? undefined : eq(findings.provider, provider),
    rule === undefined ? undefined : eq(findings.rule, rule),
    owner === undefined ? undefined : sql`lower(${targets.owner}) = ${owner.toLowerCase()}`,
    status === undefined ? undefined : eq(places.status, status),
    severity === undefined ? undefined : eq(findings.severity, severity),
    confidence === undefined ? undefined : inArray(findings.confidence, [...confidence]),
    verdict === undefined ? undefined : eq(places.verdict, verdict),
    fresh ? eq(findings.firstSweep, newest?.id ?? -1) : undefined,
  );
}

/** When a place came into the open: by its commit's or text's date, else when a sweep first saw it. */
const since = ({ introduced, firstSeen }: PlaceRow): Date => (introduced ? new Date(introduced.date) : firstSeen);

const isOfAge = (place: PlaceRow, { before, after }: Wanted): boolean =>
  (before === undefined || since(place) < before) && (after === undefined || since(place) >= after);

/** `owner/name` of the repository that a target is, or belongs to. */
export const repositoryOf = ({ name }: Pick<TargetRow, "name">): string => name.split("#")[0] ?? name;

const bySight = (one: Sight, other: Sight): number =>
  since(one.place).getTime() - since(other.place).getTime() || (one.target.name < other.target.name ? -1 : 1);

const weight: Readonly<Record<Verdict, number>> = { new: 0, known: 1, allowed: 2 };

/** A finding of the store as a finding for reports. Its secret is the redacted form and has no bytes. */
function findingOf({ finding, sights }: Known): Finding {
  const ranked = [...sights].sort((one, other) => statusRank[one.place.status] - statusRank[other.place.status]);
  const [main] = ranked;
  const [verdict] = sights.map(({ place }) => place.verdict).sort((one, other) => weight[one] - weight[other]);
  const reason = sights.find(({ place }) => place.verdict === verdict)?.place.verdictReason ?? undefined;
  const introduced = earliest(sights.flatMap(({ place }) => place.introduced ?? []));
  const removed = earliest(
    sights.flatMap(({ place }) => place.removed ?? []),
    -1,
  );
  const status = main?.place.status ?? "present";
  return {
    fingerprint: finding.fingerprint,
    rule: ruleOf(finding),
    ...(finding.secret !== null && { secret: Secret.known(finding.secret) }),
    confidence: finding.confidence,
    score: finding.score,
    reasons: [],
    verdict: verdict ?? "new",
    ...(reason !== undefined && { verdictReason: reason }),
    status,
    liveness: "unchecked",
    facts: { ...finding.facts, ...whereabouts(sights) },
    ...(introduced && { introduced }),
    ...(removed && (status === "removed" || status === "unreachable") && { removed }),
    refs: main?.place.refs ?? [],
    components: finding.components.map(({ rule, secret }) => ({ rule, secret: Secret.known(secret) })),
    occurrences: sights.flatMap(occurrencesOf).sort(compareOccurrences),
  };
}

function whereabouts(sights: readonly Sight[]): Facts {
  const further = sights.reduce((sum, { place }) => sum + place.further, 0);
  const seen = Math.max(...sights.map(({ place }) => place.lastSeen.getTime()));
  return {
    repositories: new Set(sights.map(({ target }) => repositoryOf(target))).size,
    owners: [...new Set(sights.map(({ target }) => target.owner))].sort().join(", "),
    lastSeen: new Date(seen).toISOString().slice(0, 10),
    ...(further > 0 && { furtherPlaces: further }),
  };
}

const occurrencesOf = ({ place, target }: Sight): Occurrence[] =>
  place.occurrences.map((occurrence) => ({
    ...occurrence,
    path: `${target.name.replace("#", "/")}/${occurrence.path}`,
  }));

/** What the store knows of a rule; it may be one that no rulepack has any more. */
const ruleOf = ({ generic, revoke, ...row }: FindingRow): Rule => ({
  ...ruleOnPaper(row),
  generic,
  ...(revoke && { revoke }),
});

/** One sweep as the result of a scan, for any reporter: its findings, what it covered and what it could not read. */
export async function resultOf(store: Store, sweep: number, name: string): Promise<Result> {
  const [row] = await store.db.select().from(sweeps).where(eq(sweeps.id, sweep));
  if (!row) throw new Error(`The store has no sweep ${sweep}`);
  const known = await knownFindings(store, { sweep });
  const skips = await skipsOf(store, sweep);
  const { bytes, targets: read } = await covered(store, sweep);
  const end = row.finished ?? new Date();
  return {
    target: { kind: "sweep", path: name, url: null, range: null },
    rules: row.rules,
    complete: !skips.some(({ skip }) => skip.by === "fault"),
    tally: {
      commits: 0,
      blobs: 0,
      files: read,
      texts: 0,
      bytes,
      skipped: skips.reduce((sum, { all }) => sum + all, 0),
      seconds: (end.getTime() - row.started.getTime()) / 1000,
    },
    skips: skips.map(({ skip }) => skip),
    findings: known.map(findingOf),
  };
}

async function covered({ db }: Store, sweep: number): Promise<{ bytes: number; targets: number }> {
  const [row] = await rowsOf<{ bytes: string | null; targets: number }>(
    db,
    sql`SELECT sum(bytes) AS bytes, count(*) FILTER (WHERE state IN ('read', 'unchanged', 'incomplete'))::int AS targets
        FROM leaksweep.visit WHERE sweep_id = ${sweep}`,
  );
  return { bytes: Number(row?.bytes ?? 0), targets: row?.targets ?? 0 };
}
