/**
 * Rules of ours in the place of those that come with gitleaks: which of them take part, told by the ids of gitleaks,
 * and which ids nothing here stands in for.
 */
import type { Plan } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import type { ForeignConfig } from "../foreign/config.ts";
import { defaultIdsOf, isDefaultId, type OwnRule, shownId, usualRule } from "../foreign/default-rules.ts";
import { builtinShelf } from "../rules/builtin.ts";
import type { Rule } from "../terms.ts";
import type { Report } from "./reports.ts";

/** Which rules of a run look. */
export interface Choice extends Pick<Plan, "enable" | "disable"> {
  readonly builtin: boolean;
  /** Ids of the only rules of the config that do; absent: all. */
  readonly only?: readonly string[];
  /** Rules of gitleaks that rules of ours look for, sorted by id. */
  readonly stoodFor: Report["rules"];
  readonly notes: readonly string[];
}

/**
 * The rules that look where ours stand in. A rule that the config has itself is not stood in for.
 *
 * @param only Ids of the only rules that take part, as gitleaks has them or as we do; empty: all do.
 * @throws LeaksweepError `usage.invalid` for an id among `only` that is no rule, or that nothing stands in for.
 */
export function chooseStandIns(config: ForeignConfig | undefined, only: readonly string[]): Choice {
  const shelf = builtinShelf().rules.all();
  const theirs = new Set(config?.rules.map(({ id }) => id));
  const isOff = (rule: OwnRule): boolean =>
    theirs.has(shownId(rule)) || config?.disabled.includes(shownId(rule)) === true;
  const disable = shelf.filter(isOff).map(({ id }) => id);
  const notes = unknownIds(config);
  const looking = shelf.filter((rule) => !isOff(rule));
  if (only.length === 0) return { builtin: true, enable: [], disable, stoodFor: stoodFor(looking), notes };
  const wanted = only.filter((id) => !theirs.has(id));
  const enabled = shelf.filter((rule) => wanted.some((id) => goesBy(id, rule)));
  const enable = enabled.map(({ id }) => id);
  for (const id of wanted) if (!shelf.some((rule) => goesBy(id, rule))) throw notHere(id);
  return {
    builtin: enable.length > 0,
    enable,
    disable,
    only: only.filter((id) => theirs.has(id)),
    stoodFor: stoodFor(enabled.filter((rule) => !isOff(rule))),
    notes,
  };
}

/** Rules of ours as gitleaks would list its own: several that go by one id are one, with the name of the likeliest. */
function stoodFor(rules: readonly Pick<Rule, "id" | "name" | "generic" | "component">[]): Report["rules"] {
  const names = new Map<string, string>();
  const loud = rules.filter(({ component }) => !component);
  for (const rule of loud) {
    const id = shownId(rule);
    if (!names.has(id) || usualRule(id) === rule.id) names.set(id, rule.name);
  }
  return [...names].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, description]) => ({ id, description }));
}

const goesBy = (id: string, rule: OwnRule): boolean => rule.id === id || defaultIdsOf(rule).includes(id);

function notHere(id: string): LeaksweepError {
  const isTheirs = isDefaultId(id);
  return new LeaksweepError(
    "usage.invalid",
    `Cannot look for rule "${id}": ${isTheirs ? "no rule of leaksweep stands in for it" : "there is no rule of that id"}`,
    {
      hint: isTheirs
        ? "For exactly that rule, name a copy of gitleaks' config: --default-config gitleaks.toml."
        : 'Name a rule of the config, or one that comes with gitleaks, such as "github-pat".',
    },
  );
}

/** Ids in a config that speak of a rule that comes with gitleaks, where there is none. */
function unknownIds(config: ForeignConfig | undefined): readonly string[] {
  if (config === undefined) return [];
  const lost = ({ rule }: { rule: string }): boolean => !isDefaultId(rule);
  const problem = (where: string, id: string): string => `${where}: gitleaks comes with no rule "${id}"`;
  const changes = config.others.filter(lost).map(({ rule, allowlist }) => problem(allowlist.at, rule));
  return [
    ...config.disabled.filter((id) => !isDefaultId(id)).map((id) => problem("disabledRules", id)),
    ...new Set(changes),
  ];
}
