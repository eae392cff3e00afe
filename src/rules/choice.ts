import type { Rulepack } from "../terms.ts";
import { builtinRules } from "./builtin.ts";
import type { RuleSource } from "./load.ts";
import { compileRulepack, joinRulepacks, type RuleChoice, selectRules } from "./rulepack.ts";

/** Rules that take part in a run, as plain values that can be handed to another thread. */
export interface ChosenRules {
  /** Built-in: proved linear, run on V8. */
  readonly trusted: readonly RuleSource[];
  /** Of users and other tools: run on re2js, whatever they say. */
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
  const chosen = selectRules([...builtinRules(), ...users], choice);
  return {
    trusted: chosen.filter((rule) => !foreign.has(rule)),
    foreign: chosen.filter((rule) => foreign.has(rule)),
  };
}

/** What reads YAML is loaded for those who wrote some. */
async function usersRules(paths: readonly string[]): Promise<readonly RuleSource[]> {
  if (paths.length === 0) return [];
  const { loadRulesFrom } = await import("./load.ts");
  return paths.flatMap((path) => loadRulesFrom(path));
}

/** Both compiled together. Throws `rule.invalid` when a pattern is wrong. */
export const compileChosen = ({ trusted, foreign }: ChosenRules): Rulepack =>
  joinRulepacks(compileRulepack(trusted, { trusted: true }), compileRulepack(foreign, { trusted: false }));
