/** What `leaksweep fix` does: scans, holds what it finds against what is to be done, and says what is left. */
import { existsSync } from "node:fs";
import { resolve, sep } from "node:path";
import { readResult } from "../config/result-file.ts";
import { LeaksweepError } from "../errors.ts";
import { type Checklist, checklistLines } from "../report/checklist.ts";
import { json, printable } from "../report/escape.ts";
import { sheetOf } from "../report/sheet.ts";
import { veiled } from "../report/veil.ts";
import { counted } from "../report/wording.ts";
import { rulesOf } from "../scan/rules.ts";
import { entriesMet } from "../scan/verdicts.ts";
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

/** A finding, and what is to be done about it. */
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
  const rulepack = await rulesOf(plan);
  const before = from === undefined ? undefined : await readResult(from, { cwd: io.cwd, rules: rulepack.rules });
  const least = fingerprint === undefined && from === undefined ? leastOf(plan) : "low";
  const result = await watched({ ...job, least }, { plan, typed, io });
  if (file !== undefined) await writeReplacements(file, result.findings, io);

  const told = typed.redact === false ? result : veiled(result);
  const isMet = entriesMet({ ...job, plan }, rulepack);
  // What was left out on purpose is no proof either.
  const canTell = ({ before: was }: Seen): boolean => result.skips.length === 0 && isMet({ rule: was?.rule.id ?? "-" });
  const asked = seenOf({ before: before?.findings, now: told.findings }, fingerprint);
  const cases = asked.map((seen): Case => {
    const checks = checklist(seen, canTell(seen));
    return { ...seen, checks: checks.map((check) => withFile(check, file)) };
  });
  if (format === "json") await io.print([`${json(recordOf(cases, told), 2)}\n`]);
  else await io.print(textOf(cases, told, { typed, io }));
  const isAllDone = cases.every(({ checks }) => isDone(checks));
  io.exitWith(io.stopped() ?? (isAllDone ? (result.complete ? 0 : 3) : 1));
}

const isFingerprint = (word: string): boolean => /^l[sx]1:/.test(word);

/** What is asked about: one finding by its name, those of a file, or all that are new. */
function seenOf(
  { before, now }: { readonly before: readonly Finding[] | undefined; readonly now: readonly Finding[] },
  fingerprint: string | undefined,
): readonly (Seen & { readonly fingerprint: string })[] {
  const fresh = (before ?? now).filter(({ verdict }) => verdict === "new");
  const wanted = fingerprint === undefined ? fresh.map((finding) => finding.fingerprint) : [fingerprint];
  return wanted.map((name) => {
    const [was, is] = [before, now].map((some) => some?.find((finding) => finding.fingerprint === name));
    return { fingerprint: name, ...(was && { before: was }), ...(is && { now: is }) };
  });
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

async function writeReplacements(file: string, asked: readonly Finding[], io: Io): Promise<void> {
  const lines = replacements(asked);
  await writeWhole(resolve(io.cwd, file), lines);
  const note = `${counted(lines.length, "secret")} in "${printable(file)}", in full: delete it when you have done`;
  io.note(`leaksweep: ${note}`);
}

// ---------------------------------------------------------------- what is told

function textOf(cases: readonly Case[], result: Result, { typed, io }: { typed: Omit<FixFlags, "format">; io: Io }) {
  const lists = cases.map(({ fingerprint, before, now, checks }): Checklist => {
    const finding = now ?? before;
    return { fingerprint, ...(finding && { finding }), items: checks };
  });
  return Array.from(checklistLines(lists, result, sheetOf(renderOptions(typed, io))), (line) => `${line}\n`);
}

function recordOf(cases: readonly Case[], { target, complete, rules }: Result) {
  const findings = cases.map(({ fingerprint, before, now, checks }) => ({
    fingerprint,
    rule: (now ?? before)?.rule.id ?? null,
    status: now?.status ?? null,
    done: isDone(checks),
    checks: checks.map(({ kind, state, text, url = null, command = null }) => ({ kind, state, text, url, command })),
  }));
  const tool = { name: "leaksweep", version, rules };
  return { schema: "leaksweep/fix/1", tool, target, complete, findings };
}
