import type { Rulepack } from "../terms.ts";
import { builtinShelf } from "./builtin.ts";
import { joinRulepacks, readyRulepack } from "./compiled.ts";
import type { RuleSource } from "./load.ts";
import { type RuleChoice, selectRules } from "./selection.ts";
import { Series } from "./series.ts";

/** Rules that take part in a run. */
export interface ChosenRules {
  /** Built-in: proved linear, run on V8. */
  readonly trusted: Series<RuleSource>;
  /** Of users and other tools: run on re2js, whatever they say. */
  readonly foreign: readonly RuleSource[];
  /** Hash of the rulepack, where it is known: all rules are built-in, and all of these take part. */
  readonly hash?: string;
}

/** The same as plain values that can be handed to another thread, which has the built-in rules as well. */
export interface RuleList {
  /** Ids; all of them where there are none. */
  readonly trusted?: readonly string[];
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
  const { rules: builtin, hash } = builtinShelf();
  const isAll = users.length + choice.enable.length + choice.disable.length === 0;
  if (isAll) return { trusted: builtin, foreign: [], hash }; // the build has settled them
  const chosen = selectRules([...builtin.all(), ...users], choice);
  return {
    trusted: Series.of(chosen.filter((rule) => !foreign.has(rule))),
    foreign: chosen.filter((rule) => foreign.has(rule)),
  };
}

/** The list of chosen rules, from which `rulesListed` makes them again. */
export const listOf = ({ trusted, foreign, hash }: ChosenRules): RuleList => ({
  ...(hash === undefined && { trusted: trusted.all().map(({ id }) => id) }),
  foreign,
});

/** The chosen rules that a list speaks of. */
export function rulesListed({ trusted, foreign }: RuleList): ChosenRules {
  const { rules, hash } = builtinShelf();
  if (trusted === undefined) return { trusted: rules, foreign, hash };
  const ids = new Set(trusted);
  return { trusted: Series.of(rules.all().filter(({ id }) => ids.has(id))), foreign };
}

/** What reads YAML is loaded for those who wrote some. */
async function usersRules(paths: readonly string[]): Promise<readonly RuleSource[]> {
  if (paths.length === 0) return [];
  const { loadRulesFrom } = await import("./load.ts");
  return paths.flatMap((path) => loadRulesFrom(path));
}

/** Both compiled together. Throws `rule.invalid` when a pattern is wrong. */
export async function compileChosen({ trusted, foreign, hash }: ChosenRules): Promise<Rulepack> {
  const builtin = readyRulepack(trusted, hash);
  if (foreign.length === 0) return builtin;
  const { compileRulepack } = await import("./rulepack.ts");
  return joinRulepacks(builtin, compileRulepack(foreign, { trusted: false }));
}
