/** `leaksweep receive`: the gate of a server, as git's pre-receive or update hook. */
import type { Plan } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import { type Bypass, bypassOption, bypassReason, logBypass } from "../gate/bypass.ts";
import { pushedHistory } from "../gate/history.ts";
import { type Part, type Parts, partsOf } from "../gate/parts.ts";
import { type Policy, policyAt } from "../gate/policy.ts";
import { type PushedRef, receiveLines, updateArguments } from "../gate/pushed.ts";
import { type Push, startPush } from "../gate/start.ts";
import { pushSteps } from "../gate/steps.ts";
import type { Typed } from "./flags.ts";
import { gatePlan, passPush, type Verdicts } from "./gate.ts";
import type { Io } from "./io.ts";
import { openLimit } from "./limit.ts";

/** Milliseconds in which a push must be judged, unless a flag or the config says otherwise. */
const patience = 60_000;

/**
 * Judges what is being received: the lines of a pre-receive hook, or the three arguments of an update hook. What it
 * goes by stands in the HEAD of the receiving repository, or with `--trust-target` in what is pushed; but that never
 * opens the way past the gate.
 */
export async function judgeReceived(words: readonly string[], typed: Typed, io: Io): Promise<void> {
  const refs = await receivedRefs(words, io);
  // Git tells no other hook of push options.
  const isPreReceive = words.length === 0;
  const limit = openLimit(io);
  limit.set(typed.timeout ?? patience);
  const { env, cwd } = io;
  const { signal } = limit;
  try {
    const push = await startPush({ refs, side: "this repository", knownRefs: () => ["--all"], env, cwd, signal });
    const trusted = typed.trustTarget === true;
    const planOf = (policy: Policy | undefined): Promise<Plan> => gatePlan(policy, typed, io);
    const { parts, close } = trusted ? await partsOf(push, planOf) : await partByHead(push, planOf);
    try {
      const canBypass =
        isPreReceive && (typed.allowBypass ?? (!trusted && parts.every(({ plan }) => plan.allowBypass)));
      if (await isLetPast(push, { isAllowed: canBypass, io })) return io.exitWith(0);
      const verdicts = (): Promise<Verdicts> => verdictsOf(push, { canBypass, isLate: limit.isOver() });
      const own = { ownParts: () => ownParts(push, parts, planOf) };
      await passPush({ parts, typed, io, limit, trusted, ...(!trusted && own), verdicts });
    } finally {
      await close();
    }
  } catch (error) {
    if (!limit.isOver()) throw error;
    io.note(`leaksweep: this push was stopped: the time was over before it was read. ${smaller}`);
    io.exitWith(3);
  } finally {
    limit.lift();
  }
}

/** The whole push, judged by the files of HEAD here. */
async function partByHead(push: Push, planOf: (policy: Policy | undefined) => Promise<Plan>): Promise<Parts> {
  const policy = await policyAt(push.git, "HEAD");
  const close = async (): Promise<void> => policy?.close();
  try {
    return { parts: [{ push, plan: await planOf(policy) }], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The parts by the files of what is pushed; as they are where these cannot be read, and hide nothing. */
async function ownParts(
  push: Push,
  parts: readonly Part[],
  planOf: (policy: Policy | undefined) => Promise<Plan>,
): Promise<Parts> {
  try {
    return await partsOf(push, planOf);
  } catch (error) {
    if (error instanceof LeaksweepError) return { parts, close: async () => {} };
    throw error;
  }
}

const smaller = "Push it in smaller parts (git push REMOTE OLDER_COMMIT:BRANCH), or ask for a longer --timeout here.";

async function verdictsOf(
  push: Push,
  { canBypass, isLate }: { canBypass: boolean; isLate: boolean },
): Promise<Verdicts> {
  const { commits, tips } = await pushedHistory(push);
  // Whoever pushes has the branch checked out, for all that we know.
  const local = (name: string): string => (name.startsWith("refs/heads/") ? "HEAD" : name);
  const history = { commits, tips: tips.map(({ local: name, commit }) => ({ local: local(name), commit })) };
  return {
    action: "push",
    steps: (finding) => pushSteps(finding, history),
    allow: ({ fingerprint }) =>
      `leaksweep allow ${fingerprint} --reason "why", on the default branch of this repository`,
    ...(canBypass && { bypass: `git push -o ${bypassOption}="why"` }),
    ...(isLate && { late: smaller }),
  };
}

/** Whether the push goes past the gate, which is then logged. */
async function isLetPast(push: Push, { isAllowed, io }: { isAllowed: boolean; io: Io }): Promise<boolean> {
  const why = bypassReason(io.env);
  if (why === undefined) return false;
  if (!isAllowed) io.note(`leaksweep: ${bypassOption} is not allowed here`);
  else if (why === "") io.note(`leaksweep: ${bypassOption} wants a reason: git push -o ${bypassOption}="why"`);
  else {
    const bypass: Bypass = { why, refs: push.refs, env: io.env, now: new Date() };
    await logBypass(push.commonDir, bypass);
    io.note("leaksweep: let past the gate unread, and logged");
    return true;
  }
  return false;
}

async function receivedRefs(words: readonly string[], io: Io): Promise<readonly PushedRef[]> {
  const [name, before = "", oid = ""] = words;
  if (name !== undefined) return [updateArguments(name, before, oid)];
  return receiveLines(Buffer.from((await io.told()) ?? []).toString("utf8"));
}
