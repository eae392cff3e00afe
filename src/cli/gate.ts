/** What the hooks share: the plan as the repository has it, the exit code, and what is said of a push or commit. */
import { resolve } from "node:path";
import { defaults, type Plan } from "../config/plan.ts";
import type { PushOptions } from "../gate/judge.ts";
import type { Part, Parts } from "../gate/parts.ts";
import type { Policy } from "../gate/policy.ts";
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
  const plan = await planOf({ command: "scan", paths: [folder], laid: policy }, named, { ...io, cwd: folder });
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
  /** At least one. */
  readonly parts: readonly Part[];
  readonly typed: Typed;
  readonly io: Io;
  readonly limit: Limit;
  /** Whether comments in what is pushed may allow something. */
  readonly trusted: boolean;
  /** The parts by the pushed side's own files, where these do not count. */
  readonly ownParts?: () => Promise<Parts>;
  readonly verdicts: () => Promise<Verdicts>;
}

/** Judges a push and says what stops it. */
export async function passPush({ parts, typed, io, limit, trusted, ownParts, verdicts }: PushGate): Promise<void> {
  const progress = lateProgress(typed, io);
  const call = { env: io.env, cwd: io.cwd, signal: limit.signal, onEvent: progress.onEvent };
  const plan = await planOver(parts);
  if (plan.timeoutMs !== undefined) limit.set(plan.timeoutMs);
  const judged = async (): Promise<Result> => {
    const result = await judgeParts(parts, { ...call, trusted });
    if (ownParts === undefined) return result;
    const { withOwnWord } = await import("../gate/own-word.ts");
    const own = async (): Promise<Result> => {
      const { parts, close } = await ownParts();
      return judgeParts(parts, { ...call, trusted: true }).finally(close);
    };
    return withOwnWord(result, { counts: (finding) => counts(finding, plan), own });
  };
  const result = await judged().finally(() => progress.stop());
  await deliverGate(result, { plan, typed, io, verdicts });
}

async function judgeParts(parts: readonly Part[], call: Omit<PushOptions, "plan" | "matters">): Promise<Result> {
  const { judgePush } = await import("../gate/judge.ts");
  const results: Result[] = [];
  for (const { push, plan } of parts) {
    results.push(await judgePush(push, { ...call, plan, matters: (finding) => counts(finding, plan) }));
  }
  const [result, ...others] = results;
  if (result !== undefined && others.length === 0) return result;
  const { joined } = await import("../gate/joined.ts");
  return joined(results);
}

/** The plan that says what of all parts counts. */
async function planOver([first, ...others]: readonly Part[]): Promise<Plan> {
  if (first === undefined) throw new Error("A push without a part was judged");
  if (others.length === 0) return first.plan;
  const { strictest } = await import("../gate/joined.ts");
  return strictest([first.plan, ...others.map(({ plan }) => plan)]);
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
  const noun = old.every(({ rule }) => rule.kind === "file") ? "unwanted file" : "secret";
  const names =
    old.length === 1 ? `is a${noun === "secret" ? "" : "n"} ${noun} that` : `are ${old.length} ${noun}s that`;
  io.note(`leaksweep: there ${names} ${where} has already; see "leaksweep git"`);
}
