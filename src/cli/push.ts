/**
 * `leaksweep push`, from git's words to the exit code. Git is started on what the push adds before anything else is
 * loaded, and whatever only a finding needs is loaded when there is one.
 */
import { LeaksweepError } from "../errors.ts";
import { partsOf } from "../gate/parts.ts";
import { type PushedRef, pushLines } from "../gate/pushed.ts";
import { type Push, startPush } from "../gate/start.ts";
import { trackingRefs } from "../gate/tracking.ts";
import type { Typed } from "./flags.ts";
import type { Verdicts } from "./gate.ts";
import type { Io } from "./io.ts";
import { openLimit } from "./limit.ts";

/**
 * Judges the push that git tells its pre-push hook of: lines on standard input, and the name and the URL of the
 * remote as arguments. Throws "usage.invalid" where nobody tells of a push.
 */
export async function judgePush(words: readonly string[], typed: Typed, io: Io): Promise<void> {
  const told = io.env.PRE_COMMIT === "1" ? await toldByFramework(io) : undefined;
  const [name = "", url = name] = told?.remote ?? words;
  const refs = told?.refs ?? (await pushedRefs(io));
  if (refs.length === 0) {
    io.note("leaksweep: git named no ref, so there was nothing to judge");
    return io.exitWith(0);
  }
  const knownRefs = (config: string): readonly string[] => trackingRefs(config, { name, url });
  const side = name === "" || name === url ? "the other side" : name;
  const { env, cwd } = io;
  const limit = openLimit(io);
  const push = await startPush({ refs, side, knownRefs, env, cwd, signal: limit.signal });
  const gate = import("./gate.ts");
  const [{ parts, close }, { passPush }] = await Promise.all([
    partsOf(push, async (policy) => (await gate).gatePlan(policy, typed, io)),
    gate,
    import("../gate/judge.ts"), // git has much to say before it is asked anything: the time is there
  ]);
  try {
    await passPush({ parts, typed, io, limit, trusted: true, verdicts: () => verdictsOf(push) });
  } finally {
    limit.lift();
    await close();
  }
}

async function verdictsOf(push: Push): Promise<Verdicts> {
  const [{ pushedHistory }, { pushSteps }] = await Promise.all([
    import("../gate/history.ts"),
    import("../gate/steps.ts"),
  ]);
  const history = await pushedHistory(push);
  return {
    action: "push",
    steps: (finding) => pushSteps(finding, history),
    allow: ({ fingerprint }) => `leaksweep allow ${fingerprint} --reason "why", then commit it`,
    bypass: "git push --no-verify",
  };
}

async function toldByFramework(io: Io) {
  const { preCommitPush } = await import("../gate/pre-commit.ts");
  return preCommitPush(io);
}

async function pushedRefs(io: Io): Promise<readonly PushedRef[]> {
  const told = await io.told();
  if (told === undefined) {
    throw new LeaksweepError("usage.invalid", "Cannot judge a push: git has not told of any", {
      hint: 'This command is the body of git\'s pre-push hook: "leaksweep hook install" sets it up.',
    });
  }
  return pushLines(Buffer.from(told).toString("utf8"));
}
