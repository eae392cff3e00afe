/**
 * The queue: who does what next, and who may still say that it is done. pg-boss does the work; this file says how we
 * use it. A job is leased to a worker for as long as the worker gives signs of life; after that it goes to another,
 * with a higher count. That count is the fence: a job is ended inside the transaction that writes what it brought, and
 * only by the count it was leased under, so that a worker that was frozen and woke finds all its writing undone.
 */
import { sql } from "drizzle-orm";
import { fromDrizzle, type PgBoss } from "pg-boss";
import { type Database, rowsOf } from "./store/store.ts";

/** Schema that holds pg-boss's tables, so that they never meet an application's own. */
const queueSchema = "leaksweep_queue";

export type JobKind = "list" | "visit";

/** What a job is about: a listing or a target, of one sweep. */
export interface JobSubject {
  readonly sweep: number;
  /** Key of a listing; of a visit the target's id. */
  readonly subject: string;
}

export interface Job extends JobSubject {
  readonly id: string;
  readonly kind: JobKind;
  /** How often it was leased before: the fence. */
  readonly count: number;
  readonly priority: number;
}

/** Of which sweeps a job is wanted: of all but some, or of one trial. */
export type Choice = { readonly except: ReadonlySet<number> } | { readonly trial: number };

/** The priority of a trial's jobs: below all others, where only who asks for that trial takes them. */
export const trialPriority = (sweep: number): number => -sweep;

/** Thrown where a job is ended by a worker that no longer has it. The transaction around it is undone. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

export interface Queue {
  /** Adds jobs, within the transaction `tx`. Higher `priority` comes first; `startAfter` keeps them back until then. */
  add(kind: JobKind, jobs: readonly JobSubject[], options: AddOptions): Promise<void>;
  /** Leases a job to the caller, who must `touch` it; `undefined` when none is due. Without a choice: any but a trial's. */
  take(kind: JobKind, choice?: Choice): Promise<Job | undefined>;
  /** A sign of life. False when the job has gone to somebody else. */
  touch(job: Job): Promise<boolean>;
  /** Ends a job within `tx`. Throws `LeaseLost`. */
  done(job: Job, tx: Database): Promise<void>;
  /** Gives a job back, so that it is leased again after a pause that grows; false when it has gone elsewhere. */
  giveUp(job: Job, reason: string): Promise<boolean>;
  /** Jobs whose workers died so often that nobody is to try again. They stay until `bury` ends them. */
  dead(): Promise<(JobSubject & { readonly kind: JobKind; readonly id: string })[]>;
  bury(job: { readonly id: string; readonly kind: JobKind }, tx: Database): Promise<void>;
  /** Ends all jobs of a sweep that were not begun. */
  clear(sweep: number, tx: Database): Promise<void>;
  /** How many jobs wait, are kept back, are under way. */
  counts(sweep: number): Promise<{ readonly waiting: number; readonly later: number; readonly active: number }>;
  close(): Promise<void>;
}

export interface AddOptions {
  readonly tx: Database;
  readonly priority?: number;
  readonly startAfter?: Date;
}

/** A worker that gave no sign of life for so many seconds has lost its jobs, unless a store says otherwise. */
export const defaultLease = 60;

/** How often a job is leased again after its first worker failed or died. */
const mostRetries = 5;

/** Seconds that a job may wait for its turn: a sweep of a whole forge takes weeks. */
const mostPatience = 180 * 24 * 3600;

const kinds: readonly JobKind[] = ["list", "visit"];

const nobody = "00000000-0000-0000-0000-000000000000";

/** How pg-boss looks after the queue: jobs of dead workers are looked for several times in each lease. */
export const upkeep = (leaseSeconds: number) => ({
  schema: queueSchema,
  schedule: false,
  superviseIntervalSeconds: Math.max(1, Math.floor(leaseSeconds / 5)),
  monitorIntervalSeconds: Math.max(1, Math.floor(leaseSeconds / 5)),
});

export interface QueueOptions {
  readonly db: Database;
  /** Seconds, 10 at least. */
  readonly leaseSeconds: number;
  /** What becomes of jobs that are under way in the store: "return" where this process is known to be the only one. */
  readonly orphans: "return" | "leave";
}

