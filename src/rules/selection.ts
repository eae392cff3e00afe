/** Which rules take part, and what lies between rules. */
import { LeaksweepError } from "../errors.ts";
import type { RuleSource } from "./load.ts";
import { refusal } from "./refusal.ts";

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
  const [enabled, disabled] = [enable.map(testOf), disable.map(testOf)];
  for (const [verb, tests] of [["enable", enabled] as const, ["disable", disabled] as const]) {
    for (const { glob, test } of tests) {
      if (sources.some(({ id }) => test(id))) continue;
      throw new LeaksweepError("usage.invalid", `Cannot ${verb} rule "${glob}": there is none of that id`, {
        hint: 'See "leaksweep rules list"; `*` stands for any text, as in github.*.',
      });
    }
  }
  const chosen = (id: string): boolean => enable.length === 0 || enabled.some(({ test }) => test(id));
  const partners = new Set(sources.flatMap(({ id, near }) => (chosen(id) && near !== undefined ? [near.rule] : [])));
  return sources.filter(({ id }) => (chosen(id) || partners.has(id)) && !disabled.some(({ test }) => test(id)));
}

/** Whether an id matches a glob. */
function testOf(glob: string): { readonly glob: string; readonly test: (id: string) => boolean } {
  if (!glob.includes("*")) return { glob, test: (id) => id === glob };
  const parts = glob.split("*").map((part) => part.replaceAll(/[^a-z0-9-]/gi, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  return { glob, test: (id) => pattern.test(id) };
}

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
  const { id, near } = source;
  const first = ids.get(id);
  if (first !== undefined && first !== source) {
    return refusal(source.at, id, `there is a rule of this id at ${first.at}`, "Give one of them another id.");
  }
  if (near === undefined || ids.has(near.rule)) return undefined;
  return refusal(
    source.at,
    id,
    `near.rule "${near.rule}" does not exist`,
    "Write the id of the rule for the other part.",
  );
}
