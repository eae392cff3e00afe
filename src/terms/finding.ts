/** Terms: what a run found, and what it covered. */
import type { Secret } from "../bytes/secret.ts";
import type { Component, Facts, Location, Reason } from "./match.ts";
import type { Confidence, Rule } from "./rule.ts";
import type { CommitInfo, Skip, Status, Tally, Where } from "./source.ts";

export type Verdict = "new" | "known" | "allowed";
export type Liveness = "unchecked" | "live" | "dead" | "unknown";

/** One secret at one (where, path, member) over an unbroken run of versions. */
export interface Occurrence extends Location {
  readonly path: string;
  readonly where: Where;
  readonly first: { readonly commit: string | null; readonly blob: string | null };
  readonly last: { readonly commit: string | null; readonly blob: string | null };
  readonly versions: number;
  readonly commit: string | null;
  readonly blob: string | null;
  readonly status: Status;
  readonly decoded: readonly string[];
  readonly member: string | null;
  readonly url: string | null;
}

/** All occurrences of one secret. */
export interface Finding {
  readonly fingerprint: string;
  readonly rule: Rule;
  /** Only of a rule for secrets. */
  readonly secret?: Secret;
  readonly confidence: Confidence;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly verdict: Verdict;
  /** Why it is known or allowed, when somebody said. */
  readonly verdictReason?: string;
  readonly status: Status;
  readonly liveness: Liveness;
  /** Why it is unknown, or why nobody asked, when somebody wanted to. */
  readonly livenessReason?: string;
  readonly facts: Facts;
  readonly introduced?: CommitInfo;
  readonly removed?: CommitInfo;
  readonly refs: readonly string[];
  readonly components: readonly Component[];
  readonly occurrences: readonly Occurrence[];
}

/** One accepted secret: a line of a baseline. */
export interface BaselineEntry {
  readonly fingerprint: string;
  /** Id of the rule that found it, for readers; `-` where nobody knows. The fingerprint alone decides. */
  readonly rule: string;
  /** `known`: it was there when somebody first looked. `allowed`: somebody looked at this one and accepted it. */
  readonly state: "known" | "allowed";
  /** Who answers for it: one word, mostly an address. */
  readonly owner?: string;
  /** Last day (UTC, `YYYY-MM-DD`) on which it is accepted; absent: for good. */
  readonly until?: string;
  readonly reason?: string;
}

/** What is the matter between a baseline of so many entries and the findings of a run. */
export interface BaselineAudit {
  readonly entries: number;
  /** Accepted, and met nowhere by a run that read everything; empty for a run that cannot tell. */
  readonly stale: readonly BaselineEntry[];
  /** Accepted until a day that is over. */
  readonly expired: readonly BaselineEntry[];
}

export interface Target {
  readonly kind: "git" | "dir" | "stdin" | "staged" | "push" | "sweep";
  readonly path: string;
  readonly url: string | null;
  readonly range: string | null;
}

/** What one run found and what it covered. Reporters render it; nothing in it prints a secret by accident. */
export interface Result {
  readonly target: Target;
  readonly rules: string;
  /** No skip by fault. */
  readonly complete: boolean;
  readonly tally: Tally & { readonly skipped: number; readonly seconds: number };
  readonly skips: readonly Skip[];
  readonly findings: readonly Finding[];
  readonly baseline?: BaselineAudit;
  /** When an earlier run read all of it, RFC 3339; nothing has changed since. */
  readonly remembered?: string;
}