/** Starts `boss` and makes its queues. */
export async function openQueue(boss: PgBoss, { db, leaseSeconds, orphans }: QueueOptions): Promise<Queue> {
  // Trouble in its upkeep is tried again by itself; what concerns a job reaches us through the call.
  boss.on("error", () => {});
  await boss.start();
  for (const kind of kinds) {
    const retries = { retryLimit: mostRetries, retryDelay: 2, retryBackoff: true, retryDelayMax: 300 };
    const terms = { heartbeatSeconds: leaseSeconds, expireInSeconds: 24 * 3600, retentionSeconds: mostPatience };
    await boss.createQueue(kind, { ...retries, ...terms });
    await boss.updateQueue(kind, { ...retries, ...terms });
    // Its first call inside a PGlite transaction would wait for a look-up that waits for the transaction.
    await boss.findJobs(kind, { id: nobody });
  }
  if (orphans === "return") for (const kind of kinds) await returnOrphans(boss, db, kind);
  return queueOn(boss, db);
}

async function returnOrphans(boss: PgBoss, db: Database, kind: JobKind): Promise<void> {
  const active = await rowsOf<{ id: string }>(
    db,
    sql`SELECT id FROM leaksweep_queue.job WHERE name = ${kind} AND state = 'active'`,
  );
  if (active.length === 0) return;
  const ids = active.map(({ id }) => id);
  await boss.fail(kind, ids, { reason: "the process that had it ended" });
}

/** Whether a command met the one job it was for. Its type leaves out the count that it has. */
const met = (answer: object): boolean => "affected" in answer && answer.affected === 1;

function queueOn(boss: PgBoss, db: Database): Queue {
  const within = (tx: Database) => ({ db: fromDrizzle(tx as never, sql) });
  const attempt = ({ id, count }: Job) => ({ id, retryCount: count });
  return {
    async add(kind, jobs, { tx, priority = 0, startAfter }) {
      const rows = jobs.map((data) => ({
        data,
        priority,
        group: { id: String(data.sweep) },
        ...(startAfter && { startAfter }),
      }));
      if (rows.length > 0) await boss.insert(kind, rows, within(tx));
    },
    async take(kind, choice = { except: new Set() }) {
      const wanted =
        "trial" in choice
          ? { minPriority: trialPriority(choice.trial), maxPriority: trialPriority(choice.trial) }
          : { minPriority: 0, ignoreGroups: [...choice.except].map(String) };
      const [job] = await boss.fetch<JobSubject>(kind, { batchSize: 1, includeMetadata: true, ...wanted });
      return job && { ...job.data, id: job.id, kind, count: job.retryCount, priority: job.priority };
    },
    async touch(job) {
      return met(await boss.touch(job.kind, attempt(job)));
    },
    async done(job, tx) {
      const answer = await boss.complete(job.kind, attempt(job), null, within(tx));
      if (!met(answer)) throw new LeaseLost(`Job ${job.id} has gone to another worker`);
    },
    async giveUp(job, reason) {
      return met(await boss.fail(job.kind, attempt(job), { reason }));
    },
    async dead() {
      const found = await rowsOf<{ id: string; name: JobKind; data: JobSubject }>(
        db,
        sql`SELECT id, name, data FROM leaksweep_queue.job WHERE name IN ('list', 'visit') AND state = 'failed'`,
      );
      return found.map(({ id, name, data }) => ({ ...data, id, kind: name }));
    },
    async bury({ id, kind }, tx) {
      await boss.deleteJob(kind, id, within(tx));
    },
    async clear(sweep, tx) {
      const mine = sql`(data->>'sweep')::int = ${sweep} AND state IN ('created', 'retry')`;
      await tx.execute(sql`DELETE FROM leaksweep_queue.job WHERE name IN ('list', 'visit') AND ${mine}`);
    },
    async counts(sweep) {
      const [row] = await rowsOf<{ waiting: number; later: number; active: number }>(
        db,
        sql`SELECT count(*) FILTER (WHERE state IN ('created', 'retry') AND start_after <= now())::int AS waiting,
                   count(*) FILTER (WHERE state IN ('created', 'retry') AND start_after > now())::int AS later,
                   count(*) FILTER (WHERE state = 'active')::int AS active
            FROM leaksweep_queue.job WHERE name IN ('list', 'visit') AND (data->>'sweep')::int = ${sweep}`,
      );
      return row ?? { waiting: 0, later: 0, active: 0 };
    },
    close: () => boss.stop({ graceful: false, timeout: 1_000 }),
  };
}
