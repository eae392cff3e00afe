/** Whether somebody who may say so has accepted a finding. Detection never asks: an accepted secret is still found. */
import type { Allowance, Status, Verdict } from "../terms.ts";

/** One secret that somebody accepted: an `allow` entry of the config, or a line of a baseline. */
export interface Acceptance {
  readonly fingerprint: string;
  readonly reason?: string;
  /** Last day on which it holds, `YYYY-MM-DD`. Absent: it never ends. */
  readonly until?: string;
}

/** What a verdict needs to know of an occurrence. */
export interface JudgedOccurrence {
  readonly status: Status;
  /** Of a comment beside it. */
  readonly allowance?: Allowance;
  /** Of a file of another scanner, which speaks of places in history, too. */
  readonly permit?: Allowance;
}

/** What a verdict needs to know of a finding. */
export interface Judged {
  readonly fingerprint: string;
  /** The rule's id. */
  readonly rule: string;
  readonly occurrences: readonly JudgedOccurrence[];
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
  const comment = covering(judged);
  if (comment !== undefined) return { verdict: "allowed", ...reasonOf(comment) };
  const accepted = known.find((entry) => ours(entry) && holds(entry));
  if (accepted !== undefined) return { verdict: "known", ...reasonOf(accepted) };

  const ended = [...allowed, ...known].find(ours);
  if (ended?.until === undefined) return { verdict: "new" };
  const why = ended.reason === undefined ? "" : `: ${ended.reason}`;
  return { verdict: "new", reason: `accepted until ${ended.until}, which is over${why}` };
}

/**
 * What allows the finding, when every place of it is allowed and there is one: by a comment, or by a file of another
 * scanner. Where the secret is gone a comment elsewhere will do, for nobody can add a comment to history.
 */
function covering({ rule, occurrences }: Judged): Allowance | undefined {
  const comment = ({ allowance }: JudgedOccurrence): Allowance | undefined =>
    allowance !== undefined && (allowance.rule === undefined || allowance.rule === rule) ? allowance : undefined;
  const commented = occurrences.find((occurrence) => comment(occurrence) !== undefined);
  const isGone = ({ status }: JudgedOccurrence): boolean => status === "removed" || status === "unreachable";
  const answers = occurrences.map((one) => comment(one) ?? one.permit);
  const open = occurrences.filter((_, index) => answers[index] === undefined);
  if (!open.every((occurrence) => commented !== undefined && isGone(occurrence))) return undefined;
  return answers.find((answer) => answer !== undefined);
}

const reasonOf = ({ reason }: Allowance | Acceptance): { reason?: string } => (reason === undefined ? {} : { reason });
