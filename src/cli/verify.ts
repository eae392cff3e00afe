/** `leaksweep verify`: scan, plan whom to ask, show the plan; with --send ask, and report what is live. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plan } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import { askingJson, askingText } from "../report/asking.ts";
import { questionsOf } from "../rules/questions.ts";
import type { Result } from "../terms.ts";
import { ask } from "../triage/verify/ask.ts";
import { send } from "../triage/verify/http.ts";
import { calmPace } from "../triage/verify/lane.ts";
import { type AskingPlan, planAskings } from "../triage/verify/plan.ts";
import { groupsOf, hostsOf } from "./asking-groups.ts";
import type { VerifyFlags } from "./commands/verify.ts";
import { shown } from "./exit.ts";
import type { Io } from "./io.ts";
import { type Limit, limited } from "./limit.ts";
import { expectWritable, writeWhole } from "./output.ts";
import { deliver, planOf, renderOptions, watched } from "./run.ts";
import { version } from "./version.ts";

/** Milliseconds for one request and its reply. */
const timeout = 10_000;

/** Runs the command as the flags say. Throws `LeaksweepError` "usage.invalid" for what cannot be asked about. */
export async function verify(target: string, typed: VerifyFlags, io: Io): Promise<void> {
  expectSecrets(target, typed, io);
  const questions = questionsOf((typed.rules ?? []).map((path) => resolve(io.cwd, path)));
  const only = typed.only ?? [];
  expectKnown(only, questions.all);
  if (!typed.send) expectPlanFormat(typed);
  const job = { command: "scan", paths: [target] } as const;
  // What is remembered of earlier scans holds no secrets: everything is read anew.
  const plan = await planOf(job, typed, io);
  if (typed.output !== undefined) await expectWritable(resolve(io.cwd, typed.output));
  const limit = limited(plan, io);
  try {
    const result = shown(await watched({ ...job, least: plan.minConfidence }, { plan, typed, io, limit }), plan);
    const asking = planAskings(result.findings, { questionFor: questions.of, only, now: new Date() });
    if (!typed.send) return await show(asking, result, { typed, io });
    await report(await answered(asking, result, { typed, io, limit }), { plan, typed, io });
  } finally {
    limit.lift();
  }
}

interface Asker {
  readonly typed: VerifyFlags;
  readonly io: Io;
}

/** Scanning and asking have one limit of time together. */
interface Answering extends Asker {
  readonly limit: Limit;
}

/** Prints who would be asked. Exit code 0, or 3 where something could not be read: nothing is known yet. */
async function show(asking: AskingPlan, result: Result, { typed, io }: Asker): Promise<void> {
  const sheet = { result, groups: groupsOf(asking), left: asking.left };
  const options = renderOptions(typed, io);
  const parts = typed.format === "json" ? [askingJson(sheet, options)] : askingText(sheet, options);
  if (typed.output === undefined) await io.print(parts);
  else await writeWhole(resolve(io.cwd, typed.output), parts);
  io.exitWith(io.stopped() ?? (result.complete ? 0 : 3));
}

/** The result, with what the providers say. */
async function answered(
  { askings, left }: AskingPlan,
  result: Result,
  { typed, io, limit: { signal } }: Answering,
): Promise<Result> {
  const hosts = hostsOf(askings);
  if (askings.length > 0 && !typed.quiet) io.note(`leaksweep: asking ${hosts.join(", ")}`);
  const agent = `leaksweep/${version} (verify)`;
  const answers = await ask(askings, {
    send: (inquiry) => send(inquiry, { signal, timeout, agent }),
    pace: calmPace,
    signal,
    now: () => new Date(),
  });
  const reasons = new Map(left.map(({ finding, reason }) => [finding, reason]));
  const findings = result.findings.map((finding) => {
    const answer = answers.get(finding);
    const reason = answer === undefined ? reasons.get(finding) : answer.reason;
    return {
      ...finding,
      ...(answer && { liveness: answer.liveness, facts: { ...answer.facts, ...finding.facts } }),
      ...(reason !== undefined && { livenessReason: reason }),
    };
  });
  return { ...result, findings };
}

async function report(result: Result, { plan, typed, io }: Asker & { readonly plan: Plan }): Promise<void> {
  await deliver(result, typed, io);
  io.exitWith(io.stopped() ?? exitCode(result, plan));
}

/** 1 (or the plan's own code) when one is live; else 3 when something was not read or not answered; else 0. */
function exitCode({ findings, complete }: Result, plan: Plan): number {
  const isLive = findings.some(({ liveness }) => liveness === "live");
  if (isLive && plan.exitCode !== 0) return plan.exitCode;
  return complete && !findings.some(({ liveness }) => liveness === "unknown") ? 0 : 3;
}

/** What leaksweep itself wrote holds names of secrets, and would be scanned as a folder without any. */
function expectSecrets(target: string, { store }: VerifyFlags, io: Io): void {
  const path = resolve(io.cwd, target);
  const isStore =
    store !== undefined || /^postgres(?:ql)?:/i.test(target) || existsSync(join(path, "database/PG_VERSION"));
  if (!isStore && !isReport(path)) return;
  const what = isStore ? "store" : "report";
  throw new LeaksweepError("usage.invalid", `Cannot verify what a ${what} holds: names of secrets, and no secrets`, {
    hint: "Verify the repository itself: leaksweep verify PATH-OR-URL.",
  });
}

function isReport(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const head = Buffer.alloc(256);
  const file = openSync(path, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return /^\s*\{\s*"(?:schema":\s*"leaksweep\/|fingerprint":\s*"l[sx]1:)/.test(head.toString("latin1"));
}

function expectPlanFormat({ format = "text" }: VerifyFlags): void {
  if (format === "text" || format === "json") return;
  throw new LeaksweepError("usage.invalid", `Cannot show whom to ask as ${format}: it is no result yet`, {
    hint: "Use text or json, or add --send for a result in any format.",
  });
}

/** Whoever mistypes a name would otherwise believe that nothing is to be asked there. */
function expectKnown(only: readonly string[], all: ReturnType<typeof questionsOf>["all"]): void {
  const hosts = all.flatMap(({ question }) => question.urls.map((url) => new RegExp(`^${hostPattern(url)}$`)));
  for (const name of only) {
    if (all.some(({ provider }) => provider === name) || hosts.some((host) => host.test(name))) continue;
    throw new LeaksweepError("usage.invalid", `Cannot ask "${name}": no rule asks a provider or host of that name`, {
      hint: "Run it without --send and --only to see whom it would ask.",
    });
  }
}

/** The host of an address as a pattern: an open label is any label. */
const hostPattern = (url: string): string =>
  (/^\w+:\/\/([^/]+)/.exec(url)?.[1] ?? "")
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.[\]]/g, "\\$&"))
    .join("[a-z0-9-]+");
