/** How a CI run tells what it found: in the log, as files, and in the ways that its CI system has for it. */
import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Plan } from "../config/plan.ts";
import { loadReporter } from "../report/reporter.ts";
import type { Result } from "../terms.ts";
import { counts, exitCode, shown } from "./exit.ts";
import type { FileReport, Typed } from "./flags.ts";
import { type Io, undelivered } from "./io.ts";
import { writeWhole } from "./output.ts";
import { deliver, explainCode, renderOptions } from "./run.ts";

/** Files that a system looks for by itself, when its job names them as GitLab's documentation does. */
const ownFiles: Readonly<Record<string, readonly FileReport[]>> = {
  "GitLab CI": [
    { format: "gitlab", file: "gl-secret-detection-report.json" },
    { format: "codequality", file: "gl-code-quality-report.json" },
  ],
};

/** Prints and writes every report that was asked for or that the system shows by itself, and sets the exit code. */
export async function deliverCi(
  result: Result,
  { plan, typed, io, system }: { plan: Plan; typed: Typed; io: Io; system: string | undefined },
): Promise<void> {
  const told = shown(result, plan);
  const code = exitCode(result, plan, io.stopped());
  await deliver(told, typed, io);
  for (const { format, file } of typed.report ?? ownFiles[system ?? ""] ?? []) {
    const reporter = await loadReporter(format);
    await writeWhole(resolve(io.cwd, file), reporter.render(told, renderOptions({ ...typed, output: file }, io)));
  }
  if (system === "GitHub Actions") await tellGitHub(result, { plan, typed, io, code });
  explainCode(result, { plan, io });
  io.exitWith(code);
}

/** Annotations among the log, the summary of the step, and its outputs for the steps after it. */
async function tellGitHub(
  result: Result,
  { plan, typed, io, code }: { plan: Plan; typed: Typed; io: Io; code: number },
): Promise<void> {
  const told = shown(result, plan);
  const options = renderOptions({ ...typed, output: "summary" }, io);
  const isLog = (typed.format ?? "text") === "text" && typed.output === undefined;
  if (isLog) await io.print((await loadReporter("github")).render(told, options));
  const { GITHUB_STEP_SUMMARY, GITHUB_OUTPUT } = io.env;
  if (GITHUB_STEP_SUMMARY) {
    const markdown = (await loadReporter("markdown")).render(told, options);
    await append(GITHUB_STEP_SUMMARY, [...markdown].join(""));
  }
  if (GITHUB_OUTPUT) {
    const findings = result.findings.filter((finding) => counts(finding, plan)).length;
    await append(GITHUB_OUTPUT, `findings=${findings}\ncomplete=${result.complete}\nexit-code=${code}\n`);
  }
}

async function append(file: string, text: string): Promise<void> {
  try {
    await appendFile(file, text);
  } catch (cause) {
    throw undelivered(`"${file}"`, cause);
  }
}
