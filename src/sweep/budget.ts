/** What a sweep will cost, told before it begins. Estimates: an unchanged repository turns out to cost one request. */
import { eq, sql } from "drizzle-orm";
import type { RateLimit, TargetKind } from "../sources/forge.ts";
import type { Scope } from "./scope.ts";
import { listings } from "./store/schema.ts";
import { rowsOf, type Store } from "./store/store.ts";

export interface Budget {
  /** Targets to read, by kind. */
  readonly targets: Readonly<Partial<Record<TargetKind, number>>>;
  readonly excluded: number;
  /** Targets that were read before, so that only what is new in them is read. */
  readonly known: number;
  /** Clones that will be made, and their size in bytes as the forge states it; 0 where it does not. */
  readonly clones: number;
  readonly bytes: number;
  /** Requests to the API, beyond those that the listing took. */
  readonly calls: number;
  readonly people: number;
  readonly rateLimit?: RateLimit;
}

/**
 * Requests that one target of each kind takes on average when it is read for the first time. Measured on nothing but
 * experience: most repositories have a page or two of each, a few have a thousand.
 */
const callsFor: Readonly<Record<TargetKind, number>> = {
  repository: 0,
  wiki: 0,
  gist: 0,
  issues: 4,
  discussions: 2,
  releases: 1,
  "actions-logs": 10,
  "gist-comments": 1,
};

interface Row {
  readonly kind: TargetKind;
  readonly all: number;
  readonly known: number;
  readonly unread: number;
  readonly kilobytes: string | null;
}

/** The budget of a sweep whose targets are all known. */
export async function budgetOf(store: Store, sweep: number, scope: Scope): Promise<Omit<Budget, "rateLimit">> {
  const rows = await rowsOf<Row>(
    store.db,
    sql`SELECT t.kind, count(*)::int AS "all", count(t.read_rules)::int AS known,
               (count(*) FILTER (WHERE t.read_rules IS NULL))::int AS unread,
               sum(t.kilobytes) FILTER (WHERE t.read_rules IS NULL) AS kilobytes
        FROM leaksweep.visit v JOIN leaksweep.target t ON t.id = v.target_id
        WHERE v.sweep_id = ${sweep} AND v.state <> 'excluded' GROUP BY t.kind`,
  );
  const [left] = await rowsOf<{ all: number }>(
    store.db,
    sql`SELECT count(*)::int AS "all" FROM leaksweep.visit WHERE sweep_id = ${sweep} AND state = 'excluded'`,
  );
  const people = await store.db.select().from(listings).where(eq(listings.sweepId, sweep));
  const repositories = rows.find(({ kind }) => kind === "repository")?.all ?? 0;
  const clones = rows.filter(({ kind }) => ["repository", "wiki", "gist"].includes(kind));
  return {
    targets: Object.fromEntries(rows.map(({ kind, all }) => [kind, all])),
    excluded: left?.all ?? 0,
    known: sum(rows, ({ known }) => known),
    clones: sum(clones, ({ unread }) => unread),
    bytes: 1000 * sum(clones, ({ kilobytes }) => Number(kilobytes ?? 0)),
    calls:
      sum(rows, ({ kind, known, unread }) => callsFor[kind] * unread + Math.min(1, callsFor[kind]) * known) +
      (scope.surfaces.dangling ? 2 * repositories : 0),
    people: people.filter(({ kind }) => kind === "user-repositories").length,
  };
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((all, row) => all + of(row), 0);

/** A budget in words, a line each. */
export function budgetLines({ targets, excluded, known, clones, bytes, calls, people, rateLimit }: Budget): string[] {
  const kinds = Object.entries(targets).map(([kind, all]) => `${all.toLocaleString("en")} ${plural(kind, all)}`);
  const limit = rateLimit
    ? `; the API allows ${rateLimit.remaining.toLocaleString("en")} of ${rateLimit.limit.toLocaleString("en")} until ${rateLimit.reset.toISOString().slice(11, 16)} UTC`
    : "";
  return [
    `to read: ${kinds.length === 0 ? "nothing" : kinds.join(", ")}${people > 0 ? `, of ${people} people` : ""}${excluded > 0 ? `; ${excluded.toLocaleString("en")} left out` : ""}`,
    `clones: ${clones.toLocaleString("en")}, ${gigabytes(bytes)}${known > 0 ? `; ${known.toLocaleString("en")} are known and only asked what is new` : ""}`,
    `requests: about ${calls.toLocaleString("en")}${limit}${hoursFor(calls, rateLimit)}`,
  ];
}

const plural = (kind: string, all: number): string => {
  if (["issues", "discussions", "releases", "actions-logs", "gist-comments"].includes(kind)) return `× ${kind}`;
  if (kind === "repository") return all === 1 ? kind : "repositories";
  return all === 1 ? kind : `${kind}s`;
};

const gigabytes = (bytes: number): string =>
  bytes === 0 ? "of unknown size" : `about ${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB on the forge`;

function hoursFor(calls: number, rateLimit: RateLimit | undefined): string {
  if (!rateLimit || calls <= rateLimit.remaining) return "";
  return `, so about ${Math.ceil((calls - rateLimit.remaining) / rateLimit.limit)} h of waiting`;
}
