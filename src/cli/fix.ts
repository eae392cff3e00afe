/** What `leaksweep fix` does: scans, holds what it finds against what is to be done, and says what is left. */
import { existsSync } from "node:fs";
import { resolve, sep } from "node:path";
import { LeaksweepError } from "../errors.ts";
import { solid, type Word, words } from "../report/columns.ts";
import { printable } from "../report/escape.ts";
import { placeName } from "../report/place.ts";
import { paragraph, row, type Sheet, sheetOf } from "../report/sheet.ts";
import { shown, veiled } from "../report/veil.ts";
import { counted } from "../report/wording.ts";
import { rulesOf } from "../scan/rules.ts";
import type { Finding, Result } from "../terms.ts";
import { type Check, checklist, isDone, type Seen } from "../triage/checklist.ts";
import { quote } from "../triage/quote.ts";
import { replacements } from "../triage/replacements.ts";
import type { FixFlags } from "./commands/fix.ts";
import { leastOf } from "./exit.ts";
import type { Io } from "./io.ts";
import { writeWhole } from "./output.ts";
import { planOf, renderOptions, watched } from "./run.ts";
import { version } from "./version.ts";

/** A secret, and what is to be done about it. */
interface Case extends Seen {
  readonly fingerprint: string;
  readonly checks: readonly Check[];
}

/**
 * Prints the checklists. Exit code 1 while something is left to do that the scan sees, 3 when not all could be read and
 * nothing is left in the rest, 0 otherwise: whether a secret was revoked is no part of it.
 *
 * @throws LeaksweepError `usage.invalid` for a file of replacements that is there or lies in the target.
 */
export async function fix(
  { first, second }: { readonly first: string | undefined; readonly second: string | undefined },
  { format, from, replacements: file, ...typed }: FixFlags,
  io: Io,
): Promise<void> {
  const fingerprint = first !== undefined && isFingerprint(first) ? first : undefined;
  const target = (fingerprint === undefined ? first : second) ?? ".";
  if (file !== undefined) expectNew(file, { target, io });
  const job = { command: "scan", paths: [target] } as const;
  const plan = await planOf(job, typed, io);
  const least = fingerprint === undefined && from === undefined ? leastOf(plan) : "low";
  const result = await watched({ ...job, least }, { plan, typed, io });
  const before = from === undefined ? undefined : await recorded(from, { typed, io, target });
  const asked = seenOf({ before, now: result.findings }, fingerprint);
  if (file !== undefined) await writeReplacements(file, asked, io);
  const told = typed.redact === false ? result : veiled(result);
  const cases = asked.map((one) => caseOf(one, told, file));
  if (format === "json") await io.print([json(cases, result)]);
  else await io.print(text(cases, { result: told, sheet: sheetOf(renderOptions(typed, io)) }));
  const isAllDone = cases.every(({ checks }) => isDone(checks));
  io.exitWith(io.stopped() ?? (isAllDone ? (result.complete ? 0 : 3) : 1));
}

const isFingerprint = (word: string): boolean => /^l[sx]1:/.test(word);

/** The findings of a file, as they were. */
async function recorded(
  from: string,
  { typed, io, target }: { readonly typed: Omit<FixFlags, "format">; readonly io: Io; readonly target: string },
): Promise<readonly Finding[]> {
  const { readResult } = await import("../config/result-file.ts");
  const { format: _, ...flags } = typed as FixFlags;
  const { rules } = await rulesOf(await planOf({ command: "scan", paths: [target] }, flags, io));
  return (await readResult(from, { cwd: io.cwd, rules })).findings;
}

/** What is asked about: one secret by its name, those of a file, or all that are new. */
function seenOf(
  { before, now }: { readonly before: readonly Finding[] | undefined; readonly now: readonly Finding[] },
  fingerprint: string | undefined,
): readonly (Seen & { readonly fingerprint: string })[] {
  const wanted =
    fingerprint === undefined
      ? (before ?? now).filter(({ verdict }) => verdict === "new").map((finding) => finding.fingerprint)
      : [fingerprint];
  return wanted.map((name) => {
    const [was, is] = [before, now].map((some) => some?.find((finding) => finding.fingerprint === name));
    return { fingerprint: name, ...(was && { before: was }), ...(is && { now: is }) };
  });
}

function caseOf(
  { fingerprint, before, now }: Seen & { readonly fingerprint: string },
  { findings, complete }: Result,
  file: string | undefined,
): Case {
  // As it may be told: what it was found by is for the file alone.
  const veil = now && findings.find((finding) => finding.fingerprint === fingerprint);
  const seen: Seen = { ...(before && { before }), ...(veil && { now: veil }) };
  const checks = checklist(seen, complete).map((check) => withFile(check, file));
  return { fingerprint, ...seen, checks };
}

/** The command with the file that was just written in it. */
function withFile(check: Check, file: string | undefined): Check {
  if (file === undefined || !check.command?.includes("../secrets.txt")) return check;
  const command = check.command.replace("../secrets.txt", () => quote(file));
  return { ...check, text: check.text.replace(/ \(list it in [^)]*\)/, ""), command };
}

// ---------------------------------------------------------------- the file

