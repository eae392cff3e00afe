/** What `leaksweep import` does: one foreign file becomes a rule file and lines of the baseline, and the rest is named. */
import { existsSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { baselineRoot, findBaseline, loadBaseline } from "../config/baseline.ts";
import { readKnownInput } from "../config/foreign.ts";
import { LeaksweepError } from "../errors.ts";
import { type Converted, convert } from "../foreign/convert.ts";
import { compileForeign, configOf, type ForeignInput } from "../foreign/inputs.ts";
import { printable } from "../report/escape.ts";
import type { BaselineEntry, Result } from "../terms.ts";
import { baselineName, printBaseline, printEntry } from "../triage/baseline.ts";
import { withAccepted } from "../triage/baseline-edit.ts";
import type { ImportFlags } from "./commands/import.ts";
import type { Io } from "./io.ts";
import { writeWhole } from "./output.ts";
import { planOf, watched } from "./run.ts";

/** Folder of imported rules, at the root of the repository. */
const rulesFolder = "leaksweep-rules";

/**
 * Brings over `file`: scans the target with it, writes down what it allows there, and its rules. The exit code is 0, or
 * 3 when something could not be read, so that less may have been accepted than the file accepts.
 */
export async function importFile(file: string, typed: ImportFlags, io: Io): Promise<void> {
  const start = resolve(io.cwd, typed.target);
  const input = await readKnownInput(file, { from: baselineRoot(start), cwd: io.cwd });
  const found = contentsOf(input);
  for (const { at, rule, text } of found.notes)
    io.note(printable(`leaksweep: ${at}: ${rule ? `rule "${rule}": ` : ""}${text}`));
  const path = join(baselineRoot(start), rulesFolder, `${found.tool}.yml`);
  if (found.rules !== "") expectFree(path, io);
  const result = await scanWith(input, typed, io);
  const accepted = acceptedBy(input, result, typed.owner);
  const lines = await keepAccepted(accepted, { start, typed, io });
  const rules = await keepRules(found, { path, typed, io });
  const written = typed.dryRun ? " (not written)" : "";
  await io.print([...rules, ...lines].map((line) => `${printable(line)}\n`));
  await io.print([`${accepted.length} accepted findings brought over from ${printable(basename(file))}${written}\n`]);
  if (!result.complete)
    io.note("leaksweep: something could not be read, so not all may have been found; see `leaksweep scan`");
  io.exitWith(io.stopped() ?? (result.complete ? 0 : 3));
}

/** What is in the file beside findings that it accepts: of a list of findings, only lines that are wrong. */
function contentsOf(input: ForeignInput): Converted & { readonly tool: string } {
  const config = configOf(input);
  if (config !== undefined) return { tool: config.tool, ...convert(config) };
  const { notes } = compileForeign({ inputs: [input], builtin: false, alone: false });
  return { tool: input.kind, rules: "", exclude: [], disable: [], notes };
}

async function scanWith(input: ForeignInput, { target }: ImportFlags, io: Io): Promise<Result> {
  const job = { command: "scan", paths: [target] } as const;
  const { baseline: _known, ...plan } = await planOf(job, { foreign: false }, io);
  const foreign = { inputs: [input], builtin: true, alone: false };
  return watched(job, { plan: { ...plan, foreign, allow: [] }, typed: { quiet: true }, io });
}

/** What the file allows: every permit names it. */
function acceptedBy({ file }: ForeignInput, { findings }: Result, owner: string | undefined): readonly BaselineEntry[] {
  return findings
    .filter(({ verdict, verdictReason }) => verdict === "allowed" && verdictReason?.includes(file.name) === true)
    .map(({ fingerprint, rule, verdictReason: reason = "" }) => ({
      fingerprint,
      rule: rule.id,
      state: "allowed",
      reason,
      ...(owner !== undefined && { owner }),
    }));
}

interface Where {
  readonly typed: ImportFlags;
  readonly io: Io;
}

async function keepAccepted(
  accepted: readonly BaselineEntry[],
  { start, typed, io }: Where & { readonly start: string },
): Promise<readonly string[]> {
  const found = typed.baseline === undefined ? findBaseline(start) : resolve(io.cwd, typed.baseline);
  const path = found ?? join(baselineRoot(start), baselineName);
  const old = existsSync(path) ? await loadBaseline(path, { cwd: io.cwd }) : { entries: [], comments: [] };
  const known = new Set(old.entries.map(({ fingerprint }) => fingerprint));
  // What somebody has said of a secret already is not overwritten.
  const fresh = accepted.filter(({ fingerprint }) => !known.has(fingerprint));
  const entries = fresh.reduce<readonly BaselineEntry[]>(withAccepted, old.entries);
  if (!typed.dryRun && fresh.length > 0) await writeWhole(path, [printBaseline({ ...old, entries })], { mode: 0o644 });
  return fresh.map((entry) => `+ ${printEntry(entry)}`);
}

/** Rules are not merged: throws "usage.invalid" where an earlier import, or somebody, has written that file. */
function expectFree(path: string, { cwd }: Io): void {
  if (!existsSync(path)) return;
  const message = `Cannot import rules into "${relative(cwd, path)}": it is there already`;
  throw new LeaksweepError("usage.invalid", message, {
    hint: "Delete it first, or move your own rules to another file.",
  });
}

/** Writes the rule file; says so, and what else leaksweep.yml should say. */
async function keepRules(
  { rules, exclude, disable }: Converted,
  { path, typed, io }: Where & { readonly path: string },
): Promise<readonly string[]> {
  if (rules !== "" && !typed.dryRun) await writeWhole(path, [rules], { mode: 0o644, folder: true });
  const lines = rules === "" ? [] : typed.dryRun ? rules.trimEnd().split("\n") : [`wrote ${relative(io.cwd, path)}`];
  const choice = [
    ...(rules === "" ? [] : [`paths: [${rulesFolder}]`]),
    ...(disable.length === 0 ? [] : [`disable: [${disable.join(", ")}]`]),
  ];
  const settings = [
    ...(choice.length === 0 ? [] : [`rules: { ${choice.join(", ")} }`]),
    ...(exclude.length === 0 ? [] : [`exclude: ${JSON.stringify(exclude)}`]),
  ];
  return [...lines, ...(settings.length === 0 ? [] : ["for leaksweep.yml:", ...settings.map((line) => `  ${line}`)])];
}
