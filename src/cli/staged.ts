/** `leaksweep staged`, from the index to the exit code. */
import { judgeStaged } from "../gate/judge.ts";
import { scan } from "../scan.ts";
import type { Finding } from "../terms.ts";
import { counts } from "./exit.ts";
import type { Typed } from "./flags.ts";
import { deliverGate, lateProgress } from "./gate.ts";
import type { Io } from "./io.ts";
import { limited } from "./limit.ts";
import { planOf } from "./run.ts";

/** Judges what the next commit would bring in. What HEAD has already at the paths that change stops nobody. */
export async function judgeIndex(typed: Typed, io: Io): Promise<void> {
  const job = { command: "staged", paths: [] } as const;
  const plan = await planOf(job, typed, io);
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

async function verdicts() {
  const { stagedSteps } = await import("../gate/steps.ts");
  return {
    action: "commit",
    steps: stagedSteps,
    allow: ({ fingerprint }: Finding) => `leaksweep allow ${fingerprint} --reason "why"`,
    bypass: "git commit --no-verify",
  } as const;
}
