/** How a sweep stands: counts, pace, what is left, what went wrong. Read from the store alone. */
import { and, count, desc, eq, inArray, max, notInArray, sql } from "drizzle-orm";
import { scopeName } from "./scope.ts";
import { credentials, listings, sweeps, targets, type VisitState, visits, workers } from "./store/schema.ts";
import { rowsOf, type Store } from "./store/store.ts";

export interface SweepStatus {
  readonly sweep: number;
  readonly scope: string;
  readonly state: string;
  readonly started: string;
  readonly finished: string | null;
  /** Targets, however far they are. */
  readonly total: number;
  /** Targets that are over with: read, unchanged, left out or failed. */
  readonly done: number;
  readonly visits: Readonly<Partial<Record<VisitState, number>>>;
  readonly queue: { readonly waiting: number; readonly later: number; readonly active: number };
  /** Findings with a place in a target of this sweep, those that are known or allowed left out; and those first seen in it. */
  readonly findings: number;
  readonly fresh: number;
  /** Targets a minute, over the last five minutes of work. */
  readonly perMinute: number;
  /** Seconds left at that pace; null where there is none. */
  readonly secondsLeft: number | null;
  readonly limits: readonly {
    readonly credential: string;
    readonly remaining: number | null;
    readonly limit: number | null;
    readonly pausedUntil: string | null;
  }[];
  readonly workers: readonly {
    readonly host: string;
    readonly pid: number;
    readonly doing: readonly string[];
    readonly seen: string;
  }[];
  /** Names of the targets that are being read. */
  readonly reading: readonly string[];
  /** What was not read, or not all of it: the first 1,000. */
  readonly failures: readonly Failure[];
  /** How many of these there are beyond those. */
  readonly furtherFailures: number;
}

export interface Failure {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
}

type SweepRow = typeof sweeps.$inferSelect;

/** The latest sweeps, newest first: those under way, or the last one. */
export async function sweepRows({ db }: Store): Promise<SweepRow[]> {
  const latest = await db.select().from(sweeps).where(isSweep).orderBy(desc(sweeps.id)).limit(20);
  const open = latest.filter(({ state }) => state !== "finished");
  return open.length > 0 ? open : latest.slice(0, 1);
}

/** What was not given up, and not only priced. */
const isSweep = notInArray(sweeps.state, ["abandoned", "trial"]);

export interface NewestSweep {
  /** Its number; 0 where there is none. */
  readonly id: number;
  readonly isFirst: boolean;
}

/** The newest sweep of a store. */
export async function newestSweep({ db }: Store): Promise<NewestSweep> {
  const [row] = await db
    .select({ id: max(sweeps.id), all: count() })
    .from(sweeps)
    .where(isSweep);
  return { id: row?.id ?? 0, isFirst: (row?.all ?? 0) < 2 };
}

/** One sweep by its number. */
export async function sweepRow({ db }: Store, id: number): Promise<SweepRow | undefined> {
  const [row] = await db.select().from(sweeps).where(eq(sweeps.id, id));
  return row;
}

/** How one sweep stands. */
export async function statusOf(store: Store, row: SweepRow): Promise<SweepStatus> {
  const { id, scope, state, started, finished } = row;
  const byState = await visitCounts(store, id);
  const total = Object.values(byState).reduce((sum, each) => sum + each, 0);
  const left = (byState.planned ?? 0) + (byState.queued ?? 0);
  const perMinute = await paceOf(store, id);
  const limits = await store.db.select().from(credentials);
  const present = await store.db.select().from(workers).where(sql`${workers.seen} > now() - interval '2 minutes'`);
  return {
    sweep: id,
    scope: scopeName(scope),
    state,
    started: started.toISOString(),
    finished: finished?.toISOString() ?? null,
    total,
    done: total - left,
    visits: byState,
    queue: await store.queue.counts(id),
    ...(await findingCounts(store, id)),
    perMinute,
    secondsLeft: perMinute > 0 && left > 0 ? Math.round((left / perMinute) * 60) : null,
    limits: limits.map(({ id, remaining, limit, pausedUntil }) => ({
      credential: id,
      remaining,
      limit,
      pausedUntil: pausedUntil !== null && pausedUntil > new Date() ? pausedUntil.toISOString() : null,
    })),
    workers: present.map(({ host, pid, doing, seen }) => ({ host, pid, doing, seen: seen.toISOString() })),
    reading: await readingOf(
      store,
      present.flatMap(({ doing }) => doing),
    ),
    failures: await failuresOf(store, id, mostFailures),
    furtherFailures: Math.max(0, (byState.failed ?? 0) + (byState.incomplete ?? 0) - mostFailures),
  };
}

