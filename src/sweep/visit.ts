/** One visit, from a job to its record. Whatever goes wrong with a target becomes its row, and stops nothing else. */
import { eq } from "drizzle-orm";
import { Absent, Later, type TargetKind } from "../sources/forge.ts";
import type { Desk } from "./desk.ts";
import { finalReason, isFatal, lastReason } from "./faults.ts";
import { type Pause, writePause } from "./pause.ts";
import { type Job, LeaseLost } from "./queue.ts";
import { type Outcome, record } from "./record.ts";
import { type TargetRow, visitRepository } from "./repository-visit.ts";
import { targets } from "./store/schema.ts";
import type { Database } from "./store/store.ts";
import { visitTexts } from "./text-visit.ts";

/** Kinds of target that git clones. */
const cloned: ReadonlySet<TargetKind> = new Set<TargetKind>(["repository", "wiki", "gist"]);

/** How a job ended: its visit is on record, it is to be tried again, it waits, or another worker has it now. */
export type JobEnd = "recorded" | "again" | "later" | "lost";

/** Attempts at a target before it counts as not read. */
const mostAttempts = 4;

/** Does one visit and writes it down. Throws only what stops the worker itself: its signal, a store that is gone. */
export async function visit(job: Job, desk: Desk, signal: AbortSignal): Promise<JobEnd> {
  const [target] = await desk.store.db
    .select()
    .from(targets)
    .where(eq(targets.id, Number(job.subject)));
  if (!target) throw new Error(`The store has no target ${job.subject}`);
  const calls = desk.forge?.calls() ?? 0;
  try {
    const outcome = await outcomeOf(target, desk, signal);
    const asked = { calls: (desk.forge?.calls() ?? 0) - calls };
    if ("until" in outcome)
      return await postpone(job, outcome.until, desk, (tx) => writePause(tx, job, { ...outcome, ...asked }));
    await record(desk.store, job, { ...outcome, ...asked });
    return "recorded";
  } catch (error) {
    if (error instanceof LeaseLost) return "lost";
    signal.throwIfAborted();
    if (isFatal(error)) throw error;
    if (error instanceof Later) return await postpone(job, error.until, desk);
    const reason = finalReason(error) ?? (job.count + 1 >= mostAttempts ? lastReason(error) : undefined);
    if (reason === undefined) return (await desk.store.queue.giveUp(job, lastReason(error))) ? "again" : "lost";
    if (/^is denied/.test(reason)) await expectLogin(desk, signal);
    return await recordFault(job, reason, desk);
  }
}

/**
 * Git says the same of one target that is denied and of a login that has ended. The forge knows which it is: throws its
 * "forge.denied" for a login that is good for nothing any more, which stops the worker before it is told of every target.
 */
async function expectLogin({ forge }: Desk, signal: AbortSignal): Promise<void> {
  await forge?.rateLimit(signal).catch((error: unknown) => {
    if (isFatal(error)) throw error;
  });
}

async function outcomeOf(target: TargetRow, desk: Desk, signal: AbortSignal): Promise<Outcome | Pause> {
  if (target.traits.disabled) return { state: "failed", reason: "the forge has taken it down and gives it to nobody" };
  try {
    return cloned.has(target.kind)
      ? await visitRepository(target, desk, signal)
      : await visitTexts(target, desk, signal);
  } catch (error) {
    if (error instanceof Absent) return { state: "absent", reason: error.message };
    // A wiki is offered for every repository and made by the first who writes.
    const gone = target.kind === "wiki" && /is gone/.test(finalReason(error) ?? "");
    if (gone && target.readAt === null) return { state: "absent", reason: "nobody wrote in it" };
    throw error;
  }
}

async function recordFault(job: Job, reason: string, desk: Desk): Promise<JobEnd> {
  try {
    await record(desk.store, job, { state: "failed", reason });
    return "recorded";
  } catch (error) {
    if (error instanceof LeaseLost) return "lost";
    throw error;
  }
}

/**
 * Ends the job and adds another for the time at which it can go on, in one step: it is never there twice. What was
 * brought so far is written in that step too.
 */
export async function postpone(
  job: Job,
  until: Date,
  { store }: Pick<Desk, "store">,
  write: (tx: Database) => Promise<void> = async () => {},
): Promise<JobEnd> {
  try {
    await store.db.transaction(async (tx) => {
      await store.queue.done(job, tx);
      await write(tx);
      const { kind, sweep, subject, priority } = job;
      await store.queue.add(kind, [{ sweep, subject }], { tx, priority, startAfter: until });
    });
    return "later";
  } catch (error) {
    if (error instanceof LeaseLost) return "lost";
    throw error;
  }
}
