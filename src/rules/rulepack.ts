import { createHash } from "node:crypto";
import { LeaksweepError } from "../errors.ts";
import type { Rule, Rulepack } from "../terms.ts";
import type { RuleSource } from "./load.ts";
import { analysePattern, type CompiledPattern, makePattern, type PatternFacts } from "./pattern/compile.ts";
import { refusal } from "./refusal.ts";

/** A rule whose pattern says more about itself than an engine needs. */
export interface CompiledRule extends Rule {
  readonly pattern: CompiledPattern;
}

/**
 * Rules ready to run, in the order of their sources.
 *
 * @param trusted True for built-in rules only: their patterns are proved linear, here or when they were packed, and
 *   run on V8. Patterns of others run on re2js, whatever they say.
 * @throws LeaksweepError `rule.invalid` when a pattern is wrong; see `analysePattern`.
 */
export function compileRulepack(
  sources: readonly RuleSource[],
  { trusted }: { readonly trusted: boolean },
): Rulepack & { readonly rules: readonly CompiledRule[] } {
  const rules = sources.map((source) => compileRule(source, trusted));
  return packOf(rules);
}

/** One rulepack of several, for rules that are not trusted alike. */
export function joinRulepacks(...packs: readonly Rulepack[]): Rulepack {
  const rules = packs.flatMap((pack) => pack.rules);
  return packOf(rules);
}

/** The hash is made when somebody asks: it takes as long as all else. */
function packOf<R extends Rule>(rules: readonly R[]): Rulepack & { readonly rules: readonly R[] } {
  let hash: string | undefined;
  return {
    rules,
    get hash() {
      hash ??= hashOf(rules);
      return hash;
    },
  };
}

/**
 * What is known of a rule's pattern: from the pack, or found out now. Throws `rule.invalid` with file, line and rule.
 *
 * @param trusted See `compileRulepack`.
 */
export function factsOf(source: RuleSource, { trusted }: { readonly trusted: boolean }): PatternFacts {
  const { facts, pattern, keywords } = source;
  if (facts?.reader === (trusted ? "v8" : "re2")) return facts;
  return naming(source, () => analysePattern(pattern, { keywords, trusted }));
}

function compileRule(source: RuleSource, trusted: boolean): CompiledRule {
  const { at: _at, facts: _facts, samples: _samples, verify: _verify, ...entry } = source;
  const { checksum, entropy, near, paths, revoke } = entry;
  const facts = factsOf(source, { trusted });
  const pattern = naming(source, () => makePattern(entry.pattern, facts));
  return {
    id: entry.id,
    name: entry.name,
    provider: entry.id.slice(0, entry.id.indexOf(".")),
    kind: entry.kind,
    severity: entry.severity,
    confidence: entry.confidence,
    generic: entry.generic,
    ...(entry.context && { context: true }),
    keywords: pattern.keywords,
    pattern,
    component: entry.component,
    unscreened: entry.unscreened,
    references: entry.references,
    ...(checksum !== undefined && { checksum }),
    ...(entropy !== undefined && { entropy }),
    ...(near !== undefined && { near }),
    ...(paths !== undefined && { paths }),
    ...(revoke !== undefined && {
      revoke: {
        ...(revoke.url !== undefined && { url: revoke.url }),
        ...(revoke.steps !== undefined && { steps: revoke.steps }),
      },
    }),
  };
}

/** Runs `make`; what a pattern's reader throws is told again with file, line and rule. */
function naming<T>({ at, id }: RuleSource, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof LeaksweepError)) throw cause;
    throw refusal(at, id, cause.message.replace(/^Cannot read pattern: /, "its pattern: "), cause.hint, cause);
  }
}

/** SHA-256, in hex, over all that decides what is found; the order of the rules does not. */
function hashOf(rules: readonly Rule[]): string {
  const facts = rules.map((rule) => {
    const { id, pattern, keywords, kind, confidence, generic, context = false, component, unscreened } = rule;
    const { checksum = null, entropy = null, near = null, paths = null } = rule;
    const partner = near === null ? null : [near.rule, near.lines, near.required];
    const flags = [kind, confidence, generic, context, component, unscreened];
    return JSON.stringify([id, pattern.source, keywords, ...flags, checksum, entropy, partner, paths]);
  });
  return createHash("sha256").update(facts.sort().join("\n")).digest("hex");
}

/** Which rules take part. */
export interface RuleChoice {
  /** Globs over ids (`*` stands for any text). When there are any, only rules that one of them matches take part. */
  readonly enable: readonly string[];
  /** Globs over ids of rules that take no part, whatever `enable` says. */
  readonly disable: readonly string[];
}

/**
 * The rules that take part, in their order. A rule that an enabled one has for its `near` comes along.
 *
 * @param sources All rules there are.
 * @throws LeaksweepError `rule.invalid` when two rules have one id or a `near` rule does not exist,
 *   `usage.invalid` when a glob matches no rule at all: whoever wrote it believes otherwise.
 */
export function selectRules(sources: readonly RuleSource[], { enable, disable }: RuleChoice): readonly RuleSource[] {
  settle(sources);
  for (const [verb, globs] of [["enable", enable] as const, ["disable", disable] as const]) {
    for (const glob of globs) {
      if (sources.some(({ id }) => matches(glob, id))) continue;
      throw new LeaksweepError("usage.invalid", `Cannot ${verb} rule "${glob}": there is none of that id`, {
        hint: 'See "leaksweep rules list"; `*` stands for any text, as in github.*.',
      });
    }
  }
  const chosen = (id: string): boolean => enable.length === 0 || enable.some((glob) => matches(glob, id));
  const partners = new Set(sources.flatMap(({ id, near }) => (chosen(id) && near !== undefined ? [near.rule] : [])));
  return sources.filter(({ id }) => (chosen(id) || partners.has(id)) && !disable.some((glob) => matches(glob, id)));
}

const matches = (glob: string, id: string): boolean => {
  const [head = "", ...parts] = glob.split("*").map((part) => part.replaceAll(/[^a-z0-9-]/gi, "\\$&"));
  return new RegExp(`^${[head, ...parts].join(".*")}$`).test(id);
};

/**
 * Checks what lies between rules.
 *
 * @throws LeaksweepError `rule.invalid` when two rules have one id or a `near` rule does not exist.
 */
export function settle(sources: readonly RuleSource[]): void {
  const ids = idsOf(sources);
  for (const source of sources) {
    const quarrel = quarrelOf(source, ids);
    if (quarrel !== undefined) throw quarrel;
  }
}

/** The rule that has each id: the first, should there be several. */
export function idsOf(sources: readonly RuleSource[]): ReadonlyMap<string, RuleSource> {
  return new Map([...sources].reverse().map((source) => [source.id, source]));
}

/** What is wrong between a rule and all others: another has its id, or its `near` rule does not exist. */
export function quarrelOf(source: RuleSource, ids: ReadonlyMap<string, RuleSource>): LeaksweepError | undefined {
  const { id, at, near } = source;
  const first = ids.get(id);
  if (first !== undefined && first !== source) {
    return refusal(at, id, `there is a rule of this id at ${first.at}`, "Give one of them another id.");
  }
  if (near === undefined || ids.has(near.rule)) return undefined;
  return refusal(at, id, `near.rule "${near.rule}" does not exist`, "Write the id of the rule for the other part.");
}