function expectNew(file: string, { target, io }: { readonly target: string; readonly io: Io }): void {
  const path = resolve(io.cwd, file);
  const refuse = (why: string, hint: string): never => {
    throw new LeaksweepError("usage.invalid", `Cannot write secrets to "${file}": ${why}`, { hint });
  };
  if (existsSync(path)) refuse("there is such a file", "Name a new one: nothing is overwritten with secrets.");
  if (path.startsWith(resolve(io.cwd, target) + sep)) {
    refuse(
      "it would lie in what was scanned, and be committed some day",
      "Name a file outside, such as ../secrets.txt.",
    );
  }
}

async function writeReplacements(file: string, asked: readonly Seen[], io: Io): Promise<void> {
  const lines = replacements(asked.flatMap(({ now }) => (now === undefined ? [] : [now])));
  await writeWhole(resolve(io.cwd, file), lines);
  io.note(
    `leaksweep: ${counted(lines.length, "secret")} in "${printable(file)}", in full: delete it when you have done`,
  );
}

// ---------------------------------------------------------------- what is told

interface Telling {
  readonly result: Result;
  readonly sheet: Sheet;
}

function* text(cases: readonly Case[], telling: Telling): Generator<string> {
  for (const one of cases) yield* lines([...block(one, telling), ""]);
  yield* lines(answer(cases, telling));
}

/** Places that are named: the checklist says the rest. */
const few = 3;

function* block({ fingerprint, before, now, checks }: Case, { sheet }: Telling): Generator<string> {
  const { style, options } = sheet;
  const finding = now ?? before;
  const name = finding === undefined ? [] : words(printable(finding.rule.name), style.strong);
  const secret = finding?.secret === undefined ? [] : [solid(printable(shown(finding.secret, options)), style.secret)];
  const severity = finding?.rule.severity;
  if (finding !== undefined && severity !== undefined) yield* row(severity, [...name, ...secret], sheet);
  for (const [at, one] of (now?.occurrences ?? []).slice(0, few).entries()) {
    yield* row(at === 0 ? "  where" : "", [solid(printable(placeName(one)), style.place)], sheet);
  }
  const more = (now?.occurrences.length ?? 0) - few;
  if (more > 0) yield* row("", words(`and ${counted(more, "more place")}`, style.faint), sheet);
  yield* row("  id", [solid(fingerprint, style.faint)], sheet);
  for (const check of checks) if (check.kind !== "publish") yield* item(check, sheet);
}

const box: Readonly<Record<Check["state"], string>> = { open: "[ ]", done: "[x]", unknown: "[?]" };

function* item({ state, text, url, command }: Check, sheet: Sheet): Generator<string> {
  const paint = { open: sheet.style.bad, done: sheet.style.good, unknown: sheet.style.doubt }[state];
  yield* row("", [solid(box[state], paint), ...words(printable(text))], sheet);
  const more: readonly Word[][] = [
    ...(url === undefined ? [] : [[solid(printable(url), sheet.style.link)]]),
    ...(command === undefined ? [] : [words(printable(command), sheet.style.command)]),
  ];
  for (const one of more) yield* row("", [solid("   "), ...one], sheet);
}

function* answer(cases: readonly Case[], { result, sheet }: Telling): Generator<string> {
  const open = cases.filter(({ checks }) => !isDone(checks)).length;
  const { commits, blobs, files } = result.tally;
  const read = `${counted(commits, "commit")}, ${counted(blobs, "blob")} and ${counted(files, "file")} were read`;
  if (open > 0) {
    yield* paragraph(words(`Left to do for ${counted(open, "secret")} of ${cases.length}.`, sheet.style.bad), sheet);
  } else if (!result.complete) {
    yield* paragraph(words("Nothing is left in what could be read, and not all could be.", sheet.style.doubt), sheet);
    for (const { path, blob, commit, reason } of result.skips.filter(({ by }) => by === "fault").slice(0, 5)) {
      yield* row("unread", words(printable(`${path ?? blob ?? commit ?? "the target"} ${reason}`)), sheet);
    }
  } else {
    yield* paragraph(words(`${allGone(cases)}: ${read}.`, sheet.style.good), sheet);
  }
  const last = cases.flatMap(({ checks }) => checks).find(({ kind }) => kind === "publish");
  if (last !== undefined) yield* paragraph(words(printable(last.text)), sheet);
  if (cases.length > 0) {
    const elsewhere =
      "What others cloned or forked, and what a forge still keeps, is not seen from here; a scan of its URL looks at a fresh clone.";
    yield* paragraph(words(elsewhere, sheet.style.faint), sheet);
  }
}

function allGone(cases: readonly Case[]): string {
  if (cases.length === 0) return "There is nothing to do";
  const isUnheardOf = cases.some(({ before, now }) => before === undefined && now === undefined);
  return isUnheardOf ? "Nothing with this fingerprint is here (or never was)" : "Nothing is left here";
}

const lines = (texts: Iterable<string>): string[] => Array.from(texts, (line) => `${line}\n`);

function json(cases: readonly Case[], { target, complete, rules }: Result): string {
  const findings = cases.map(({ fingerprint, before, now, checks }) => ({
    fingerprint,
    rule: (now ?? before)?.rule.id ?? null,
    status: now?.status ?? null,
    done: isDone(checks),
    checks: checks.map(({ kind, state, text, url = null, command = null }) => ({ kind, state, text, url, command })),
  }));
  const tool = { name: "leaksweep", version, rules };
  return `${JSON.stringify({ schema: "leaksweep/fix/1", tool, target, complete, findings }, null, 2)}\n`;
}
