CREATE SCHEMA IF NOT EXISTS "leaksweep";
--> statement-breakpoint
CREATE TABLE "leaksweep"."rulepack" (
  "hash" text PRIMARY KEY,
  -- Rule id → digest of all that decides what the rule finds: two packs can be told apart rule by rule.
  "rules" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leaksweep"."sweep" (
  "id" serial PRIMARY KEY,
  -- What was asked for, in canonical form: the same words again resume an unfinished sweep.
  "scope" jsonb NOT NULL,
  "scope_key" text NOT NULL,
  "plan" jsonb NOT NULL,
  "rules" text NOT NULL REFERENCES "leaksweep"."rulepack" ("hash"),
  -- listing → ready → running → finished; abandoned by --restart.
  "state" text NOT NULL,
  "started" timestamptz NOT NULL DEFAULT now(),
  "finished" timestamptz
);
--> statement-breakpoint
CREATE INDEX "sweep_scope_key" ON "leaksweep"."sweep" ("scope_key", "id");
--> statement-breakpoint
-- One thing that can be read: a repository, wiki, gist, or the texts of one kind that a repository has. It outlives
-- sweeps; what is remembered of it (tips, rules, cursor) is what the next sweep need not read again.
CREATE TABLE "leaksweep"."target" (
  "id" bigserial PRIMARY KEY,
  "key" text NOT NULL UNIQUE,
  "kind" text NOT NULL,
  "name" text NOT NULL,
  "owner" text NOT NULL,
  "url" text NOT NULL,
  "web" text,
  -- Key of the target that this one was forked from, or whose texts it holds.
  "parent" text,
  "traits" jsonb NOT NULL DEFAULT '{}',
  "kilobytes" bigint,
  "pushed" text,
  "first_seen" timestamptz NOT NULL DEFAULT now(),
  "last_seen" timestamptz NOT NULL DEFAULT now(),
  "gone" timestamptz,
  "read_rules" text REFERENCES "leaksweep"."rulepack" ("hash"),
  "read_at" timestamptz,
  "memory" jsonb NOT NULL DEFAULT '{}'
);
--> statement-breakpoint
-- One list of targets that is being paged through.
CREATE TABLE "leaksweep"."listing" (
  "sweep_id" integer NOT NULL REFERENCES "leaksweep"."sweep" ("id") ON DELETE CASCADE,
  "key" text NOT NULL,
  "kind" text NOT NULL,
  "subject" text NOT NULL,
  "state" text NOT NULL DEFAULT 'open',
  -- Address of the next page; null before the first.
  "next" text,
  "seen" integer NOT NULL DEFAULT 0,
  "stated" integer,
  "reason" text,
  PRIMARY KEY ("sweep_id", "key")
);
--> statement-breakpoint
-- What one sweep made of one target.
CREATE TABLE "leaksweep"."visit" (
  "sweep_id" integer NOT NULL REFERENCES "leaksweep"."sweep" ("id") ON DELETE CASCADE,
  "target_id" bigint NOT NULL REFERENCES "leaksweep"."target" ("id"),
  "state" text NOT NULL DEFAULT 'planned',
  "reason" text,
  "skips" jsonb NOT NULL DEFAULT '[]',
  "bytes" bigint NOT NULL DEFAULT 0,
  -- clone, fetch, none: how its objects came here.
  "transport" text,
  "calls" integer NOT NULL DEFAULT 0,
  "ended" timestamptz,
  PRIMARY KEY ("sweep_id", "target_id")
);
--> statement-breakpoint
CREATE INDEX "visit_open" ON "leaksweep"."visit" ("sweep_id", "state") WHERE "ended" IS NULL;
--> statement-breakpoint
CREATE INDEX "visit_ended" ON "leaksweep"."visit" ("sweep_id", "ended");
--> statement-breakpoint
-- One secret, wherever it was found. Only its fingerprint and its redacted form: the secret itself is never here.
CREATE TABLE "leaksweep"."finding" (
  "fingerprint" text PRIMARY KEY,
  "rule" text NOT NULL,
  "name" text NOT NULL,
  "provider" text NOT NULL,
  "kind" text NOT NULL,
  "generic" boolean NOT NULL,
  "severity" text NOT NULL,
  "confidence" text NOT NULL,
  "score" double precision NOT NULL,
  "secret" text,
  "facts" jsonb NOT NULL,
  "revoke" jsonb,
  -- Its other parts, redacted: an access key's id beside its secret.
  "components" jsonb NOT NULL DEFAULT '[]',
  "first_sweep" integer NOT NULL,
  "first_seen" timestamptz NOT NULL DEFAULT now(),
  "last_seen" timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
-- A finding in a target.
CREATE TABLE "leaksweep"."place" (
  "fingerprint" text NOT NULL REFERENCES "leaksweep"."finding" ("fingerprint") ON DELETE CASCADE,
  "target_id" bigint NOT NULL REFERENCES "leaksweep"."target" ("id"),
  "status" text NOT NULL,
  "verdict" text NOT NULL,
  "verdict_reason" text,
  "introduced" jsonb,
  "removed" jsonb,
  "refs" jsonb NOT NULL,
  "occurrences" jsonb NOT NULL,
  "first_sweep" integer NOT NULL,
  "last_sweep" integer NOT NULL,
  "first_seen" timestamptz NOT NULL DEFAULT now(),
  "last_seen" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("target_id", "fingerprint")
);
--> statement-breakpoint
CREATE INDEX "place_fingerprint" ON "leaksweep"."place" ("fingerprint");
--> statement-breakpoint
-- What is known of a credential's rate limit. Its id is a digest: the credential itself is never here.
CREATE TABLE "leaksweep"."credential" (
  "id" text PRIMARY KEY,
  "paused_until" timestamptz,
  "reason" text,
  "limit" integer,
  "remaining" integer,
  "reset" timestamptz,
  "calls" bigint NOT NULL DEFAULT 0
);
--> statement-breakpoint
CREATE TABLE "leaksweep"."worker" (
  "id" text PRIMARY KEY,
  "host" text NOT NULL,
  "pid" integer NOT NULL,
  "started" timestamptz NOT NULL DEFAULT now(),
  "seen" timestamptz NOT NULL DEFAULT now(),
  "doing" jsonb NOT NULL DEFAULT '[]'
);
