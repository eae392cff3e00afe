/** The compatibility mode from flags to exit code: reads what was typed, has the rows made, writes the report. */
import { extname, resolve } from "node:path";
import { LeaksweepError } from "../errors.ts";
import { platforms } from "../gitleaks/link.ts";
import { redacted } from "../gitleaks/redact.ts";
import { formats } from "../gitleaks/reports.ts";
import { type Survey, type SurveyRequest, survey } from "../gitleaks/survey.ts";
import { verboseText } from "../gitleaks/verbose.ts";
import { printable } from "../report/escape.ts";
import type { GitleaksFlags, GitleaksMode } from "./commands/gitleaks.ts";
import type { Io } from "./io.ts";
import { expectWritable, writeWhole } from "./output.ts";

interface Typed {
  readonly path: string | undefined;
  readonly flags: GitleaksFlags;
  readonly io: Io;
}

/**
 * Runs one of the commands of gitleaks. The exit code is that of `--exit-code` where something is found; else 1 where
 * something could not be read, which gitleaks only logs; else 0.
 */
export async function runGitleaks(mode: GitleaksMode, typed: Typed): Promise<void> {
  const { flags, io } = typed;
  const format = formatOf(flags);
  const percent = flags.redact === undefined ? 0 : numberOf("redact", flags.redact);
  const exit = numberOf("exit-code", flags.exitCode);
  const { reportPath } = flags;
  if (reportPath !== undefined && reportPath !== "-") await expectWritable(resolve(io.cwd, reportPath));
  const found = await inTime(requestOf(mode, typed, percent), flags, io);
  const rows = percent === 0 ? found.rows : found.rows.map((row) => redacted(row, percent));
  if (flags.verbose) await io.print(rows.map(verboseText));
  if (format !== undefined && reportPath !== undefined) {
    const text = format({ rows, rules: found.rules });
    if (reportPath === "-") await io.print([text]);
    else await writeWhole(resolve(io.cwd, reportPath), [text]);
  }
  say(found, { flags, io });
  const incomplete = found.result.complete ? 0 : 1;
  io.exitWith(io.stopped() ?? (rows.length > 0 && exit !== 0 ? exit : incomplete));
}

/** The writer of the report that is asked for; `undefined` where none is. Throws "usage.invalid". */
function formatOf({ reportPath, reportFormat, reportTemplate }: GitleaksFlags) {
  if (reportTemplate !== undefined || reportFormat === "template") {
    throw usage(
      "Cannot write a report by a template",
      "Templates of Go are not read here: use json, csv, sarif or junit.",
    );
  }
  if (reportPath === undefined) return undefined;
  const name = (reportFormat || extname(reportPath).slice(1)).trim().toLowerCase();
  const format = formats[name];
  if (format !== undefined) return format;
  throw usage(`Cannot write a report as "${name}"`, "Name a format: --report-format json, csv, sarif or junit.");
}

function requestOf(mode: GitleaksMode, { path, flags, io }: Typed, percent: number): Omit<SurveyRequest, "signal"> {
  const { config, defaultConfig, baselinePath, maxTargetMegabytes, maxArchiveDepth, maxDecodeDepth } = flags;
  const megabytes = maxTargetMegabytes === undefined ? 0 : numberOf("max-target-megabytes", maxTargetMegabytes);
  const kind = kindOf(mode, flags);
  return {
    kind,
    source: kind === "stdin" ? "" : path || flags.source || ".",
    cwd: io.cwd,
    env: io.env,
    now: () => new Date(),
    stdin: io.stdin,
    git: gitOf(mode, flags),
    inputs: { config, defaultConfig, ignorePath: flags.gitleaksIgnorePath },
    ...(baselinePath && { baseline: baselinePath }),
    only: flags.enableRule ?? [],
    comments: flags.ignoreGitleaksAllow !== true,
    maxArchiveDepth: maxArchiveDepth === undefined ? 0 : numberOf("max-archive-depth", maxArchiveDepth),
    ...(maxDecodeDepth !== undefined && { maxDecodeDepth: numberOf("max-decode-depth", maxDecodeDepth) }),
    ...(megabytes > 0 && { maxFileSize: megabytes * 1_000_000 }),
    followLinks: flags.followSymlinks === true,
    redact: percent > 0,
  };
}

function kindOf(mode: GitleaksMode, { git, pipe }: GitleaksFlags): SurveyRequest["kind"] {
  if (mode === "detect") return git === false ? "dir" : pipe ? "stdin" : "git";
  return mode === "protect" ? "git" : mode;
}

function gitOf(mode: GitleaksMode, flags: GitleaksFlags): SurveyRequest["git"] {
  const { staged, preCommit, logOpts = "", platform } = flags;
  if (platform !== undefined && !platforms.includes(platform)) {
    throw usage(`There is no platform "${platform}"`, `Name one of: ${platforms.join(", ")}.`);
  }
  const uncommitted = preCommit || mode === "protect";
  return {
    of: staged ? "index" : uncommitted ? "worktree" : "log",
    logOptions: logOpts.split(" ").filter((word) => word !== ""),
    allowShallow: flags.allowShallow === true,
    ...(platform !== undefined && { platform }),
  };
}

/** The survey, stopped by the user or by the clock. */
async function inTime(request: Omit<SurveyRequest, "signal">, { timeout }: GitleaksFlags, io: Io): Promise<Survey> {
  const seconds = timeout === undefined ? 0 : numberOf("timeout", timeout);
  const deadline = new AbortController();
  const late = (): void => deadline.abort(new Error("the time limit was reached"));
  const timer = seconds > 0 ? setTimeout(late, Math.min(seconds * 1000, 2 ** 31 - 1)) : undefined;
  try {
    return await survey({ ...request, signal: AbortSignal.any([io.signal, deadline.signal]) });
  } finally {
    clearTimeout(timer);
  }
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usage(`Cannot read --${name} "${text}"`, "Write a whole number.");
}

const usage = (message: string, hint: string): LeaksweepError => new LeaksweepError("usage.invalid", message, { hint });

/** What was covered and found, on standard error, as gitleaks says it there. */
function say({ rows, result, notes }: Survey, { flags, io }: { flags: GitleaksFlags; io: Io }): void {
  const faults = result.skips.filter(({ by }) => by === "fault");
  for (const { path = "", reason } of faults.slice(0, 20)) {
    io.note(printable(`leaksweep: not read: ${path}${path === "" ? "" : ": "}${reason}`));
  }
  if (faults.length > 20) io.note(`leaksweep: not read: ${faults.length - 20} more`);
  if (/^(?:err|error|fatal)$/i.test(flags.logLevel)) return;
  for (const note of notes) io.note(printable(`leaksweep: ${note}`));
  const { commits, bytes } = result.tally;
  const scanned = `${commits > 0 ? `${commits} commits, ` : ""}${bytes} bytes scanned`;
  const answer =
    rows.length > 0
      ? `leaks found: ${rows.length}`
      : result.complete
        ? "no leaks found"
        : "INCOMPLETE: no leaks found in what could be read";
  io.note(`leaksweep: ${scanned}; ${answer}`);
}
