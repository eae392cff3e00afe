/** What ids of the rules that come with gitleaks mean among ours. */
import type { Rule } from "../terms.ts";
import { defaultIds } from "./default-ids.ts";

/** A rule of ours, as far as gitleaks' ids go. */
export type OwnRule = Pick<Rule, "id" | "generic" | "context">;

const generic = "generic-api-key";

const idsByRule: ReadonlyMap<string, readonly string[]> = inverted(defaultIds);

function inverted(table: typeof defaultIds): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [theirs, ours] of Object.entries(table)) {
    for (const id of ours) found.set(id, [...(found.get(id) ?? []), theirs]);
  }
  return found;
}

/** Whether gitleaks comes with a rule of this id. */
export const isDefaultId = (id: string): boolean => Object.hasOwn(defaultIds, id);

/** Id of the rule of ours that a default rule most likely stands for; `undefined` where there is none. */
export const usualRule = (id: string): string | undefined => (isDefaultId(id) ? defaultIds[id]?.[0] : undefined);

/** Ids under which gitleaks knows what a rule of ours finds, the usual one first. Empty: it has no such rule. */
export function defaultIdsOf({ id, generic: isGeneric, context }: OwnRule): readonly string[] {
  return idsByRule.get(id) ?? (isGeneric || context === true ? [generic] : []);
}

/** The id under which the compatibility mode shows what a rule of ours finds: its own where gitleaks has none. */
export const shownId = (rule: OwnRule): string => defaultIdsOf(rule)[0] ?? rule.id;

/** Whether two ids may stand for one credential: they are equal, one is generic, or a rule of ours has both. */
export function meanTheSame(one: string, other: string): boolean {
  if (one === other || one === generic || other === generic) return true;
  const ours = isDefaultId(one) ? defaultIds[one] : undefined;
  return ours?.some((id) => idsByRule.get(id)?.includes(other) === true) === true;
}
