/** The rules that take part in a scan. */
import type { Plan } from "../config/plan.ts";
import type { Foreign } from "../foreign/inputs.ts";
import { type ChosenRules, chooseRules, compileChosen } from "../rules/choice.ts";
import { joinRulepacks } from "../rules/compiled.ts";
import type { Rule, Rulepack, Skip } from "../terms.ts";

/** What files of other scanners say. */
export async function foreignOf({ foreign }: Plan) {
  if (foreign === undefined) return undefined;
  const [{ compileForeign }, { passageOf }] = await Promise.all([
    import("../foreign/inputs.ts"),
    import("../foreign/passage.ts"),
  ]);
  return { ...compileForeign(foreign), passage: passageOf };
}

/** Rules of other scanners that look at paths alone: only as that scanner, in a row for each place, are they applied. */
export const notApplied = (foreign: Foreign | undefined, { foreign: files }: Plan): readonly Skip[] =>
  files?.alone === true
    ? []
    : (foreign?.pathRules ?? []).map(({ rule: { id } }) => ({
        by: "policy",
        reason: `rule ${id} looks at paths alone, which "leaksweep gitleaks" does and this command does not`,
      }));

/**
 * The built-in rules and the user's, as the plan chooses them, and with them those of other scanners.
 * Throws "rule.invalid", "usage.invalid".
 */
export async function rulesOf(plan: Plan, others: readonly Rule[] = []): Promise<Rulepack> {
  return rulepackOf(plan.foreign?.builtin === false ? undefined : await chooseRules(plan), others);
}

/** Rules that were chosen, and others beside them, as one rulepack. Throws "rule.invalid". */
export async function rulepackOf(chosen: ChosenRules | undefined, others: readonly Rule[] = []): Promise<Rulepack> {
  const own = chosen && (await compileChosen(chosen));
  if (own && others.length === 0) return own;
  return joinRulepacks(...(own ? [own] : []), { rules: others, hash: "" });
}
