/** What can be done to a baseline: all pure, from entries and findings to entries. */
import type { BaselineAudit, BaselineEntry, Finding } from "../terms.ts";
import { holds } from "./baseline.ts";

export interface AuditOptions {
  /** All of the run, whatever their verdict and confidence. */
  readonly findings: readonly Pick<Finding, "fingerprint">[];
  /** The run read everything that the baseline speaks of, with the rule of this entry. */
  readonly canTell: (entry: BaselineEntry) => boolean;
  readonly today: string;
}

/** Looks for entries that nobody needs any more, and for those that have ended. */
export function audit(entries: readonly BaselineEntry[], { findings, canTell, today }: AuditOptions): BaselineAudit {
  const met = new Set(findings.map(({ fingerprint }) => fingerprint));
  return {
    entries: entries.length,
    stale: entries.filter((entry) => !met.has(entry.fingerprint) && canTell(entry)),
    expired: entries.filter((entry) => !holds(entry, today)),
  };
}

/** An entry for a finding that was there when somebody first looked. */
const knownOf = ({ fingerprint, rule }: Finding): BaselineEntry => ({ fingerprint, rule: rule.id, state: "known" });

/**
 * `entries` and one for each new finding that has none. Those that have ended are left as they are: to go on accepting
 * a secret is a decision, and not made by an update. Rules that an entry does not know are filled in.
 */
export function withFindings(entries: readonly BaselineEntry[], findings: readonly Finding[]): BaselineEntry[] {
  const ruleOf = new Map(findings.map(({ fingerprint, rule }) => [fingerprint, rule.id]));
  const kept = entries.map((entry) => ({
    ...entry,
    rule: entry.rule === "-" ? (ruleOf.get(entry.fingerprint) ?? "-") : entry.rule,
  }));
  const known = new Set(entries.map(({ fingerprint }) => fingerprint));
  const fresh = findings.filter(({ fingerprint, verdict }) => verdict === "new" && !known.has(fingerprint));
  return [...kept, ...fresh.map(knownOf)];
}

/** `entries` without those that an audit found stale or expired. */
export function pruned(entries: readonly BaselineEntry[], { stale, expired }: BaselineAudit): BaselineEntry[] {
  const gone = new Set([...stale, ...expired].map(({ fingerprint }) => fingerprint));
  return entries.filter(({ fingerprint }) => !gone.has(fingerprint));
}

/** `entries` with `accepted` in place of an earlier entry for its secret, whose rule it takes when it has none. */
export function withAccepted(entries: readonly BaselineEntry[], accepted: BaselineEntry): BaselineEntry[] {
  const earlier = entries.find(({ fingerprint }) => fingerprint === accepted.fingerprint);
  const rule = accepted.rule === "-" ? (earlier?.rule ?? "-") : accepted.rule;
  return [...entries.filter((entry) => entry !== earlier), { ...accepted, rule }];
}
