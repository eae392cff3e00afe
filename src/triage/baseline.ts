/**
 * The baseline file: a line for each accepted secret, sorted, without a time, a path or a line number, so that nothing
 * but the acceptance of a secret changes it and branches merge.
 *
 *     ls1:f3ktu55wyfhhg3dtquvklkbx gitlab.pat allowed owner=ann@example.org until=2026-12-31 # revoked in March
 *
 * First fingerprint, rule and state; then, where known, owner and last day; behind ` # ` the reason. Lines that begin
 * with `#` are comments and stay. Order and repeated lines mean nothing when it is read: a union merge is a baseline.
 */
import { LeaksweepError } from "../errors.ts";
import type { BaselineEntry } from "../terms.ts";

export interface Baseline {
  /** Sorted by fingerprint, each once. */
  readonly entries: readonly BaselineEntry[];
  /** Lines that begin with `#`, the head of the file not among them. */
  readonly comments: readonly string[];
}

/** Where it lies: at the root of the repository that it speaks of. */
export const baselineName = ".leaksweep-baseline";

const version = 1;
const head = `# leaksweep baseline ${version}: fingerprint rule state [owner=…] [until=…] # reason`;

const entryLine =
  /^(?<fingerprint>l[sx]1:[a-z2-7]{24})[ \t]+(?<rule>[^\s#=]+)[ \t]+(?<state>known|allowed)(?:[ \t]+owner=(?<owner>\S+))?(?:[ \t]+until=(?<until>\d{4}-\d\d-\d\d))?(?:[ \t]+#[ \t]*(?<reason>.*?))?[ \t]*$/;

/**
 * What the text of a baseline file says; `name` stands in messages. Of two lines for one secret the one that accepts
 * more counts: allowed before known, then the later day.
 *
 * @throws LeaksweepError `baseline.invalid` at the first line that is none, is left of a merge conflict, or was written
 *   by a version to come.
 */
export function parseBaseline(text: string, name: string): Baseline {
  const entries: BaselineEntry[] = [];
  const comments: string[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const at = `${name}:${index + 1}`;
    if (line.startsWith("#")) {
      if (!isHead(line, at)) comments.push(line);
    } else entries.push(entryOf(line, at));
  }
  return { entries: settled(entries), comments };
}

/** The text of a baseline file that says the same. */
export function printBaseline({ entries, comments }: Baseline): string {
  return [head, ...comments, ...settled(entries).map(printEntry)].map((line) => `${line}\n`).join("");
}

/** An entry as its line, without the newline. What can't stand in a line (breaks, other controls) becomes a space. */
export function printEntry({ fingerprint, rule, state, owner, until, reason }: BaselineEntry): string {
  const words = [
    fingerprint,
    rule,
    state,
    ...(owner === undefined ? [] : [`owner=${owner.trim().replace(/[\s\p{C}]+/gu, "-")}`]),
    ...(until === undefined ? [] : [`until=${until}`]),
    ...(reason === undefined ? [] : [`# ${reason.replace(/[\s\p{C}]+/gu, " ").trim()}`]),
  ];
  return words.join(" ");
}

/** Whether an entry still holds on `today`, both `YYYY-MM-DD`. */
export const holds = ({ until }: Pick<BaselineEntry, "until">, today: string): boolean =>
  until === undefined || today <= until;

function isHead(line: string, at: string): boolean {
  const written = /^# leaksweep baseline (\d+)\b/.exec(line)?.[1];
  if (written === undefined) return false;
  if (Number(written) <= version) return true;
  throw refusal(at, `it has version ${written}, and this leaksweep knows ${version}`, "Update leaksweep.");
}

function entryOf(line: string, at: string): BaselineEntry {
  if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(line)) {
    const hint =
      "Keep the lines of both sides: their order does not matter. `.leaksweep-baseline merge=union` in .gitattributes saves you the next conflict.";
    throw refusal(at, "a merge conflict is left in it", hint);
  }
  const groups = entryLine.exec(line)?.groups;
  if (groups === undefined) {
    const hint = "A line reads: ls1:… rule.id known|allowed owner=… until=YYYY-MM-DD # reason.";
    throw refusal(at, "this line is no entry", hint);
  }
  const { fingerprint = "", rule = "-", state, owner, until, reason } = groups;
  if (until !== undefined && !isDay(until)) {
    throw refusal(at, `${until} is no day`, "Write the last day as YYYY-MM-DD.");
  }
  return {
    fingerprint,
    rule,
    state: state === "allowed" ? "allowed" : "known",
    ...(owner !== undefined && { owner }),
    ...(until !== undefined && { until }),
    ...(reason ? { reason } : {}),
  };
}

/** Whether `text` is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function settled(entries: readonly BaselineEntry[]): BaselineEntry[] {
  const byFingerprint = new Map<string, BaselineEntry>();
  for (const entry of entries) {
    const other = byFingerprint.get(entry.fingerprint);
    if (other === undefined || outranks(entry, other)) byFingerprint.set(entry.fingerprint, entry);
  }
  return [...byFingerprint.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

const forGood = "9999-12-31";

function outranks(one: BaselineEntry, other: BaselineEntry): boolean {
  if (one.state !== other.state) return one.state === "allowed";
  return (one.until ?? forGood) > (other.until ?? forGood);
}

const refusal = (at: string, problem: string, hint: string): LeaksweepError =>
  new LeaksweepError("baseline.invalid", `${at}: Cannot read baseline: ${problem}`, { hint });
