/** The digests of the rules that take part. */
import { builtinDigests } from "../rules/builtin.ts";
import { type RuleDigests, ruleDigest } from "../rules/digest.ts";
import type { Rulepack } from "../terms.ts";

export type { RuleDigests };

/** Digest by id of each rule of a rulepack. Those of built-in ones the build has made. */
export function digestsOf(rulepack: Rulepack): RuleDigests {
  const { growth } = rulepack;
  const own = (growth?.own ?? rulepack.rules).map((rule) => [rule.id, ruleDigest(rule)] as const);
  const known = growth ? Object.entries(builtinDigests()).filter(([id]) => !growth.without.has(id)) : [];
  return Object.fromEntries([...known, ...own]);
}
