/** Telling rulepacks apart rule by rule, so that a changed rule has only itself looked for again. */
import { sha256 } from "../bytes/crypto.ts";
import type { Plan } from "../config/plan.ts";
import { digestsOf, type RuleDigests } from "../scan/digests.ts";
import type { Rule, Rulepack } from "../terms.ts";

/** Under this stands, among digests by rule id, one for the program that runs them and how it reads. */
const engine = "engine";

/**
 * A rulepack as a store knows it, with the program that runs it and the settings that decide what is read: what either
 * of them did not see may be seen by another.
 */
export function rulesIdentity(
  rulepack: Rulepack,
  { version, plan }: { readonly version: string; readonly plan: Plan },
): { hash: string; digests: RuleDigests } {
  const reader = `${version} ${readingOf(plan)}`;
  return { hash: short(`${reader}\n${rulepack.hash}`), digests: { ...digestsOf(rulepack), [engine]: reader } };
}

/** Digest of what a plan says of what is read, and of what strangers may allow there; rules have digests of their own. */
function readingOf(plan: Plan): string {
  const { exclude, reachable, ignored, range, since, branch, trustTarget, foreign } = plan;
  const { maxFileSize, maxDecodeDepth, maxArchiveDepth } = plan;
  const limits = [maxFileSize, maxDecodeDepth, maxArchiveDepth];
  return short(JSON.stringify([exclude, reachable, ignored, range, since, branch, trustTarget, foreign, limits]));
}

/**
 * Which rules must be looked for in what was read under `before`: ids; all of them where that cannot be told rule by
 * rule. A generic rule gives way to specific ones, so that it means nothing alone.
 */
export function rulesToRead(
  before: RuleDigests | undefined,
  now: RuleDigests,
  rules: readonly Rule[],
): readonly string[] | "all" {
  if (before === undefined || before[engine] !== now[engine]) return "all";
  const changed = rules.filter(({ id }) => before[id] !== now[id]);
  if (changed.some(({ generic }) => generic)) return "all";
  const ids = new Set(changed.map(({ id }) => id));
  // Whoever has a changed rule for its other part may find what it did not find before.
  for (const { id, near } of rules) if (near !== undefined && ids.has(near.rule)) ids.add(id);
  return [...ids];
}

const short = (text: string): string => sha256(text).slice(0, 32);
