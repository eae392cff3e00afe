/** Findings as a store keeps them: without their secrets, and what is known of a place joined with what is told anew. */
import { veiled } from "../report/veil.ts";
import type { Finding, Occurrence, Result, Status } from "../terms.ts";
import { earliest } from "../triage/earliest.ts";
import type { findings, places } from "./store/schema.ts";

/** A finding as the store keeps it: without its secret. */
export interface Note {
  readonly finding: typeof findings.$inferInsert;
  readonly place: NotedPlace;
}

/** A finding in a target. */
export type NotedPlace = Omit<typeof places.$inferInsert, "targetId" | "firstSweep" | "lastSweep">;

/** The findings of a result, secrets taken out of them and of every string around them. */
export function notesOf(result: Result, sweep: number): Note[] {
  return veiled(result).findings.map((finding) => noteOf(finding, sweep));
}

function noteOf(finding: Finding, sweep: number): Note {
  const { fingerprint, rule, introduced, removed, verdictReason } = finding;
  return {
    finding: {
      fingerprint,
      rule: rule.id,
      name: rule.name,
      provider: rule.provider,
      kind: rule.kind,
      generic: rule.generic,
      severity: rule.severity,
      confidence: finding.confidence,
      score: finding.score,
      secret: finding.secret?.redacted ?? null,
      facts: finding.facts,
      revoke: rule.revoke ?? null,
      components: finding.components.map(({ rule, secret }) => ({ rule, secret: secret.redacted })),
      firstSweep: sweep,
    },
    place: {
      fingerprint,
      status: finding.status,
      verdict: finding.verdict,
      verdictReason: verdictReason ?? null,
      introduced: introduced ?? null,
      removed: removed ?? null,
      refs: finding.refs,
      ...keptOf(finding.occurrences, 0),
    },
  };
}

/**
 * Occurrences kept of one finding in one target. A row of a million would be more than the engine takes; what is beyond
 * is counted.
 */
const mostOccurrences = 10_000;

/** Occurrences as they are kept, after `further` that were cut before. */
export function keptOf(
  occurrences: readonly Occurrence[],
  further: number,
): { readonly occurrences: readonly Occurrence[]; readonly further: number } {
  const cut = Math.max(0, occurrences.length - mostOccurrences);
  return { occurrences: occurrences.slice(0, mostOccurrences), further: further + cut };
}

/** The worse a status is, the lower its number: what still stands comes first. */
export const statusRank: Readonly<Record<Status, number>> = { present: 0, uncommitted: 1, removed: 2, unreachable: 3 };

/**
 * How much of a target was read: the whole of it; what is new since the last time; or `again` all that a forge still
 * shows, of which what is known already is told once more.
 */
export type Reading = "whole" | "new" | "again";

/**
 * A place as it was told before and as it is told now. What was read before may have vanished since, so the earlier
 * beginning stays; and where not the whole was read, so do the other occurrences, and what still stands among them.
 */
export function joinedPlaces(before: NotedPlace | undefined, now: NotedPlace, reading: Reading): NotedPlace {
  if (before === undefined) return now;
  const introduced = earliest([before.introduced, now.introduced].flatMap((info) => info ?? [])) ?? null;
  if (reading === "whole") return { ...now, introduced };
  const { status, removed = null, refs } = statusRank[before.status] < statusRank[now.status] ? before : now;
  const known = new Set(now.occurrences.map(whereabouts));
  const others = before.occurrences.filter((occurrence) => !known.has(whereabouts(occurrence)));
  const earlier = before.further ?? 0;
  const kept = keptOf([...now.occurrences, ...others], now.further ?? 0);
  // What is told once more was counted before.
  const further = reading === "again" ? Math.max(earlier, kept.further) : earlier + kept.further;
  return { ...now, introduced, status, removed, refs, ...kept, further };
}

const whereabouts = ({ where, path, member }: Occurrence): string => `${where}\0${path}\0${member}`;
