/** `leaksweep staged`, from the index to the exit code. */
import { searchRoot } from "../config/find.ts";
import type { Plan } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import { policyInIndex } from "../gate/index-policy.ts";
import { judgeStaged } from "../gate/judge.ts";
import type { Policy } from "../gate/policy.ts";
import { printable } from "../report/escape.ts";
import { scan } from "../scan.ts";
import type { Finding } from "../terms.ts";
import { counts } from "./exit.ts";
import type { Typed } from "./flags.ts";
import { deliverGate, gatePlan, lateProgress } from "./gate.ts";
import type { Io } from "./io.ts";
import { limited } from "./limit.ts";
import { namedInside, withFilesOf } from "./named-files.ts";
import { planOf } from "./run.ts";

/** Judges what the next commit would bring in. What HEAD has already at the paths that change stops nobody. */
export async function judgeIndex(typed: Typed, io: Io): Promise<void> {
  const around = { cwd: io.cwd, root: searchRoot(io.cwd) };
  const { policy, untracked } = await policyInIndex(io, namedInside(typed, around));
  const planned = async (): Promise<Plan> =>
    policy === undefined
      ? planOf(job, typed, io)
      : gatePlan(policy, withFilesOf(policy, typed, { ...around, refused: [] }), io);
  try {
    const plan = await planned().finally(() => {
      if (!typed.quiet) tellUntracked(untracked(), io); // may be why there is no plan
    });
    await judgeBy(plan, typed, io);
  } catch (error) {
    throw policy === undefined ? error : inRepository(error, policy);
  } finally {
    await policy?.close();
  }
}

/** A failure that names files as the repository does: the folder in which they were laid is gone when it is read. */
function inRepository(error: unknown, { folder }: Policy): unknown {
  if (!(error instanceof LeaksweepError)) return error;
  return new LeaksweepError(error.code, error.message.replaceAll(`${folder}/`, ""), { hint: error.hint, cause: error });
}

const job = { command: "staged", paths: [] } as const;

async function judgeBy(plan: Plan, typed: Typed, io: Io): Promise<void> {
  const progress = lateProgress(typed, io);
  const limit = limited(plan, io);
  const { signal } = limit;
  const { env, cwd } = io;
  const { onEvent } = progress;
  const request = { env, cwd, onEvent, plan, signal };
  const judged = async () => {
    const result = await scan({ ...request, ...job, now: () => new Date() });
    return judgeStaged(result, { ...request, matters: (finding) => counts(finding, plan) });
  };
  const result = await judged().finally(() => {
    progress.stop();
    limit.lift();
  });
  await deliverGate(result, { plan, typed, io, verdicts });
}

/**
 * Says which files that hold here are not in the index: whoever pulls the commit, and the gate of a push, go without
 * them. They count all the same, since this is the developer's own gate.
 */
function tellUntracked(names: readonly string[], { note }: Io): void {
  if (names.length > 0) note(`leaksweep: not in the index, so it holds here alone: ${printable(names.join(", "))}`);
}

async function verdicts() {
  const { stagedSteps } = await import("../gate/steps.ts");
  return {
    action: "commit",
    steps: stagedSteps,
    // The baseline of the index counts, so that it has to be staged, too.
    allow: ({ fingerprint }: Finding) =>
      `leaksweep allow ${fingerprint} --reason "why" (then stage .leaksweep-baseline)`,
    bypass: "git commit --no-verify",
  } as const;
}
