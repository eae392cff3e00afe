/**
 * Verdicts on what is known already. What did not change is not read again, but the plan may accept other secrets than
 * the plans before it did, and an acceptance may have ended.
 */
import { and, eq, inArray, ne, or, sql } from "drizzle-orm";
import type { Plan } from "../config/plan.ts";
import { acceptancesOf } from "../scan/verdicts.ts";
import { verdict } from "../triage/verdict.ts";
import { places, targets, visits } from "./store/schema.ts";
import { type Database, rowsOf, type Store } from "./store/store.ts";

interface Judge {
  readonly plan: Plan;
  readonly now: () => Date;
}

/**
 * Judges the places of a sweep's targets by `plan`. What a comment allows is not known here: where an acceptance was
 * taken back that a comment may stand behind, the target is to be read again.
 */
export async function judgeAgain(store: Store, sweep: number, { plan, now }: Judge): Promise<void> {
  const acceptances = { ...acceptancesOf(plan), today: now().toISOString().slice(0, 10) };
  await store.db.transaction(async (tx) => {
    const before = await allowedBefore(tx, sweep);
    for (const { target, fingerprint, verdict: word, reason } of await concerned(tx, sweep, plan)) {
      const told = verdict({ fingerprint, rule: "", occurrences: [] }, acceptances);
      if (told.verdict === word && (told.reason ?? null) === reason) continue;
      if (word === "allowed" && told.verdict !== "allowed") {
        if (!before.has(fingerprint)) continue;
        await tx.update(targets).set({ readRules: null }).where(eq(targets.id, target));
      }
      await tx
        .update(places)
        .set({ verdict: told.verdict, verdictReason: told.reason ?? null })
        .where(and(eq(places.targetId, target), eq(places.fingerprint, fingerprint)));
    }
  });
}

/** Places that somebody accepted or accepts now. */
function concerned(tx: Database, sweep: number, { allow, baseline = [] }: Plan) {
  const accepted = [...allow, ...baseline].map(({ fingerprint }) => fingerprint);
  const mine = tx.select({ id: visits.targetId }).from(visits).where(eq(visits.sweepId, sweep));
  const { targetId: target, fingerprint, verdict, verdictReason: reason } = places;
  return tx
    .select({ target, fingerprint, verdict, reason })
    .from(places)
    .where(and(inArray(target, mine), or(ne(verdict, "new"), inArray(fingerprint, accepted))))
    .orderBy(target, fingerprint); // in one order everywhere: two who judge at once must not wait for each other
}

/** Fingerprints that plans have allowed so far; all others that are allowed have a comment beside them. */
async function allowedBefore(tx: Database, sweep: number): Promise<ReadonlySet<string>> {
  const rows = await rowsOf<{ fingerprint: string }>(
    tx,
    sql`SELECT DISTINCT entry->>'fingerprint' AS fingerprint
        FROM leaksweep.sweep, jsonb_array_elements((plan->'allow') || coalesce(plan->'baseline', '[]')) AS entry
        WHERE id <= ${sweep} AND coalesce(entry->>'state', 'allowed') = 'allowed'`,
  );
  return new Set(rows.map(({ fingerprint }) => fingerprint));
}
