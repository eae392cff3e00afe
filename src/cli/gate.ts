/** What the hooks share: the plan as the repository has it, the exit code, and what is said of a push or commit. */
import { resolve } from "node:path";
import { defaults, type Plan } from "../config/plan.ts";
import type { Policy } from "../gate/policy.ts";
import type { Push } from "../gate/start.ts";
import type { FixStep } from "../gate/steps.ts";
import type { ScanEvent } from "../scan.ts";
import type { Finding, Result } from "../terms.ts";
import { counts, exitCode, shown } from "./exit.ts";
import type { Typed } from "./flags.ts";
import type { Io } from "./io.ts";
import type { Limit } from "./limit.ts";

/** The plan of a gate: flags, and the files of `policy` instead of those that lie about. */
export async function gatePlan(policy: Policy | undefined, typed: Typed, io: Io): Promise<Plan> {
  if (policy === undefined && Object.keys(typed).length === 0) return defaults;
  const { planOf } = await import("./run.ts");
  const { folder = "/nonexistent" } = policy ?? {};
  const at = (path: string): string => resolve(io.cwd, path);
  const named = {
    ...typed,
    ...(typed.config !== undefined && { config: at(typed.config) }),
    ...(typed.baseline !== undefined && { baseline: at(typed.baseline) }),
  };
  // Messages name the files as the repository does.
  const plan = await planOf({ command: "scan", paths: [folder], fetch: policy?.fetch }, named, { ...io, cwd: folder });
  await policy?.fetch(plan.rules);
  return plan;
}

/** Milliseconds after which a gate shows that it is at work. */
const patience = 500;

/** A status line on a terminal, for those who have waited long enough to wonder. */
export function lateProgress(typed: Typed, io: Io): { onEvent(event: ScanEvent): void; stop(): void } {
  let show: ((event: ScanEvent) => void) | undefined;
  let isOver = false;
  let stop = (): void => {};
  const open = async (): Promise<void> => {
    if (io.terminal === undefined || typed.quiet || typed.progress === false) return;
    const { openProgress } = await import("./progress.ts");
    if (isOver) return;
    const progress = await openProgress(io.terminal, Date.now);
    if (isOver) return progress.stop();
    show = progress.onEvent;
    stop = progress.stop;
  };
  const timer = setTimeout(() => void open(), patience);
  return {
    onEvent: (event) => show?.(event),
    stop() {
      isOver = true;
      clearTimeout(timer);
      stop();
    },
  };
}

/** What a push is judged by. */
export interface PushGate {
  readonly push: Push;
  readonly plan: Plan;
  readonly typed: Typed;
  readonly io: Io;
  readonly limit: Limit;
  /** Whether comments in what is pushed may allow something. */
  readonly trusted: boolean;
  /** The plan that the pushed side's own files make, where these do not count. */
  readonly ownPlan?: () => Promise<Plan>;
  readonly verdicts: () => Promise<Verdicts>;
}

/** Judges a push and says what stops it. */
export async function passPush({ push, plan, typed, io, limit, trusted, ownPlan, verdicts }: PushGate): Promise<void> {
  const { judgePush } = await import("../gate/judge.ts");
  const progress = lateProgress(typed, io);
  const { env, cwd } = io;
  const { signal } = limit;
  const matters = (finding: Finding): boolean => counts(finding, plan);
  const { onEvent } = progress;
  const judge = (by: { plan: Plan; trusted: boolean }) =>
    judgePush(push, { env, cwd, signal, matters, onEvent, ...by });
  const judged = async (): Promise<Result> => {
    const result = await judge({ plan, trusted });
    if (ownPlan === undefined) return result;
    const { withOwnWord } = await import("../gate/own-word.ts");
    return withOwnWord(result, { counts: matters, own: async () => judge({ plan: await ownPlan(), trusted: true }) });
  };
  const result = await judged().finally(() => progress.stop());
  await deliverGate(result, { plan, typed, io, verdicts });
}

/** How a gate speaks of a result. */
export interface Verdicts {
  readonly action: "push" | "commit";
  readonly steps: (finding: Finding) => readonly FixStep[];
  readonly allow: (finding: Finding) => string;
  readonly bypass?: string;
  /** What to do when the time was not enough. */
  readonly late?: string;
}

/**
 * Prints what stops the push or commit, and nothing when nothing does; with `--format`, `--output` or `--verbose` the
 * report of any other scan. Sets the exit code.
 */
export async function deliverGate(
  result: Result,
  { plan, typed, io, verdicts }: { plan: Plan; typed: Typed; io: Io; verdicts: () => Promise<Verdicts> },
): Promise<void> {
  const code = exitCode(result, plan, io.stopped());
  const ours = (typed.format ?? "text") === "text" && typed.output === undefined && !typed.verbose;
  if (!ours) {
    const { deliver } = await import("./run.ts");
    await deliver(shown(result, plan), typed, io);
  } else {
    const stopping = result.findings.filter((finding) => counts(finding, plan));
    const isWhole = result.complete && !result.skips.some(({ by }) => by === "fault");
    if (stopping.length > 0 || !isWhole)
      await print({ ...result, findings: stopping }, { typed, io, ...(await verdicts()) });
    mention(result, { plan, io, typed });
  }
  io.exitWith(code);
}

async function print(result: Result, { typed, io, ...verdicts }: Verdicts & { typed: Typed; io: Io }): Promise<void> {
  const [{ renderGate }, { veiled }, { renderOptions }] = await Promise.all([
    import("../report/gate.ts"),
    import("../report/veil.ts"),
    import("./run.ts"),
  ]);
  const { findings, skips } = typed.redact === false ? result : veiled(result);
  const stopping = findings.map((finding) => ({ finding, steps: verdicts.steps(finding) }));
  await io.print(renderGate({ ...verdicts, stopping, skips }, renderOptions(typed, io)));
}

/** What would have stopped the push if it were not there already. */
function mention({ findings }: Result, { plan, io, typed }: { plan: Plan; io: Io; typed: Typed }): void {
  const old = findings.filter(
    (finding) => finding.verdictReason?.endsWith("has it already") && counts({ ...finding, verdict: "new" }, plan),
  );
  const [first] = old;
  if (first === undefined || typed.quiet) return;
  const where = first.verdictReason?.replace(" has it already", "");
  const names = old.length === 1 ? "a secret that" : `${old.length} secrets that`;
  io.note(`leaksweep: there is ${names} ${where} has already; see "leaksweep git"`);
}
