/**
 * `leaksweep push`, from git's words to the exit code. Git is started on what the push adds before anything else is
 * loaded, and whatever only a finding needs is loaded when there is one.
 */
import { LeaksweepError } from "../errors.ts";
import { policyAt } from "../gate/policy.ts";
import { type PushedRef, pushLines } from "../gate/pushed.ts";
import { startPush, tipsOf } from "../gate/start.ts";
import { trackingRefs } from "../gate/tracking.ts";
import type { Finding } from "../terms.ts";
import type { Typed } from "./flags.ts";
import type { Io } from "./io.ts";

/**
 * Judges the push that git tells its pre-push hook of: lines on standard input, and the name and the URL of the
 * remote as arguments. Throws "usage.invalid" where nobody tells of a push.
 */
export async function judgePush(remote: readonly string[], typed: Typed, io: Io): Promise<void> {
  const [name = "", url = name] = remote;
  const refs = await pushedRefs(io);
  if (refs.length === 0) {
    io.note("leaksweep: git named no ref, so there was nothing to judge");
    return io.exitWith(0);
  }
  const knownRefs = (config: string): readonly string[] => trackingRefs(config, { name, url });
  const side = name === "" || name === url ? "the other side" : name;
  const push = await startPush({ refs, side, knownRefs, ...io });
  const policy = await policyAt(push.git, branchesFirst(refs));
  try {
    const [{ judgePush }, gate] = await Promise.all([import("../gate/judge.ts"), import("./gate.ts")]);
    const plan = await gate.gatePlan(policy, typed, io);
    const { counts } = await import("./exit.ts");
    const progress = gate.lateProgress(typed, io);
    const { signal, lift } = gate.limited(plan, io);
    const matters = (finding: Finding): boolean => counts(finding, plan);
    const result = await judgePush(push, { ...io, ...progress, plan, signal, matters, trusted: true }).finally(() => {
      progress.stop();
      lift();
    });
    const verdicts = async () => {
      const [{ pushedHistory }, { pushSteps }] = await Promise.all([
        import("../gate/history.ts"),
        import("../gate/steps.ts"),
      ]);
      const history = await pushedHistory(push);
      return {
        action: "push",
        steps: (finding: Finding) => pushSteps(finding, history),
        allow: ({ fingerprint }: Finding) => `leaksweep allow ${fingerprint} --reason "why", then commit it`,
        bypass: "git push --no-verify",
      } as const;
    };
    await gate.deliverGate(result, { plan, typed, io, verdicts });
  } finally {
    await policy?.close();
  }
}

/** Ids of what is pushed, branches before tags: the config of the first one holds. */
const branchesFirst = (refs: readonly PushedRef[]): string[] =>
  tipsOf(refs.toSorted((a, b) => Number(b.name.startsWith("refs/heads/")) - Number(a.name.startsWith("refs/heads/"))));

async function pushedRefs(io: Io): Promise<readonly PushedRef[]> {
  if (io.stdin.isTTY) {
    throw new LeaksweepError("usage.invalid", "Cannot judge a push: git has not told of any", {
      hint: 'This command is the body of git\'s pre-push hook: "leaksweep hook install" sets it up.',
    });
  }
  const parts: Uint8Array[] = [];
  for await (const part of io.stdin) parts.push(part);
  return pushLines(Buffer.concat(parts).toString("utf8"));
}
