/** What a sweep did not read, and of how much each line of that speaks. */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Skip } from "../terms.ts";
import { failuresOf } from "./status.ts";
import { visits } from "./store/schema.ts";
import { rowsOf, type Store } from "./store/store.ts";

/** A skip that stands for `all` of its kind. */
export interface ToldSkip {
  readonly skip: Skip;
  readonly all: number;
}

/** All that a sweep did not read: faults one by one, what the user chose reason by reason. */
export async function skipsOf(store: Store, sweep: number): Promise<readonly ToldSkip[]> {
  const faults = (await failuresOf(store, sweep)).map(
    ({ name, reason }): ToldSkip => ({ skip: { path: name, by: "fault", reason }, all: 1 }),
  );
  const chosen = [
    await excluded(store, sweep),
    await withoutAccount(store, sweep),
    await passedOver(store, sweep),
  ].flat();
  return [...faults, ...(await unfinished(store, sweep)), ...chosen];
}

async function unfinished({ db }: Store, sweep: number): Promise<ToldSkip[]> {
  const left = and(eq(visits.sweepId, sweep), isNull(visits.ended));
  const [row] = await db.select({ left: sql<number>`count(*)::int` }).from(visits).where(left);
  if (!row || row.left === 0) return [];
  const reason = `the sweep was stopped: ${row.left} still to be read; the same command goes on`;
  return [{ skip: { by: "fault", reason }, all: row.left }];
}

async function excluded({ db }: Store, sweep: number): Promise<ToldSkip[]> {
  const rows = await rowsOf<{ reason: string; all: number }>(
    db,
    sql`SELECT reason, count(*)::int AS "all" FROM leaksweep.visit WHERE sweep_id = ${sweep} AND state = 'excluded' GROUP BY reason ORDER BY reason`,
  );
  return rows.map(({ reason, all }) => ({ skip: { by: "policy", reason: `${all} left out: ${reason}` }, all }));
}

/**
 * Authors whose repositories, if they have some here, nobody can look for. One who wrote in two repositories counts
 * twice.
 */
async function withoutAccount({ db }: Store, sweep: number): Promise<ToldSkip[]> {
  const [row] = await rowsOf<{ all: number; lists: number }>(
    db,
    sql`SELECT coalesce(sum(nameless), 0)::int AS "all", count(*)::int AS lists
        FROM leaksweep.listing WHERE sweep_id = ${sweep} AND state = 'done' AND nameless > 0`,
  );
  if (!row || row.all === 0) return [];
  const where = row.lists === 1 ? "1 repository" : `${row.lists} repositories`;
  const who = row.all === 1 ? "1 commit author" : `${row.all} commit authors`;
  const reason = `${who} in ${where} for whom the forge names no account: of their own nothing was looked for`;
  return [{ skip: { by: "policy", reason }, all: row.all }];
}

/** Reasons of policy that are told each for itself. */
const mostReasons = 50;

interface Reason {
  readonly reason: string;
  readonly all: number;
  readonly targets: number;
  /** Of all rows, also those that the limit cuts. */
  readonly reasons: number;
  readonly total: number;
}

/** What visits left out by policy, the same reasons together: no list of all of it would be read. */
async function passedOver({ db }: Store, sweep: number): Promise<ToldSkip[]> {
  const rows = await rowsOf<Reason>(
    db,
    sql`SELECT *, (count(*) OVER ())::int AS reasons, (sum("all") OVER ())::int AS total FROM (
          SELECT skip->>'reason' AS reason, sum(coalesce((skip->>'times')::int, 1))::int AS "all",
                 count(DISTINCT target_id)::int AS targets
          FROM leaksweep.visit, jsonb_array_elements(skips) AS skip
          WHERE sweep_id = ${sweep} AND skip->>'by' = 'policy' GROUP BY 1) AS told
        ORDER BY "all" DESC, reason LIMIT ${mostReasons}`,
  );
  const told = rows.map(({ reason, all, targets }): ToldSkip => {
    const where = targets === 1 ? "1 target" : `${targets} targets`;
    return { skip: { by: "policy", reason: `${all} in ${where}: ${reason}` }, all };
  });
  const [first] = rows;
  if (first === undefined || first.reasons <= told.length) return told;
  const all = first.total - told.reduce((sum, one) => sum + one.all, 0);
  const more = `${all} for ${first.reasons - told.length} other reasons; a scan of one target tells its own`;
  return [...told, { skip: { by: "policy", reason: more }, all }];
}
