/**
 * The life of a sweep: `listing`, while its targets are looked up; `ready`, when all are known and it can be said what
 * reading them will cost; `running`; `finished`. Each step is one transaction, so that a process that dies between
 * two of them leaves a sweep that goes on from there, and a step that is tried twice is done once.
 */
import { and, count, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { FoundTarget, ListingKind } from "../sources/forge.ts";
import { type JobSubject, trialPriority } from "./queue.ts";
import { type Scope, scopeKey } from "./scope.ts";
import { listings, rulepacks, type SweepState, sweeps, targets, visits } from "./store/schema.ts";
import { type Database, rowsOf, type Store } from "./store/store.ts";
import { planTargets } from "./targets.ts";

export type SweepRow = typeof sweeps.$inferSelect;

export interface Beginning {
  readonly scope: Scope;
  /** As `storedPlan` makes it. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly rules: { readonly hash: string; readonly digests: Readonly<Record<string, string>> };
  /** Begin anew although an earlier sweep of this scope was not finished. */
  readonly restart: boolean;
}

export interface Begun {
  readonly sweep: SweepRow;
  /** It was begun before and not finished. */
  readonly resumed: boolean;
  /** The unfinished sweep that it stands in for, since that has other rules or settings. */
  readonly insteadOf?: number;
}

/** The unfinished sweep of this scope, or a new one. An unfinished one under other rules is given up for a new one. */
export async function beginSweep(store: Store, { scope, plan, rules, restart }: Beginning): Promise<Begun> {
  const key = scopeKey(scope);
  return store.db.transaction(async (tx) => {
    // Two who begin the same at once shall begin one.
    await tx.execute(sql`LOCK TABLE leaksweep.sweep IN EXCLUSIVE MODE`);
    const open = and(eq(sweeps.scopeKey, key), inArray(sweeps.state, ["listing", "ready", "running"]));
    const unfinished = await tx.select().from(sweeps).where(open).orderBy(desc(sweeps.id));
    const [latest] = unfinished;
    if (latest && !restart && latest.rules === rules.hash) return { sweep: latest, resumed: true };
    for (const { id } of unfinished) await abandon(store, tx, id);
    const sweep = await addSweep(store, { scope, plan, rules }, { tx, state: "listing" });
    return { sweep, resumed: false, ...(latest && !restart && { insteadOf: latest.id }) };
  });
}

/** Has what is left of a sweep done by another plan with the same rules: other acceptances, other threads. */
export async function takePlan(store: Store, sweep: number, plan: Beginning["plan"]): Promise<void> {
  await store.db.update(sweeps).set({ plan }).where(eq(sweeps.id, sweep));
}

/** Begins a sweep that is only to be priced, and forgets those whose process died over it. */
export async function beginTrial(store: Store, beginning: Omit<Beginning, "restart">): Promise<SweepRow> {
  return store.db.transaction(async (tx) => {
    const old = and(eq(sweeps.state, "trial"), lt(sweeps.started, sql`now() - interval '1 day'`));
    for (const { id } of await tx.select({ id: sweeps.id }).from(sweeps).where(old)) await forget(store, tx, id);
    return addSweep(store, beginning, { tx, state: "trial" });
  });
}

/** Forgets a trial. */
export async function forgetTrial(store: Store, sweep: number): Promise<void> {
  await store.db.transaction((tx) => forget(store, tx, sweep));
}

async function forget(store: Store, tx: Database, sweep: number): Promise<void> {
  await store.queue.clear(sweep, tx);
  await tx.delete(sweeps).where(eq(sweeps.id, sweep));
}

async function addSweep(
  store: Store,
  { scope, plan, rules }: Omit<Beginning, "restart">,
  { tx, state }: { readonly tx: Database; readonly state: "listing" | "trial" },
): Promise<SweepRow> {
  await tx.insert(rulepacks).values({ hash: rules.hash, rules: rules.digests }).onConflictDoNothing();
  const row = { scope, scopeKey: scopeKey(scope), plan, rules: rules.hash, state };
  const [sweep] = await tx.insert(sweeps).values(row).returning();
  if (!sweep) throw new Error("The store gave no sweep back");
  await planTargets(tx, scope.addresses.map(targetOfAddress), { sweep: sweep.id, scope });
  const priority = state === "trial" ? trialPriority(sweep.id) : 0;
  await addListings(store, firstListings(scope), { tx, sweep: sweep.id, priority });
  return sweep;
}

async function abandon(store: Store, tx: Database, sweep: number): Promise<void> {
  await store.queue.clear(sweep, tx);
  await tx.update(sweeps).set({ state: "abandoned", finished: sql`now()` }).where(eq(sweeps.id, sweep));
}

/** A target that was named by its address alone. */
function targetOfAddress(address: string): FoundTarget {
  const path = address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/^[^/@]*@/, "");
  const name = path.replace(/(?:\.git)?\/?$/, "").replace(/^([^/:]+):(?!\d+\/)/, "$1/");
  const owner = name.split("/").slice(0, -1).join("/");
  return { key: address, kind: "repository", name, owner: owner === "" ? name : owner, url: address, traits: {} };
}

export interface NewListing {
  readonly kind: ListingKind;
  readonly subject: string;
}

