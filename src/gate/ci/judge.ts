/**
 * The result of a CI run: what its event adds. A pull request is judged by the files of its target; what its own files
 * would hide stays new, and says so.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../config/plan.ts";
import { LeaksweepError } from "../../errors.ts";
import type { Finding, Result } from "../../terms.ts";
import { type JudgeOptions, judgePush } from "../judge.ts";
import { withOwnWord } from "../own-word.ts";
import { type Policy, pathsIn, policyAt } from "../policy.ts";
import { type HookCall, type Push, startPush } from "../start.ts";
import type { CiRange } from "./range.ts";

export interface CiJudging extends HookCall {
  /** Lets a pull request say what is allowed in it. */
  readonly trustTarget: boolean;
  /** Paths in the repository that flags name: of these, too, each commit has its own. */
  readonly named: readonly string[];
  /** The plan that the files of a commit make, together with the flags but for the named paths that are `refused`. */
  readonly planOf: (policy: Policy | undefined, refused: readonly string[]) => Promise<Plan>;
  readonly matters: (finding: Finding, plan: Plan) => boolean;
  readonly onEvent: JudgeOptions["onEvent"];
  /** Bounds the judging by the plan's time limit. */
  readonly limit: (plan: Plan) => AbortSignal;
}

/** The result, and the plan that decides what of it is shown and counts. Rejects like `judgePush`. */
export async function judgeRange(range: CiRange, judging: CiJudging): Promise<{ result: Result; plan: Plan }> {
  const { head, ref, known } = range;
  const [before, ...others] = known;
  const refs = [
    { name: ref, oid: head, ...(before !== undefined && { before }) },
    // Nothing is pushed under these: they only say what was there.
    ...others.map((oid) => ({ name: ref, before: oid })),
  ];
  const push = await startPush({ ...judging, refs, side: "the base", knownRefs: () => [] });
  const by = (judging.trustTarget ? undefined : range.trusted) ?? head;
  const isTrusted = by === head;
  const { result, plan } = await judged(push, by, { judging, head });
  const own = async (): Promise<Result> => {
    const theirs = await judged(push, head, { judging, head }).catch((error: unknown) => {
      if (error instanceof LeaksweepError) return { result }; // a config that cannot be read hides nothing
      throw error;
    });
    return theirs.result;
  };
  const counts = (finding: Finding): boolean => judging.matters(finding, plan);
  const marked = isTrusted ? result : await withOwnWord(result, { counts, own });
  return { result: { ...marked, target: { ...marked.target, range: rangeName(range) } }, plan };
}

/** Judges `head` by the files that `commit` has. What only `head` has counts when that is the commit. */
async function judged(
  push: Push,
  commit: string,
  { judging, head }: { judging: CiJudging; head: string },
): Promise<{ result: Result; plan: Plan }> {
  const { named } = judging;
  const trusted = commit === head;
  const policy = await policyAt(push.git, commit, named);
  try {
    const lacking = trusted ? [] : named.filter((path) => !policy || !existsSync(join(policy.folder, path)));
    const plan = await judging.planOf(policy, await pathsIn(push.git, head, lacking));
    const matters = (finding: Finding): boolean => judging.matters(finding, plan);
    const options = { ...judging, plan, matters, trusted, signal: judging.limit(plan) };
    return { result: await judgePush(push, options), plan };
  } finally {
    await policy?.close();
  }
}

/** As git writes it, in short ids. */
const rangeName = ({ head, known }: CiRange): string =>
  [head, ...known.map((id) => `^${id}`)].map((id) => id.slice(0, id.startsWith("^") ? 8 : 7)).join(" ");
