import { LeaksweepError } from "../errors.ts";
import type { Rulepack } from "../terms.ts";
import { CompiledRule, packOf } from "./compiled.ts";
import type { RuleSource } from "./load.ts";
import { analysePattern, makePattern } from "./pattern/compile.ts";
import type { PatternFacts } from "./pattern/pattern.ts";
import { refusal } from "./refusal.ts";

/**
 * Rules ready to run, in the order of their sources.
 *
 * @param trusted True for built-in rules only: their patterns are proved linear, here or when they were packed, and
 *   run on V8. Patterns of others run on re2js, whatever they say.
 * @param afresh What was proved when a rule was packed is proved again.
 * @throws LeaksweepError `rule.invalid` when a pattern is wrong; see `analysePattern`.
 */
export function compileRulepack(
  sources: readonly RuleSource[],
  options: { readonly trusted: boolean; readonly afresh?: boolean },
): Rulepack & { readonly rules: readonly CompiledRule[] } {
  const rules = sources.map((source) => {
    const facts = factsOf(source, options);
    return new CompiledRule(
      source,
      naming(source, () => makePattern(source, facts)),
    );
  });
  return packOf(rules);
}

/**
 * What is known of a rule's pattern: from the pack, or found out now. Throws `rule.invalid` with file, line and rule.
 *
 * @param trusted See `compileRulepack`.
 */
export function factsOf(
  source: RuleSource,
  { trusted, afresh = false }: { readonly trusted: boolean; readonly afresh?: boolean },
): PatternFacts {
  if (!afresh && source.facts?.reader === (trusted ? "v8" : "re2")) return source.facts;
  const { pattern, keywords } = source;
  return naming(source, () => analysePattern(pattern, { keywords, trusted }));
}

/** Runs `make`; what a pattern's reader throws is told again with file, line and rule. */
function naming<T>(source: RuleSource, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof LeaksweepError)) throw cause;
    throw refusal(
      source.at,
      source.id,
      cause.message.replace(/^Cannot read pattern: /, "its pattern: "),
      cause.hint,
      cause,
    );
  }
}
