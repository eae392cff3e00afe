/**
 * From a foreign rule to one that an engine runs. All that is special about it stays behind `exec`: which group is the
 * secret, the least entropy, what is required beside it, keywords that stand somewhere in the text.
 *
 * An engine tries a rule where one of its keywords stands, in a window of the pattern's reach. For a foreign rule that
 * is only the same as a look at the whole text when each match holds a keyword, by proof, and has a longest length.
 * Any other rule looks at whole texts, but only at those in which a keyword stands, or a literal that the pattern
 * cannot match without: so that a rule without keywords does not run re2js over everything.
 */
import type { Rule } from "../terms.ts";
import type { ForeignConfig, ForeignRule } from "./config.ts";
import { finderOf } from "./finder.ts";
import { lastOnly } from "./last.ts";
import { type Facts, factsOf } from "./literals.ts";
import { compileRe2, utf8 } from "./re2.ts";
import { type Required, requirements } from "./required.ts";
import { accepted, type Searcher, searcherOf } from "./searcher.ts";

export interface ForeignRulesOptions {
  /** Each rule has its say even where another claims the same bytes, as in the scanner that it comes from. */
  readonly alone: boolean;
}

/**
 * The rules of a config that have a regex. Rules that are only there to be required are not among them.
 *
 * @throws LeaksweepError `config.invalid` at the rule whose pattern is wrong or has no such group.
 */
export function rulesOf(config: ForeignConfig, { alone }: ForeignRulesOptions): readonly Rule[] {
  const searchers = new Map<string, Searcher>();
  for (const rule of config.rules) if (rule.regex !== "") searchers.set(rule.id, searcherOf(rule));
  const loud = [...searchers.values()].filter(({ rule }) => !rule.silent);
  const lower = lastOnly((text: string) => text.toLowerCase());
  return loud.map((searcher) => {
    const { rule } = searcher;
    const required = requirements(rule, searchers, config.extendsDefault);
    const facts = factsOf(rule, { whole: required.length > 0 });
    return {
      ...commonOf(rule, config.tool),
      name: rule.description || rule.id,
      kind: "secret",
      generic: rule.id.toLowerCase().includes("generic"),
      keywords: facts.keywords,
      pattern: {
        source: JSON.stringify([rule.regex, rule.secretGroup, rule.entropy, rule.keywords, rule.path, rule.required]),
        reach: facts.reach,
        ...(facts.gate && { gate: facts.gate }),
        exec: execOf(searcher, { facts, required, lower }),
      },
      ...(alone && { alone }),
      ...(rule.path !== "" && { fits: pathTest(rule) }),
    };
  });
}

/** What a foreign rule says of itself, with or without a regex. Its id gets the name of its tool as provider. */
export const commonOf = ({ id, severity = "high", confidence = "medium" }: ForeignRule, tool: string) =>
  ({
    id: `${tool}.${id}`,
    provider: tool,
    severity,
    confidence,
    component: false,
    // It means there what it finds there: screens are for rules that were written with them in mind.
    unscreened: ["*"],
    references: [],
  }) satisfies Partial<Rule>;

/** Whether a rule comes from a file of another scanner. */
export const isForeign = ({ provider }: Pick<Rule, "provider">): boolean =>
  provider === "gitleaks" || provider === "betterleaks";

/** The id that a rule has in its own config; that of one of ours as it is. */
export const foreignId = (rule: Pick<Rule, "id" | "provider">): string =>
  isForeign(rule) ? rule.id.slice(rule.provider.length + 1) : rule.id;

/** Whether a rule may speak of a path. Throws `config.invalid` for a wrong pattern. */
export function pathTest({ path, at }: Pick<ForeignRule, "path" | "at">): (path: string) => boolean {
  const pattern = compileRe2(path, at);
  return (path) => pattern.test(utf8(path));
}

interface Parts {
  readonly facts: Facts;
  readonly required: readonly Required[];
  readonly lower: (text: string) => string;
}

function execOf(searcher: Searcher, { facts, required, lower }: Parts): Rule["pattern"]["exec"] {
  const { needs, literals } = facts;
  const find = finderOf(searcher.regex, { literals, at: searcher.rule.at });
  const bytesOf = lastOnly((text: string) => Buffer.from(text, "latin1"));
  return (text, from) => {
    // Later calls for a text come from a match in it.
    if (from === 0 && needs.length > 0 && !needs.some((word) => lower(text).includes(word))) return undefined;
    const bytes = bytesOf(text);
    for (let at = from; at <= bytes.length; ) {
      const found = find(bytes, () => lower(text), at);
      if (found === undefined) return undefined;
      const match = accepted(searcher, bytes, found);
      if (match !== undefined && required.every((one) => one.isBeside(bytes, match))) return match;
      at = Math.max(found.end, found.start + 1);
    }
    return undefined;
  };
}
