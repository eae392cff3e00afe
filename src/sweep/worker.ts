/**
 * A worker: takes jobs, one for each of its lanes, until it is told to stop or there is nothing left. While a job runs
 * it gives signs of life; where they come too late and the job has gone to another worker, it drops what it does.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { LeaksweepError } from "../errors.ts";
import { removeLeftovers } from "../git/temporary.ts";
import type { Desk } from "./desk.ts";
import { failListing, list } from "./listing.ts";
import { Outage } from "./outage.ts";
import type { Job } from "./queue.ts";
import { visits, workers } from "./store/schema.ts";
import type { Store } from "./store/store.ts";
import { type JobEnd, postpone, visit } from "./visit.ts";

export interface WorkOptions {
  readonly store: Store;
  /** The desk for a sweep; nothing where this worker cannot do its work, which another may. */
  readonly deskOf: (sweep: number) => Promise<Desk | undefined>;
  /** Jobs at a time. */
  readonly lanes: number;
  /** Stops the worker; what it has under way is given back. */
  readonly signal: AbortSignal;
  /** Work on this trial, and on nothing else. */
  readonly trial?: number;
  /** Called whenever a lane finds no work, with the sweeps that had no desk here. */
  readonly idle: (refused: ReadonlySet<number>) => Promise<Idle>;
  readonly onJob?: (event: JobEvent) => void;
  /** Called when the store stops to answer, with the reason. */
  readonly onOutage?: (reason: string) => void;
}

/** What a lane without work does: it looks again after a pause, or at once since there may be jobs now, or it ends. */
export type Idle = "pause" | "look" | "end";

export type JobEvent =
  | { readonly kind: "begun"; readonly job: Job }
  | { readonly kind: "ended"; readonly job: Job; readonly end: JobEnd | "given back" };

/** Milliseconds between two looks at an empty queue. */
const pollEvery = 500;

/** Works until the signal aborts or `idle` says so. Throws what makes work impossible: a store that is gone. */
export async function work(options: WorkOptions): Promise<void> {
  const worker = new Worker(options);
  await removeLeftovers(new Date());
  const signs = setInterval(() => void worker.sign(), (options.store.leaseSeconds * 1000) / 4);
  try {
    await worker.sign();
    await Promise.all(Array.from({ length: options.lanes }, () => worker.lane()));
  } finally {
    clearInterval(signs);
    await worker.leave();
  }
}

class Worker {
  readonly #options: WorkOptions;
  readonly #id = randomUUID();
  readonly #doing = new Map<string, string>();
  readonly #refused = new Set<number>();
  /** Aborted when one lane fails, so that no other goes on with a store that is gone. */
  readonly #broken = new AbortController();
  readonly #outage: Outage;
  /** Aborted to end the pauses of idle lanes, and replaced by another. */
  #news = new AbortController();

  constructor(options: WorkOptions) {
    this.#options = options;
    this.#outage = new Outage({ now: Date.now, onBegin: (reason) => options.onOutage?.(reason) });
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#options.signal, this.#broken.signal]);
  }

  async lane(): Promise<void> {
    const signal = this.#signal;
    try {
      while (!signal.aborted) {
        try {
          if (await this.#step(signal)) return;
          this.#outage.over();
        } catch (error) {
          await this.#outage.wait(error, signal);
        }
      }
    } catch (error) {
      this.#broken.abort(error);
      throw error;
    }
  }

  /** One job, or one look at an empty queue; true when there is nothing left to do. */
  async #step(signal: AbortSignal): Promise<boolean> {
    const { store, idle, trial } = this.#options;
    const choice = trial === undefined ? { except: this.#refused } : { trial };
    const pause = AbortSignal.any([signal, this.#news.signal]);
    const job = (await store.queue.take("list", choice)) ?? (await store.queue.take("visit", choice));
    if (job) {
      await this.#do(job);
      // A page of a listing leads to more jobs; a visit does not.
      if (job.kind === "list") this.#wake();
      return false;
    }
    const next = await idle(this.#refused);
    if (next === "pause") await sleep(pollEvery, undefined, { signal: pause }).catch(() => {});
    else this.#wake();
    return next === "end";
  }

  /** Has the idle lanes look at once: what one lane brought about, the others need not wait for. */
  #wake(): void {
    this.#news.abort();
    this.#news = new AbortController();
  }

  async #do(job: Job): Promise<void> {
    const { onJob, deskOf, store } = this.#options;
    onJob?.({ kind: "begun", job });
    this.#doing.set(job.id, `${job.kind} ${job.subject}`);
    await this.#show().catch(() => {}); // a store that is gone is for the lanes to find out
    const lost = new AbortController();
    const alive = setInterval(() => void this.#touch(job, lost), (store.leaseSeconds * 1000) / 4);
    const signal = AbortSignal.any([this.#signal, lost.signal]);
    let end: JobEnd | "given back" = "lost";
    try {
      const desk = await deskOf(job.sweep);
      if (!desk) {
        this.#refused.add(job.sweep);
        end = await postpone(job, new Date(), { store });
      } else end = job.kind === "list" ? await list(job, desk, signal) : await visit(job, desk, signal);
    } catch (error) {
      if (lost.signal.aborted) end = "lost";
      else {
        // What ends the worker and is told to its user costs the job no attempt, and nobody waits for its lease to end.
        if (signal.aborted || error instanceof LeaksweepError) await postpone(job, new Date(), { store });
        end = "given back";
        if (!signal.aborted) throw error;
      }
    } finally {
      clearInterval(alive);
      this.#doing.delete(job.id);
      onJob?.({ kind: "ended", job, end });
    }
  }

  /** A store that does not answer for a moment is no loss yet: the fence at the end of the job decides. */
  async #touch(job: Job, lost: AbortController): Promise<void> {
    const isOurs = await this.#options.store.queue.touch(job).catch(() => true);
    if (!isOurs) lost.abort(new Error("the job has gone to another worker"));
  }

  /** Tells all who look what this worker is at. */
  async #show(): Promise<void> {
    const doing = [...this.#doing.values()];
    await this.#options.store.db
      .insert(workers)
      .values({ id: this.#id, host: hostname(), pid: process.pid, doing })
      .onConflictDoUpdate({ target: workers.id, set: { doing, seen: sql`now()` } });
  }

  /** Tells all who look that this worker is there, and ends the jobs over which workers keep dying. */
  async sign(): Promise<void> {
    try {
      await this.#show();
      await this.#buryDead();
    } catch {
      // Tried again at the next sign of life; whether the store is gone is for the lanes to find out.
    }
  }

  async #buryDead(): Promise<void> {
    const { store } = this.#options;
    for (const dead of await store.queue.dead()) {
      const reason = "every worker that tried it died or fell silent";
      await store.db.transaction(async (tx) => {
        await store.queue.bury(dead, tx);
        if (dead.kind === "list") return failListing(tx, dead, reason);
        const mine = and(eq(visits.sweepId, dead.sweep), eq(visits.targetId, Number(dead.subject)));
        await tx
          .update(visits)
          .set({ state: "failed", reason, ended: sql`now()` })
          .where(and(mine, eq(visits.state, "queued")));
      });
    }
  }

  async leave(): Promise<void> {
    await this.#options.store.db
      .delete(workers)
      .where(eq(workers.id, this.#id))
      .catch(() => {});
  }
}
