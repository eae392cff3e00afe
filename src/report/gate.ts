/**
 * What a person sees whose push or commit was stopped: what and where, how to get it out of exactly these commits,
 * where to revoke it, how to allow it, how to go on all the same. Nothing else: whoever reads it wants to work.
 */
import type { Finding, Result, Skip } from "../terms.ts";
import { fill, joined, solid, words } from "./columns.ts";
import { printable } from "./escape.ts";
import { placeName } from "./place.ts";
import type { RenderOptions } from "./reporter.ts";
import { margin, paragraph, row, type Sheet, sheetOf } from "./sheet.ts";
import { skipGroups, skipName } from "./skip-groups.ts";
import { shown } from "./veil.ts";
import { counted, shortId } from "./wording.ts";

/** One thing to do: a sentence, and the commands that follow it. */
export interface GateStep {
  readonly text: string;
  readonly commands: readonly string[];
}

export interface GateReport {
  /** What was stopped. */
  readonly action: "push" | "commit";
  /** What stopped it, with the steps that cure each; none where only something could not be read. */
  readonly stopping: readonly { readonly finding: Finding; readonly steps: readonly GateStep[] }[];
  readonly skips: Result["skips"];
  /** How to accept a finding for good. */
  readonly allow: (finding: Finding) => string;
  /** The command that goes on all the same; absent where there is none. */
  readonly bypass?: string;
  /** What to do about it, where the time was not enough. */
  readonly late?: string;
}

/** Lines of the report, each with its end. Give it a result without secrets in its strings (`veiled`). */
export function* renderGate(report: GateReport, options: RenderOptions): Generator<string> {
  const sheet = sheetOf(options);
  for (const line of linesOf(report, sheet)) yield `${line}\n`;
}

/** More than so many findings nobody reads in a terminal. */
const most = 20;

function* linesOf(report: GateReport, sheet: Sheet): Generator<string> {
  const { action, stopping, skips, allow, bypass, late } = report;
  const faults = skips.filter(({ by }) => by === "fault");
  yield* paragraph(words(`leaksweep: ${headline(report, faults)}`, sheet.style.bad), sheet);
  yield "";
  for (const { finding, steps } of stopping.slice(0, most)) {
    yield* block(finding, { steps, allow: allow(finding), sheet });
    yield "";
  }
  if (stopping.length > most) {
    yield* paragraph(words(`And ${counted(stopping.length - most, "more secret")}, shown once these are gone.`), sheet);
    yield "";
  }
  if (faults.length > 0) {
    yield* unread(faults, sheet);
    if (late !== undefined) yield* row("", words(late), sheet);
    yield "";
  }
  if (bypass !== undefined) yield* paragraph([...words(`To ${action} all the same:`), solid(bypass)], sheet);
}

function headline({ action, stopping }: GateReport, faults: readonly Skip[]): string {
  const what = action === "push" ? "this push" : "this commit";
  if (stopping.length === 0) return `${what} was stopped: not all of it could be read.`;
  const kinds = new Set(stopping.map(({ finding }) => finding.rule.kind));
  const secrets = kinds.has("secret") ? "new secret" : kinds.has("file") ? "unwanted file" : "open door";
  const tail = faults.length === 0 ? "" : " And not all of it could be read.";
  return `${what} was stopped: it would add ${counted(stopping.length, secrets)}.${tail}`;
}

function* block(
  finding: Finding,
  { steps, allow, sheet }: { steps: readonly GateStep[]; allow: string; sheet: Sheet },
): Generator<string> {
  const { rule, secret, introduced } = finding;
  const { style, options } = sheet;
  const token = secret === undefined ? [] : [solid(printable(shown(secret, options)), style.secret)];
  yield* fill([...words(printable(rule.name), style.strong), ...token], {
    lead: solid(rule.severity, style.severity[rule.severity]),
    indent: margin,
    width: options.width,
  });
  yield* places(finding, sheet);
  if (finding.verdictReason !== undefined) {
    // Of an acceptance that has ended the reason itself says so.
    const more = finding.verdictReason.startsWith("allowed") ? " That does not count here." : "";
    yield* row("  note", words(`${printable(finding.verdictReason)}.${more}`), sheet);
  }
  if (introduced) {
    const { commit, date, author } = introduced;
    yield* row("  commit", words(printable(`${shortId(commit)} of ${date.slice(0, 10)} by ${author.name}`)), sheet);
  }
  for (const [index, { text, commands }] of steps.entries()) {
    yield* row(index === 0 ? "  fix" : "", words(printable(text)), sheet);
    // Not wrapped: it is there to be copied.
    for (const command of commands) yield `${" ".repeat(margin + 2)}${style.command(printable(command))}`;
  }
  if (secret !== undefined) yield* row("  revoke", revocation(finding, sheet), sheet);
  yield* row("  allow", words(printable(allow)), sheet);
}

const few = 4;

function* places({ occurrences }: Finding, sheet: Sheet): Generator<string> {
  // A line that says "and 1 more" takes the room of what it hides.
  const told = occurrences.length <= few + 1 ? occurrences : occurrences.slice(0, few);
  for (const [index, occurrence] of told.entries()) {
    yield* row(index === 0 ? "  where" : "", [solid(printable(placeName(occurrence)), sheet.style.place)], sheet);
  }
  const rest = occurrences.length - told.length;
  if (rest > 0) yield* row("", words(`and ${counted(rest, "more place")}`, sheet.style.faint), sheet);
}

function revocation({ rule }: Finding, { style }: Sheet) {
  const url = rule.revoke?.url;
  if (url === undefined) return words("It, where it was issued, if it ever left this machine.");
  return [...words("It, if it ever left this machine:"), joined(solid(printable(url), style.link))];
}

function* unread(faults: readonly Skip[], sheet: Sheet): Generator<string> {
  for (const [index, group] of skipGroups(faults).entries()) {
    const names = group.skips.slice(0, 3).map(skipName).join(", ");
    const text = `${counted(group.skips.length, "time")} ${group.reason}${names && `: ${names}`}`;
    yield* row(index === 0 ? "not read" : "", words(printable(text)), sheet);
  }
}