function firstListings({ orgs, users, people, surfaces }: Scope): NewListing[] {
  return [
    ...orgs.flatMap((subject): NewListing[] => [
      { kind: "org-repositories", subject },
      ...(people.members ? [{ kind: "org-members", subject } as const] : []),
      ...(people.collaborators ? [{ kind: "org-collaborators", subject } as const] : []),
    ]),
    ...users.flatMap((subject) => listingsOfPerson(subject, surfaces.gists)),
  ];
}

/** What is looked up for a person. */
export const listingsOfPerson = (subject: string, gists: boolean): NewListing[] => [
  { kind: "user-repositories", subject },
  ...(gists ? [{ kind: "user-gists", subject } as const] : []),
];

/** Adds listings that the sweep does not have yet, with their jobs. */
export async function addListings(
  store: Store,
  wanted: readonly NewListing[],
  { tx, sweep, priority }: { readonly tx: Database; readonly sweep: number; readonly priority: number },
): Promise<void> {
  if (wanted.length === 0) return;
  const rows = wanted.map(({ kind, subject }) => ({ sweepId: sweep, key: keyOf(kind, subject), kind, subject }));
  const added = await tx.insert(listings).values(rows).onConflictDoNothing().returning({ key: listings.key });
  await store.queue.add(
    "list",
    added.map(({ key }): JobSubject => ({ sweep, subject: key })),
    { tx, priority },
  );
}

// Names of people and organisations differ in case only where somebody typed them.
const keyOf = (kind: ListingKind, subject: string): string => `${kind}:${subject.toLowerCase()}`;

/** Takes a sweep to its next state where it can go there, except from `ready`, which `startVisits` ends. */
export async function settle(store: Store, sweep: number): Promise<SweepState> {
  const [row] = await store.db.select().from(sweeps).where(eq(sweeps.id, sweep));
  if (!row) throw new Error(`The store has no sweep ${sweep}`);
  if (row.state === "listing" && (await openListings(store.db, sweep)) === 0) return move(store, row, "ready");
  if (row.state === "running" && (await openVisits(store.db, sweep)) === 0) return move(store, row, "finished");
  return row.state;
}

async function move(store: Store, { id, state, started }: SweepRow, next: SweepState): Promise<SweepState> {
  const ended = next === "finished" ? { finished: sql`now()` } : {};
  await store.db.transaction(async (tx) => {
    const moved = await tx
      .update(sweeps)
      .set({ state: next, ...ended })
      .where(and(eq(sweeps.id, id), eq(sweeps.state, state)))
      .returning({ id: sweeps.id });
    if (moved.length > 0 && next === "ready") await missGone(tx, id, started);
  });
  return next;
}

/** What a listing that came to its end no longer names is gone; what is known of it stays. */
async function missGone(tx: Database, sweep: number, started: Date): Promise<void> {
  const done = await tx
    .select()
    .from(listings)
    .where(and(eq(listings.sweepId, sweep), eq(listings.state, "done")));
  for (const { kind, subject } of done) {
    const what =
      kind === "user-gists"
        ? "gist"
        : kind === "org-repositories" || kind === "user-repositories"
          ? "repository"
          : undefined;
    if (what === undefined) continue;
    const theirs = and(sql`lower(${targets.owner}) = ${subject.toLowerCase()}`, eq(targets.kind, what));
    await tx
      .update(targets)
      .set({ gone: sql`now()` })
      .where(and(theirs, isNull(targets.gone), lt(targets.lastSeen, started)));
  }
}

/** Visits made into jobs by one transaction. */
const visitsAtOnce = 1_000;

/**
 * Lets the visits of a sweep that is `ready` begin. Forks come last: by then their parents were read, and what they
 * share need not be read again.
 */
export async function startVisits(store: Store, sweep: number): Promise<void> {
  for (const isFork of [false, true]) while (await startSome(store, sweep, isFork));
  const ready = and(eq(sweeps.id, sweep), eq(sweeps.state, "ready"));
  await store.db.update(sweeps).set({ state: "running" }).where(ready);
}

function startSome(store: Store, sweep: number, isFork: boolean): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const some = await rowsOf<{ target_id: string }>(
      tx,
      sql`UPDATE leaksweep.visit v SET state = 'queued' WHERE v.sweep_id = ${sweep} AND v.target_id IN (
            SELECT p.target_id FROM leaksweep.visit p JOIN leaksweep.target t ON t.id = p.target_id
            WHERE p.sweep_id = ${sweep} AND p.state = 'planned' AND coalesce((t.traits->>'fork')::boolean, false) = ${isFork}
            ORDER BY p.target_id LIMIT ${visitsAtOnce} FOR UPDATE OF p SKIP LOCKED) RETURNING v.target_id`,
    );
    const jobs = some.map(({ target_id }): JobSubject => ({ sweep, subject: String(target_id) }));
    await store.queue.add("visit", jobs, { tx, priority: isFork ? 0 : 1 });
    return some.length > 0;
  });
}

/** Whether all targets of a sweep are known. */
export const isListed = async ({ db }: Store, sweep: number): Promise<boolean> => (await openListings(db, sweep)) === 0;

async function openListings(db: Database, sweep: number): Promise<number> {
  const open = and(eq(listings.sweepId, sweep), eq(listings.state, "open"));
  const [row] = await db.select({ all: count() }).from(listings).where(open);
  return row?.all ?? 0;
}

async function openVisits(db: Database, sweep: number): Promise<number> {
  const open = and(eq(visits.sweepId, sweep), inArray(visits.state, ["planned", "queued"]));
  const [row] = await db.select({ all: count() }).from(visits).where(open);
  return row?.all ?? 0;
}
