/**
 * The store's tables as the code sees them. What each one is for stands in the migrations, which make them; a change
 * is a new numbered migration and the same change here, and the store's test holds the two together.
 */
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  serial,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { ListingKind, TargetKind, Traits } from "../../sources/forge.ts";
import type { CommitInfo, Confidence, Facts, Occurrence, Severity } from "../../terms.ts";
import type { CountedSkip } from "../counted-skips.ts";
import type { Memory } from "../memory.ts";
import type { Scope } from "../scope.ts";

const leaksweep = pgSchema("leaksweep");

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const rulepacks = leaksweep.table("rulepack", {
  hash: text().primaryKey(),
  rules: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
});

/**
 * `listing`: targets are being looked up. `ready`: all are known. `running`: they are read. `trial`: it is only to be
 * priced, by the one process that began it and then forgets it; for all others it is not there.
 */
export type SweepState = "listing" | "ready" | "running" | "finished" | "abandoned" | "trial";

export const sweeps = leaksweep.table("sweep", {
  id: serial().primaryKey(),
  scope: jsonb().$type<Scope>().notNull(),
  scopeKey: text("scope_key").notNull(),
  plan: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  rules: text().notNull(),
  state: text().$type<SweepState>().notNull(),
  started: moment("started").notNull().defaultNow(),
  finished: moment("finished"),
});

export const targets = leaksweep.table("target", {
  id: bigserial({ mode: "number" }).primaryKey(),
  key: text().notNull().unique(),
  kind: text().$type<TargetKind>().notNull(),
  name: text().notNull(),
  owner: text().notNull(),
  url: text().notNull(),
  web: text(),
  parent: text(),
  traits: jsonb().$type<Traits>().notNull().default({}),
  kilobytes: bigint({ mode: "number" }),
  pushed: text(),
  firstSeen: moment("first_seen").notNull().defaultNow(),
  lastSeen: moment("last_seen").notNull().defaultNow(),
  gone: moment("gone"),
  readRules: text("read_rules"),
  readAt: moment("read_at"),
  memory: jsonb().$type<Memory>().notNull().default({}),
});

export type ListingState = "open" | "done" | "failed";

export const listings = leaksweep.table(
  "listing",
  {
    sweepId: integer("sweep_id").notNull(),
    key: text().notNull(),
    kind: text().$type<ListingKind>().notNull(),
    subject: text().notNull(),
    state: text().$type<ListingState>().notNull().default("open"),
    next: text(),
    seen: integer().notNull().default(0),
    nameless: integer().notNull().default(0),
    stated: integer(),
    reason: text(),
  },
  (table) => [primaryKey({ columns: [table.sweepId, table.key] })],
);

/**
 * `planned` and `queued` are still to be read. `unchanged`: known to be as it was when it was last read. `absent`:
 * there is nothing, and that is no fault (a wiki that nobody wrote). `incomplete`: read in part. `failed`: not read.
 * `excluded`: the user left it out.
 */
export type VisitState = "planned" | "queued" | "read" | "unchanged" | "absent" | "incomplete" | "failed" | "excluded";

export const visits = leaksweep.table(
  "visit",
  {
    sweepId: integer("sweep_id").notNull(),
    targetId: bigint("target_id", { mode: "number" }).notNull(),
    state: text().$type<VisitState>().notNull().default("planned"),
    reason: text(),
    skips: jsonb().$type<readonly CountedSkip[]>().notNull().default([]),
    bytes: bigint({ mode: "number" }).notNull().default(0),
    transport: text().$type<"clone" | "fetch" | "none">(),
    calls: integer().notNull().default(0),
    ended: moment("ended"),
  },
  (table) => [primaryKey({ columns: [table.sweepId, table.targetId] })],
);

export const findings = leaksweep.table("finding", {
  fingerprint: text().primaryKey(),
  rule: text().notNull(),
  name: text().notNull(),
  provider: text().notNull(),
  kind: text().$type<"secret" | "exposure" | "file">().notNull(),
  generic: boolean().notNull(),
  severity: text().$type<Severity>().notNull(),
  confidence: text().$type<Confidence>().notNull(),
  score: doublePrecision().notNull(),
  secret: text(),
  facts: jsonb().$type<Facts>().notNull(),
  revoke: jsonb().$type<{ readonly url?: string; readonly steps?: string }>(),
  components: jsonb().$type<readonly { readonly rule: string; readonly secret: string }[]>().notNull().default([]),
  firstSweep: integer("first_sweep").notNull(),
  firstSeen: moment("first_seen").notNull().defaultNow(),
  lastSeen: moment("last_seen").notNull().defaultNow(),
});

export const places = leaksweep.table(
  "place",
  {
    fingerprint: text().notNull(),
    targetId: bigint("target_id", { mode: "number" }).notNull(),
    status: text().$type<"present" | "removed" | "unreachable" | "uncommitted">().notNull(),
    verdict: text().$type<"new" | "known" | "allowed">().notNull(),
    verdictReason: text("verdict_reason"),
    introduced: jsonb().$type<CommitInfo>(),
    removed: jsonb().$type<CommitInfo>(),
    refs: jsonb().$type<readonly string[]>().notNull(),
    occurrences: jsonb().$type<readonly Occurrence[]>().notNull(),
    further: integer().notNull().default(0),
    firstSweep: integer("first_sweep").notNull(),
    lastSweep: integer("last_sweep").notNull(),
    firstSeen: moment("first_seen").notNull().defaultNow(),
    lastSeen: moment("last_seen").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.targetId, table.fingerprint] })],
);

export const credentials = leaksweep.table("credential", {
  id: text().primaryKey(),
  pausedUntil: moment("paused_until"),
  reason: text(),
  limit: integer(),
  remaining: integer(),
  reset: moment("reset"),
  calls: bigint({ mode: "number" }).notNull().default(0),
});

export const workers = leaksweep.table("worker", {
  id: text().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  started: moment("started").notNull().defaultNow(),
  seen: moment("seen").notNull().defaultNow(),
  doing: jsonb().$type<readonly string[]>().notNull().default([]),
});
