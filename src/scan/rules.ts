/** The rules that take part in a scan. */
import type { Plan } from "../config/plan.ts";
import type { Foreign } from "../foreign/inputs.ts";
import type { passageOf } from "../foreign/passage.ts";
import { type ChosenRules, chooseRules, compileChosen } from "../rules/choice.ts";
import { packOf } from "../rules/compiled.ts";
import type { Rule, Rulepack } from "../terms.ts";
import type { Looking } from "./run.ts";

/** What files of other scanners say, with what it takes to ask them. */
export interface CompiledForeign extends Foreign {
  readonly passage: typeof passageOf;
  readonly named?: Looking["named"];
}

/** What files of other scanners say. */
export async function foreignOf({ foreign }: Plan): Promise<CompiledForeign | undefined> {
  if (foreign === undefined) return undefined;
  const [{ compileForeign }, { passageOf }, { namedFiles, pathMatches }] = await Promise.all([
    import("../foreign/inputs.ts"),
    import("../foreign/passage.ts"),
    import("../foreign/path-rule.ts"),
  ]);
  const compiled = compileForeign(foreign);
  const { pathRules } = compiled;
  const files = namedFiles(pathRules);
  const named = files && { files, matches: (path: string) => pathMatches(pathRules, path) };
  return { ...compiled, passage: passageOf, ...(named && { named }) };
}

/**
 * The files that rules of other scanners look for by their paths alone. As that scanner nobody is asked here: it counts
 * in rows, one for each commit that touches such a file, which `gitleaks/` makes.
 */
export const namedBy = (foreign: CompiledForeign | undefined, { foreign: files }: Plan): Pick<Looking, "named"> =>
  foreign?.named === undefined || files?.alone === true ? {} : { named: foreign.named };

/**
 * The built-in rules and the user's, as the plan chooses them, and with them those of other scanners.
 * Throws "rule.invalid", "usage.invalid".
 */
export async function rulesOf(plan: Plan, others: readonly Rule[] = []): Promise<Rulepack> {
  return rulepackOf(plan.foreign?.builtin === false ? undefined : await chooseRules(plan), others);
}

/** Rules that were chosen, and others beside them, as one rulepack. Throws "rule.invalid". */
export async function rulepackOf(chosen: ChosenRules | undefined, others: readonly Rule[] = []): Promise<Rulepack> {
  return chosen ? await compileChosen(chosen, others) : packOf(others);
}
