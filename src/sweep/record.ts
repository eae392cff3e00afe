/**
 * What a visit brought, written down: findings, their places, what is remembered of the target, and that the visit is
 * over. All of it is one transaction, and the end of the job is in it: either this worker still had the job and
 * everything stands, or it had lost it and nothing does.
 */
import { and, eq, inArray, notInArray, sql } from "drizzle-orm";
import { type CountedSkip, countedSkips } from "./counted-skips.ts";
import type { Memory } from "./memory.ts";
import { joinedPlaces, type Note, type Reading } from "./notes.ts";
import type { Job } from "./queue.ts";
import { findings, places, targets, type VisitState, visits } from "./store/schema.ts";
import type { Database, Store } from "./store/store.ts";
import { type Vanished, writeVanished } from "./vanished-texts.ts";

/** What a visit made of its target. */
export interface Outcome {
  readonly state: Exclude<VisitState, "planned" | "queued">;
  readonly reason?: string;
  readonly skips?: readonly CountedSkip[];
  readonly bytes?: number;
  readonly transport?: "clone" | "fetch" | "none";
  readonly calls?: number;
  readonly notes?: readonly Note[];
  /**
   * Places of earlier visits that are as they were. "all": none was looked at again, and none had to be. "present": of
   * these, those where the secret still stands. "found": those that were told anew, and no others.
   */
  readonly standing?: "all" | "present" | "found";
  /** Texts in which secrets stand no more. */
  readonly vanished?: readonly Vanished[];
  /** All of the target was read, so that what is told of a place now is all there is to tell. */
  readonly whole?: boolean;
  /** Texts were read from the first on, known ones too. */
  readonly again?: boolean;
  /** What to remember; absent: as before. */
  readonly memory?: Memory;
  /** Hash of the rules under which all of the target has now been read. */
  readonly rules?: string;
}

/** Ends `job`, the visit of target `target`, with what it brought. Throws `LeaseLost`, and nothing is written. */
export async function record(store: Store, job: Job, outcome: Outcome): Promise<void> {
  const target = Number(job.subject);
  await store.db.transaction(async (tx) => {
    await store.queue.done(job, tx);
    const { notes = [], standing = "found", whole = false, again = false } = outcome;
    await writeNotes(tx, notes, { target, sweep: job.sweep, reading: whole ? "whole" : again ? "again" : "new" });
    await writeVanished(tx, target, outcome.vanished ?? []);
    if (standing !== "found") await stand(tx, target, job.sweep, standing);
    if (whole) await miss(tx, target, notes);
    await tx
      .update(visits)
      .set({
        state: outcome.state,
        reason: outcome.reason ?? null,
        skips: countedSkips(outcome.skips ?? []),
        bytes: outcome.bytes ?? 0,
        transport: outcome.transport ?? "none",
        calls: sql`${visits.calls} + ${outcome.calls ?? 0}`,
        ended: sql`now()`,
      })
      .where(and(eq(visits.sweepId, job.sweep), eq(visits.targetId, target)));
    const remembered = {
      ...(outcome.memory && { memory: outcome.memory }),
      ...(outcome.rules !== undefined && { readRules: outcome.rules }),
    };
    if (outcome.state === "failed" || outcome.state === "absent") return;
    await tx
      .update(targets)
      .set({ ...remembered, readAt: sql`now()` })
      .where(eq(targets.id, target));
  });
}

/** Adds notes to what is known. A secret that is known already keeps the more telling of two rules' words for it. */
export async function writeNotes(
  tx: Database,
  notes: readonly Note[],
  { target, sweep, reading }: { readonly target: number; readonly sweep: number; readonly reading: Reading },
): Promise<void> {
  const before = await placesOf(tx, target, notes);
  // In one order everywhere: two workers that write the same secrets must not wait for each other.
  for (const { finding, place } of [...notes].sort(byFingerprint)) {
    const better = sql`(${findings.generic} AND NOT excluded.generic)
      OR (${findings.generic} = excluded.generic AND excluded.score > ${findings.score})`;
    const told = <Column extends { readonly name: string }>(column: Column) =>
      sql`CASE WHEN ${better} THEN ${sql.raw(`excluded."${column.name}"`)} ELSE ${column} END`;
    await tx
      .insert(findings)
      .values(finding)
      .onConflictDoUpdate({
        target: findings.fingerprint,
        set: {
          rule: told(findings.rule),
          name: told(findings.name),
          provider: told(findings.provider),
          severity: told(findings.severity),
          confidence: told(findings.confidence),
          facts: told(findings.facts),
          revoke: told(findings.revoke),
          score: told(findings.score),
          generic: sql`${findings.generic} AND excluded.generic`,
          lastSeen: sql`now()`,
        },
      });
    const known = before.get(place.fingerprint);
    // What this very sweep was the first to tell was counted in no earlier one.
    const joined = joinedPlaces(known, place, reading === "again" && known?.firstSweep === sweep ? "new" : reading);
    await tx
      .insert(places)
      .values({ ...joined, targetId: target, firstSweep: sweep, lastSweep: sweep })
      .onConflictDoUpdate({
        target: [places.targetId, places.fingerprint],
        set: { ...joined, lastSweep: sweep, lastSeen: sql`now()` },
      });
  }
}

const byFingerprint = (one: Note, other: Note): number => (one.place.fingerprint < other.place.fingerprint ? -1 : 1);

async function placesOf(
  tx: Database,
  target: number,
  notes: readonly Note[],
): Promise<ReadonlyMap<string, typeof places.$inferSelect>> {
  if (notes.length === 0) return new Map();
  const names = notes.map(({ place }) => place.fingerprint);
  const rows = await tx
    .select()
    .from(places)
    .where(and(eq(places.targetId, target), inArray(places.fingerprint, names)));
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** All that was there when a target was last read stands as it was. What had vanished by then is not seen anew. */
async function stand(tx: Database, target: number, sweep: number, which: "all" | "present"): Promise<void> {
  const read = tx
    .select({ at: sql`coalesce(${targets.readAt}, '-infinity')` })
    .from(targets)
    .where(eq(targets.id, target));
  const meant = which === "present" ? eq(places.status, "present") : undefined;
  const seen = and(eq(places.targetId, target), sql`${places.lastSeen} >= (${read})`, meant);
  const mine = tx.select({ name: places.fingerprint }).from(places).where(seen);
  await tx.update(findings).set({ lastSeen: sql`now()` }).where(inArray(findings.fingerprint, mine));
  await tx.update(places).set({ lastSweep: sweep, lastSeen: sql`now()` }).where(seen);
}

/**
 * What a whole reading did not find again is in no commit that a ref leads to: it was pushed away. It stays on record
 * with the day it was last seen, since it was out and forges keep such commits.
 */
async function miss(tx: Database, target: number, notes: readonly Note[]): Promise<void> {
  const found = notes.map(({ place }) => place.fingerprint);
  await tx
    .update(places)
    .set({ status: "unreachable", refs: [] })
    .where(and(eq(places.targetId, target), notInArray(places.fingerprint, found)));
}