/** Names of the targets among what workers do. */
async function readingOf({ db }: Store, doing: readonly string[]): Promise<string[]> {
  const ids = doing.flatMap((job) => /^visit (\d+)$/.exec(job)?.[1] ?? []).map(Number);
  if (ids.length === 0) return [];
  const rows = await db
    .select({ name: targets.name })
    .from(targets)
    .where(inArray(targets.id, ids))
    .orderBy(targets.name);
  return rows.map(({ name }) => name);
}

async function visitCounts({ db }: Store, sweep: number): Promise<Partial<Record<VisitState, number>>> {
  const rows = await db
    .select({ state: visits.state, all: count() })
    .from(visits)
    .where(eq(visits.sweepId, sweep))
    .groupBy(visits.state);
  return Object.fromEntries(rows.map(({ state, all }) => [state, all]));
}

async function findingCounts({ db }: Store, sweep: number): Promise<{ findings: number; fresh: number }> {
  const [row] = await rowsOf<{ findings: number; fresh: number }>(
    db,
    sql`SELECT count(DISTINCT p.fingerprint)::int AS findings,
               count(DISTINCT p.fingerprint) FILTER (WHERE f.first_sweep = ${sweep})::int AS fresh
        FROM leaksweep.visit v JOIN leaksweep.place p ON p.target_id = v.target_id
        JOIN leaksweep.finding f ON f.fingerprint = p.fingerprint
        WHERE v.sweep_id = ${sweep} AND p.verdict = 'new'`,
  );
  return row ?? { findings: 0, fresh: 0 };
}

async function paceOf({ db }: Store, sweep: number): Promise<number> {
  const [row] = await rowsOf<{ ended: number; minutes: number | null }>(
    db,
    sql`SELECT count(*)::int AS ended, extract(epoch FROM now() - min(ended))::float8 / 60 AS minutes
        FROM leaksweep.visit WHERE sweep_id = ${sweep} AND state <> 'excluded' AND ended > now() - interval '5 minutes'`,
  );
  if (!row?.minutes || row.ended < 2) return 0;
  return Math.round((row.ended / Math.max(row.minutes, 1 / 60)) * 10) / 10;
}

/** Failures that a status tells one by one. */
const mostFailures = 1_000;

/** What a sweep could not read, or not all of, the listings first, which are all told; of targets `most` at most. */
export async function failuresOf({ db }: Store, sweep: number, most = Number.MAX_SAFE_INTEGER): Promise<Failure[]> {
  const lists = await db
    .select()
    .from(listings)
    .where(and(eq(listings.sweepId, sweep), eq(listings.state, "failed")));
  const unread = await db
    .select({ name: targets.name, state: visits.state, reason: visits.reason })
    .from(visits)
    .innerJoin(targets, eq(targets.id, visits.targetId))
    .where(and(eq(visits.sweepId, sweep), inArray(visits.state, ["failed", "incomplete"])))
    .orderBy(targets.name)
    .limit(most);
  return [
    ...lists.map(({ kind, subject, reason }) => ({
      name: `${kind} of ${subject}`,
      state: "failed",
      reason: reason ?? "",
    })),
    ...unread.map(({ name, state, reason }) => ({ name, state, reason: reason ?? "" })),
  ];
}
