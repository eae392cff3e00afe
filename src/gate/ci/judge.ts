/**
 * The result of a CI run: what its event adds. A pull request is judged by the files of its target; what its own files
 * would hide stays new, and says so.
 */
import type { Plan } from "../../config/plan.ts";
import type { Finding, Result } from "../../terms.ts";
import { type JudgeOptions, judgePush } from "../judge.ts";
import { withOwnWord } from "../own-word.ts";
import { type Policy, policyAt } from "../policy.ts";
import { type HookCall, type Push, startPush } from "../start.ts";
import type { CiRange } from "./range.ts";

export interface CiJudging extends HookCall {
  /** Lets a pull request say what is allowed in it. */
  readonly trustTarget: boolean;
  /** The plan that the files of a commit make, together with the flags. */
  readonly planOf: (policy: Policy | undefined) => Promise<Plan>;
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
  const isTrusted = range.trusted === undefined || judging.trustTarget;
  const { result, plan } = await judged(push, isTrusted ? head : (range.trusted ?? head), { judging, isTrusted });
  const own = async (): Promise<Result> => (await judged(push, head, { judging, isTrusted: true })).result;
  const counts = (finding: Finding): boolean => judging.matters(finding, plan);
  const marked = isTrusted ? result : await withOwnWord(result, { counts, own });
  return { result: { ...marked, target: { ...marked.target, range: rangeName(range) } }, plan };
}

/** Judges by the files that `commit` has. */
async function judged(
  push: Push,
  commit: string,
  { judging, isTrusted }: { judging: CiJudging; isTrusted: boolean },
): Promise<{ result: Result; plan: Plan }> {
  const policy = await policyAt(push.git, [commit]);
  try {
    const plan = await judging.planOf(policy);
    const matters = (finding: Finding): boolean => judging.matters(finding, plan);
    const options = { ...judging, plan, matters, trusted: isTrusted, signal: judging.limit(plan) };
    return { result: await judgePush(push, options), plan };
  } finally {
    await policy?.close();
  }
}

/** As git writes it, in short ids. */
const rangeName = ({ head, known }: CiRange): string =>
  [head, ...known.map((id) => `^${id}`)].map((id) => id.slice(0, id.startsWith("^") ? 8 : 7)).join(" ");
