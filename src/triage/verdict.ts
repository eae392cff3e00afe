/** Whether somebody who may say so has accepted a finding. Detection never asks: an accepted secret is still found. */
import type { Allowance, Status, Verdict } from "../terms.ts";

/** One secret that somebody accepted: an `allow` entry of the config, or a line of a baseline. */
export interface Acceptance {
  readonly fingerprint: string;
  readonly reason?: string;
  /** Last day on which it holds, `YYYY-MM-DD`. Absent: it never ends. */
  readonly until?: string;
}

/** What a verdict needs to know of a finding. */
export interface Judged {
  readonly fingerprint: string;
  /** The rule's id. */
  readonly rule: string;
  readonly occurrences: readonly { readonly status: Status; readonly allowance?: Allowance }[];
}

export interface Acceptances {
  /** `allow` entries of the config, and lines of the baseline with that state. */
  readonly allowed: readonly Acceptance[];
  /** The rest of the baseline: findings that were there before anyone looked. */
  readonly known: readonly Acceptance[];
  /** `YYYY-MM-DD`; passed in, since nothing here reads a clock. */
  readonly today: string;
}

/**
 * The verdict on a finding, and why, when somebody said why. Config and allowed lines of the baseline come before
 * comments, and those before the rest of the baseline. An acceptance that has ended leaves the finding new and says so in `reason`.
 */
export function verdict(judged: Judged, { allowed, known, today }: Acceptances): { verdict: Verdict; reason?: string } {
  const ours = ({ fingerprint }: Acceptance): boolean => fingerprint === judged.fingerprint;
  const holds = ({ until }: Acceptance): boolean => until === undefined || today <= until;

  const allow = allowed.find((entry) => ours(entry) && holds(entry));
  if (allow !== undefined) return { verdict: "allowed", ...reasonOf(allow) };
  const comment = coveringComment(judged);
  if (comment !== undefined) return { verdict: "allowed", ...reasonOf(comment) };
  const accepted = known.find((entry) => ours(entry) && holds(entry));
  if (accepted !== undefined) return { verdict: "known", ...reasonOf(accepted) };

  const ended = [...allowed, ...known].find(ours);
  if (ended?.until === undefined) return { verdict: "new" };
  const why = ended.reason === undefined ? "" : `: ${ended.reason}`;
  return { verdict: "new", reason: `accepted until ${ended.until}${why}` };
}

/**
 * The first allow comment, when comments cover the finding: each place where the secret still is has one, and there
 * is at least one. Places where it is gone need none, for nobody can add a comment to history.
 */
function coveringComment({ rule, occurrences }: Judged): Allowance | undefined {
  const covers = ({ allowance }: { allowance?: Allowance }): boolean =>
    allowance !== undefined && (allowance.rule === undefined || allowance.rule === rule);
  const gone = ({ status }: { status: Status }): boolean => status === "removed" || status === "unreachable";
  if (!occurrences.every((occurrence) => covers(occurrence) || gone(occurrence))) return undefined;
  return occurrences.find(covers)?.allowance;
}

const reasonOf = ({ reason }: Allowance | Acceptance): { reason?: string } => (reason === undefined ? {} : { reason });
