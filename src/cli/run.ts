/** One scan from flags to exit code: config, plan, scan, report. Nothing here decides what a leak is. */
import { relative, resolve } from "node:path";
import envPaths from "env-paths";
import { findBaseline } from "../config/baseline.ts";
import { findConfig, loadConfig } from "../config/find.ts";
import { findForeign, loadKnown, type Seen } from "../config/foreign.ts";
import { type Plan, resolvePlan, type Settings } from "../config/plan.ts";
import type { Note } from "../foreign/file.ts";
import { printable } from "../report/escape.ts";
import { loadReporter, type RenderOptions } from "../report/reporter.ts";
import { type ScanRequest, scan } from "../scan.ts";
import { isAddress } from "../sources/open.ts";
import type { Result } from "../terms.ts";
import { remedy } from "../triage/remedy.ts";
import { counts, exitCode, leastOf, shown } from "./exit.ts";
import { settingsFrom, type Typed } from "./flags.ts";
import type { Io } from "./io.ts";
import { type Limit, limited } from "./limit.ts";
import { expectWritable, writeWhole } from "./output.ts";
import { openProgress, type Progress } from "./progress.ts";
import { version } from "./version.ts";

/** What a command wants to be scanned. */
export type Job = Pick<ScanRequest, "command" | "paths" | "stdin" | "least">;

/** Runs `job` as the flags say, prints or writes the report and sets the exit code. */
export async function run(job: Job, typed: Typed, io: Io): Promise<void> {
  const plan = { ...(await planOf(job, typed, io)), ...remembering(typed) };
  if (typed.output !== undefined) await expectWritable(resolve(io.cwd, typed.output));
  // Of an accepted secret it must be known that it is there, however little is thought of it.
  const least = plan.baseline === undefined ? leastOf(plan) : "low";
  const result = await watched({ ...job, least }, { plan, typed, io });
  await deliver(shown(result, plan), typed, io);
  explainCode(result, { plan, io });
  io.exitWith(exitCode(result, plan, io.stopped()));
}

/** Where results are remembered. None is that must show its secrets, since no secret is. */
function remembering({ cache, redact }: Typed): Pick<Plan, "cache"> {
  if (cache === false || redact === false) return {};
  return { cache: cache ?? defaultCache() };
}

/** Where results are remembered when nobody says otherwise: in the user's cache folder. */
export const defaultCache = (): string => envPaths("leaksweep", { suffix: "" }).cache;

/** What a plan is made for, and how files are had that stand in for those of a commit. */
export type Planning = Pick<Job, "command" | "paths"> & Pick<Seen, "fetch">;

/** What flags, config file and baseline make together. */
export async function planOf(job: Planning, typed: Typed, io: Io): Promise<Plan> {
  const plan = resolvePlan(settingsFrom(typed), await fileSettings(job, typed, io));
  const start = configStart(job, io.cwd);
  const path = typed.baseline ?? findBaseline(start);
  const known = path === undefined ? {} : await loadKnown(path, { cwd: io.cwd });
  const foreign = plan.foreignFiles ? await findForeign(start, { cwd: io.cwd, fetch: job.fetch }) : [];
  const inputs = [...foreign, ...(known.inputs ?? [])];
  return {
    ...plan,
    ...(known.entries && { baseline: known.entries }),
    ...(inputs.length > 0 && { foreign: { inputs, builtin: true, alone: false } }),
  };
}

async function fileSettings({ command, paths }: Planning, typed: Typed, io: Io): Promise<Settings> {
  const path = typed.config ?? (await findConfig(configStart({ command, paths }, io.cwd)));
  if (path === undefined) return {};
  if (typed.verbose) io.note(`leaksweep: config from ${relative(io.cwd, resolve(io.cwd, path))}`);
  return loadConfig(path, { cwd: io.cwd });
}

/**
 * The folder or file at which to look for a config. A clone is somebody else's word and several paths have no one
 * root: there, as for a pipe, the folder in which the user stands decides.
 */
function configStart({ command, paths }: Planning, cwd: string): string {
  const [path, ...others] = paths;
  const own = path !== undefined && others.length === 0 && !(command === "scan" && isAddress(path));
  return own ? resolve(cwd, path) : cwd;
}

/** How a job is run. */
interface Watching {
  readonly plan: Plan;
  readonly typed: Typed;
  readonly io: Io;
  /** Where more than the scan has to be done in the plan's time; who opened it lifts it. */
  readonly limit?: Limit;
}

/** Runs `job` by `plan`, with a status line where there is a terminal. */
export async function watched(job: Job, { plan, typed, io, limit }: Watching): Promise<Result> {
  const wanted = io.terminal !== undefined && !typed.quiet && typed.progress !== false;
  const progress: Progress | undefined = wanted ? await openProgress(io.terminal, Date.now) : undefined;
  const own = limit ?? limited(plan, io);
  try {
    return await scan({
      ...job,
      plan,
      env: io.env,
      signal: own.signal,
      now: () => new Date(),
      ...(progress !== undefined && { onEvent: progress.onEvent }),
      onTraced: (_traces, foreign) => tellNotes(foreign?.notes ?? [], typed, io),
    });
  } finally {
    if (limit === undefined) own.lift();
    progress?.stop();
  }
}

/** Prints `result` or writes it to a file, as the flags say. */
export async function deliver(result: Result, typed: Typed, io: Io): Promise<void> {
  const { format = "text", output } = typed;
  const reporter = await loadReporter(format);
  const parts = reporter.render(result, renderOptions(typed, io));
  if (output === undefined) await io.print(parts);
  else await writeWhole(resolve(io.cwd, output), parts);
}

/** How a report is drawn. */
export const renderOptions = (typed: Typed, io: Io): RenderOptions => ({
  redact: typed.redact !== false,
  colour: io.colour && typed.color !== false && typed.output === undefined,
  width: (typed.output === undefined ? io.columns : undefined) ?? 80,
  version,
  ended: new Date(),
  detail: typed.quiet ? "quiet" : typed.verbose ? "verbose" : "normal",
  remedy,
});

/** With `--min-confidence` above `--fail-on`, what makes the run fail can be out of sight: says how many such there are. */
export function explainCode(result: Result, { plan, io }: { plan: Plan; io: Io }): void {
  const visible = new Set(shown(result, plan).findings);
  const hidden = result.findings.filter((finding) => counts(finding, plan) && !visible.has(finding)).length;
  if (hidden > 0)
    io.note(`leaksweep: ${hidden} more below --min-confidence ${plan.minConfidence} count for the exit code`);
}

/** What files of other scanners say that means nothing here. */
function tellNotes(notes: readonly Note[], { verbose, quiet }: Typed, io: Io): void {
  if (notes.length === 0 || quiet) return;
  if (!verbose)
    io.note(`leaksweep: ${notes.length} settings of other scanners are not carried over (--verbose tells them)`);
  else
    for (const { at, rule, text } of notes)
      io.note(printable(`leaksweep: ${at}: ${rule ? `rule "${rule}": ` : ""}${text}`));
}
