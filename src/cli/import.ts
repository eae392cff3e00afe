/** What `leaksweep import` does: one foreign file becomes a rule file and lines of the baseline, and the rest is named. */
import { existsSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { baselineRoot, findBaseline, loadBaseline } from "../config/baseline.ts";
import { readKnownInput } from "../config/foreign.ts";
import { LeaksweepError } from "../errors.ts";
import { convert } from "../foreign/convert.ts";
import { configOf, type ForeignInput } from "../foreign/inputs.ts";
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
  const result = await scanWith(input, typed, io);
  const accepted = acceptedBy(input, result, typed.owner);
  const lines = await keepAccepted(accepted, { start, typed, io });
  const rules = await keepRules(input, { root: baselineRoot(start), typed, io });
  const written = typed.dryRun ? " (not written)" : "";
  await io.print([...rules, ...lines].map((line) => `${printable(line)}\n`));
  await io.print([`${accepted.length} accepted findings brought over from ${printable(basename(file))}${written}\n`]);
  if (!result.complete)
    io.note("leaksweep: something could not be read, so not all may have been found; see `leaksweep scan`");
  io.exitWith(io.stopped() ?? (result.complete ? 0 : 3));
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

async function keepRules(
  input: ForeignInput,
  { root, typed, io }: Where & { readonly root: string },
): Promise<readonly string[]> {
  const config = configOf(input);
  if (config === undefined) return [];
  const { rules, exclude, notes } = convert(config);
  const path = join(root, rulesFolder, `${config.tool}.yml`);
  if (rules !== "" && existsSync(path)) {
    throw new LeaksweepError(
      "usage.invalid",
      `Cannot import rules into "${relative(io.cwd, path)}": it is there already`,
      {
        hint: "Delete it first, or move your own rules to another file.",
      },
    );
  }
  if (rules !== "" && !typed.dryRun) await writeWhole(path, [rules], { mode: 0o644, folder: true });
  const lines = rules === "" ? [] : typed.dryRun ? rules.trimEnd().split("\n") : [`wrote ${relative(io.cwd, path)}`];
  const settings = [
    ...(rules === "" ? [] : [`rules: { paths: [${rulesFolder}] }`]),
    ...(exclude.length === 0 ? [] : [`exclude: ${JSON.stringify(exclude)}`]),
  ];
  for (const { at, rule, text } of notes)
    io.note(printable(`leaksweep: ${at}: ${rule ? `rule "${rule}": ` : ""}${text}`));
  return [...lines, ...(settings.length === 0 ? [] : ["for leaksweep.yml:", ...settings.map((line) => `  ${line}`)])];
}
