import { tableFor } from "../crew/prefilter.ts";
import { fastEngine } from "../detect/engine/fast.ts";
import type { FamilySearch } from "../git/pack/family-search.ts";
import { Kernel } from "../kernel/kernel.ts";
import { chooseRules } from "../rules/choice.ts";
import type { ContentsCrew } from "../sources/contents.ts";
import type { FilesCrew } from "../sources/files.ts";
import type { Engine, Rulepack } from "../terms.ts";
import type { ScanRequest } from "./request.ts";
import { type CompiledForeign, foreignOf, rulepackOf } from "./rules.ts";
import { crewsOf, depthsOf, familiesOf } from "./threads.ts";

/** What a scan has in hand before it reads the first byte. */
export interface Equipment {
  readonly rulepack: Rulepack;
  readonly engine: Engine;
  /** What files of other scanners say, where the plan names any. */
  readonly foreign: CompiledForeign | undefined;
  readonly families: FamilySearch | undefined;
  readonly crew: FilesCrew | undefined;
  readonly contents: ContentsCrew | undefined;
}

/** Chooses rules, compiles them, and makes engines of them. Throws "rule.invalid", "usage.invalid". */
export async function equip(request: ScanRequest): Promise<Equipment> {
  const { plan } = request;
  const foreign = await foreignOf(plan);
  const chosen = plan.foreign?.builtin === false ? undefined : await chooseRules(plan);
  const rulepack = await rulepackOf(chosen, foreign?.rules);
  const table = tableFor(rulepack);
  const { archiveDepth, ...decoding } = depthsOf(plan);
  const passage = foreign && { passage: foreign.passage };
  const matcher = fastEngine(rulepack, { kernel: new Kernel(), table, ...decoding, ...passage });
  // Rules of other scanners are not known to other threads.
  const shared = (foreign?.rules.length ?? 0) === 0 && chosen ? { rulepack, rules: chosen, table } : undefined;
  return {
    rulepack,
    engine: { ...matcher, archiveDepth },
    foreign,
    families: shared && familiesOf(shared, request),
    ...(shared && foreign === undefined ? crewsOf(shared, request) : { crew: undefined, contents: undefined }),
  };
}
