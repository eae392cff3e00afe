import type { Rule, Rulepack } from "../terms.ts";
import { builtinShelf } from "./builtin.ts";
import { grownRulepack, joinRulepacks, packOf, readyRulepack, type ThinnedShelf } from "./compiled.ts";
import type { RuleSource } from "./load.ts";
import { type RuleChoice, selectRules } from "./selection.ts";
import type { Shelf } from "./unpack.ts";

/** Rules that take part in a run. */
export interface ChosenRules {
  /** Built-in: proved linear, run on V8. All but some, or a few. */
  readonly trusted: ThinnedShelf | readonly RuleSource[];
  /** Of users and other tools: run on re2js, whatever they say. */
  readonly foreign: readonly RuleSource[];
}

/** The same as plain values that can be handed to another thread, which has the built-in rules as well. */
export interface RuleList {
  /** Ids. */
  readonly trusted: { readonly without: readonly string[] } | { readonly only: readonly string[] };
  readonly foreign: readonly RuleSource[];
}

/**
 * The built-in rules and those of the files and folders at `rules`, as far as they are chosen.
 *
 * @throws LeaksweepError `rule.invalid`, `usage.invalid`: see `loadRulesFrom` and `selectRules`.
 */
export async function chooseRules({
  rules,
  ...choice
}: RuleChoice & { readonly rules: readonly string[] }): Promise<ChosenRules> {
  const users = await usersRules(rules);
  const foreign = new Set(users);
  const shelf = builtinShelf();
  const isAll = users.length + choice.enable.length + choice.disable.length === 0;
  if (isAll) return { trusted: { ...shelf, without: new Set() }, foreign: [] }; // the build has settled them
  const chosen = selectRules([...shelf.rules.all(), ...users], choice);
  const trusted = chosen.filter((rule) => !foreign.has(rule));
  return { trusted: thinned(shelf, trusted), foreign: chosen.filter((rule) => foreign.has(rule)) };
}

/** Of most built-in rules those that are left out are told: what the build made of all of them then serves. */
function thinned(shelf: Shelf, trusted: readonly RuleSource[]): ChosenRules["trusted"] {
  if (2 * trusted.length < shelf.rules.count) return trusted;
  const ids = new Set(trusted.map(({ id }) => id));
  const without = shelf.rules.all().flatMap(({ id }) => (ids.has(id) ? [] : [id]));
  return { ...shelf, without: new Set(without) };
}

/** The list of chosen rules, from which `rulesListed` makes them again. */
export const listOf = ({ trusted, foreign }: ChosenRules): RuleList => ({
  trusted: "without" in trusted ? { without: [...trusted.without] } : { only: trusted.map(({ id }) => id) },
  foreign,
});

/** The chosen rules that a list speaks of. */
export function rulesListed({ trusted, foreign }: RuleList): ChosenRules {
  const shelf = builtinShelf();
  if ("without" in trusted) return { trusted: { ...shelf, without: new Set(trusted.without) }, foreign };
  const ids = new Set(trusted.only);
  return { trusted: shelf.rules.all().filter(({ id }) => ids.has(id)), foreign };
}

/** All built-in rules, and no others. */
export const allBuiltin: RuleList = { trusted: { without: [] }, foreign: [] };

/** What reads YAML is loaded for those who wrote some. */
async function usersRules(paths: readonly string[]): Promise<readonly RuleSource[]> {
  if (paths.length === 0) return [];
  const { loadRulesFrom } = await import("./load.ts");
  return paths.flatMap((path) => loadRulesFrom(path));
}

/**
 * All compiled together, with `others` that are compiled already. Throws `rule.invalid` when a pattern is wrong.
 */
export async function compileChosen(
  { trusted, foreign }: ChosenRules,
  others: readonly Rule[] = [],
): Promise<Rulepack> {
  const own = [...(await compiled(foreign)), ...others];
  if ("without" in trusted) return grownRulepack(trusted, own);
  return joinRulepacks(readyRulepack(trusted), packOf(own));
}

async function compiled(foreign: readonly RuleSource[]): Promise<readonly Rule[]> {
  if (foreign.length === 0) return [];
  const { compileRulepack } = await import("./rulepack.ts");
  return compileRulepack(foreign, { trusted: false }).rules;
}
