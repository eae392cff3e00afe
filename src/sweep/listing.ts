/** One page of a listing, from a job to its record. A page and the way to the next are written in one transaction. */
import { and, eq, sql } from "drizzle-orm";
import { type FoundTarget, Later, type ListingKind, type ListingPage } from "../sources/forge.ts";
import type { Desk } from "./desk.ts";
import { finalReason, isFatal, lastReason } from "./faults.ts";
import { type Job, LeaseLost } from "./queue.ts";
import { listings } from "./store/schema.ts";
import type { Database } from "./store/store.ts";
import { addListings, listingsOfPerson, type NewListing } from "./sweeps.ts";
import { planTargets } from "./targets.ts";
import { type JobEnd, postpone } from "./visit.ts";

type ListingRow = typeof listings.$inferSelect;

/** Attempts at a page before the listing counts as incomplete. */
const mostAttempts = 5;

/** Reads one page and writes it down, with the job for the next. Throws only what stops the worker itself. */
export async function list(job: Job, desk: Desk, signal: AbortSignal): Promise<JobEnd> {
  const [row] = await desk.store.db.select().from(listings).where(isListing(job));
  if (!row) throw new Error(`The store has no listing ${job.subject}`);
  try {
    if (!desk.forge) throw new Error("A sweep without a forge has a listing");
    const next = row.next === null ? {} : { next: row.next };
    const page = await desk.forge.list(row.kind, row.subject, { ...next, signal });
    await recordPage(job, { row, page, desk });
    return "recorded";
  } catch (error) {
    if (error instanceof LeaseLost) return "lost";
    signal.throwIfAborted();
    if (isFatal(error)) throw error;
    if (error instanceof Later) return await postpone(job, error.until, desk);
    const reason = finalReason(error) ?? (job.count + 1 >= mostAttempts ? lastReason(error) : undefined);
    if (reason === undefined) return (await desk.store.queue.giveUp(job, lastReason(error))) ? "again" : "lost";
    return await recordFault(job, reason, desk);
  }
}

const isListing = ({ sweep, subject }: Pick<Job, "sweep" | "subject">) =>
  and(eq(listings.sweepId, sweep), eq(listings.key, subject));

interface Page {
  readonly row: ListingRow;
  readonly page: ListingPage;
  readonly desk: Desk;
}

async function recordPage(job: Job, { row, page, desk }: Page): Promise<void> {
  const { store, sweep, scope } = desk;
  await store.db.transaction(async (tx) => {
    await store.queue.done(job, tx);
    await planTargets(tx, page.targets, { sweep, scope });
    await addListings(store, followUps(row.kind, page, desk), { tx, sweep, priority: job.priority });
    const seen = row.seen + page.targets.length + page.people.length;
    const count = { seen, stated: page.stated ?? row.stated, nameless: row.nameless + (page.nameless ?? 0) };
    if (page.next === undefined) return await close(tx, job, { ...count, reason: shortfall(count, page) });
    await tx
      .update(listings)
      .set({ ...count, next: page.next })
      .where(isListing(job));
    await store.queue.add("list", [{ sweep, subject: job.subject }], { tx, priority: job.priority });
  });
}

type Count = Pick<ListingRow, "seen" | "stated" | "nameless">;

/**
 * Why a list that came to its end is not all that there is: a page that was lost on the way would show nowhere else.
 * The forge counts addresses up to a bound and tells accounts, some of which have several: where a few addresses fall
 * short of it, nothing tells whether there were more.
 */
function shortfall({ seen, stated, nameless }: Count, { mostNamed }: ListingPage): string | null {
  if (stated !== null && seen < stated) return `the forge counts ${stated} and lists ${seen}`;
  if (mostNamed === undefined || nameless === 0 || seen + nameless < mostNamed) return null;
  return `the forge looks for accounts of ${mostNamed} addresses and no more: ${nameless} authors may have repositories`;
}

async function close(tx: Database, job: Job, end: Count & Pick<ListingRow, "reason">): Promise<void> {
  const state = end.reason === null ? "done" : "failed";
  await tx
    .update(listings)
    .set({ ...end, next: null, state })
    .where(isListing(job));
}

/** What a page leads to: the people on it, and those who wrote in the repositories on it. */
function followUps(kind: ListingKind, { people, targets }: ListingPage, { scope }: Desk): NewListing[] {
  const persons = people.flatMap((login) => listingsOfPerson(login, scope.surfaces.gists));
  const asks = scope.people.contributors && kind === "org-repositories";
  const wrote = asks
    ? targets.filter(isOwn).map(({ name }): NewListing => ({ kind: "repository-contributors", subject: name }))
    : [];
  return [...persons, ...wrote];
}

// Whoever wrote in what was forked from elsewhere need not be anybody of theirs.
const isOwn = ({ kind, traits }: FoundTarget): boolean => kind === "repository" && !traits.fork && !traits.disabled;

async function recordFault(job: Job, reason: string, { store }: Desk): Promise<JobEnd> {
  try {
    await store.db.transaction(async (tx) => {
      await store.queue.done(job, tx);
      await tx.update(listings).set({ state: "failed", reason }).where(isListing(job));
    });
    return "recorded";
  } catch (error) {
    if (error instanceof LeaseLost) return "lost";
    throw error;
  }
}

/** Ends a listing whose workers died over it. */
export async function failListing(
  tx: Database,
  subject: Pick<Job, "sweep" | "subject">,
  reason: string,
): Promise<void> {
  await tx.update(listings).set({ state: "failed", reason, next: sql`null` }).where(isListing(subject));
}
