/** `leaksweep staged`, from the index to the exit code. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { searchRoot } from "../config/find.ts";
import { judgeStaged } from "../gate/judge.ts";
import { policyNames } from "../gate/policy.ts";
import { askGit } from "../git/git.ts";
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
  if (!typed.quiet) await tellUntracked(io);
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
async function tellUntracked({ cwd, env, note }: Io): Promise<void> {
  const root = searchRoot(cwd);
  const here = policyNames.filter((name) => existsSync(join(root, name)));
  if (here.length === 0) return;
  const tracked = (await askGit(["ls-files", "-z", "--", ...here], { cwd: root, env }))?.split("\0") ?? here;
  const others = here.filter((name) => !tracked.includes(name));
  if (others.length > 0) note(`leaksweep: not in the index, so it holds here alone: ${others.join(", ")}`);
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
