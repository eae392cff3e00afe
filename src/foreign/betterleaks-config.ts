/**
 * Reads `.betterleaks.toml`, of betterleaks 1.x and 2.x. Rules are written as in gitleaks; filters come on top, and
 * 2.x has components where 1.x has required rules. What talks to providers (`validate`, `analyze`, `revoke`) is left
 * out and said.
 */

import { confidences, severities } from "../levels.ts";
import type { ForeignConfig, ForeignRule, RequiredRule } from "./config.ts";
import { type ForeignFile, type Note, refusal } from "./file.ts";
import { type ConfigFilter, filtersAt } from "./filters.ts";
import { readGitleaksConfig } from "./gitleaks-config.ts";
import { headerLines, readToml, type Table, tablesAt, textAt } from "./toml.ts";
import type { Dialect } from "./unknown-keys.ts";

export interface BetterleaksConfig extends ForeignConfig {
  /** Those that are understood. */
  readonly filters: readonly ConfigFilter[];
}

/** A config of either scanner. */
export type AnyConfig = ForeignConfig & Partial<Pick<BetterleaksConfig, "filters">>;

/** Keys of a rule that reach for the network. */
const online = ["validate", "analyze", "revoke"];

/** Keys that decide nothing here. */
const idle = { specificity: "specificity", tokenefficiency: "tokenEfficiency" };

const dialect: Dialect = {
  tool: "betterleaks",
  top: ["prefilter", "filter", "betterleaksminversion"],
  rule: [...["prefilter", "filter", "components", "confidence", "severity"], ...Object.keys(idle), ...online],
};

/** What a `.betterleaks.toml` means. Throws like `readGitleaksConfig`, also for a component that does not exist. */
export function readBetterleaksConfig(file: ForeignFile): BetterleaksConfig {
  const config = readGitleaksConfig(file, dialect);
  const notes: Note[] = [];
  const filters: ConfigFilter[] = [];
  const additions = new Map<string, Addition>();
  for (const one of chainOf(file)) {
    const table = readToml(one);
    filters.push(...filtersAt(table, { at: one.name, notes }));
    const lines = headerLines(one.text, "rules");
    for (const [index, rule] of tablesAt(table, "rules").entries()) {
      const id = textAt(rule, "id");
      const site = { at: `${one.name}:${lines[index] ?? 1}`, rule: id };
      filters.push(...filtersAt(rule, { ...site, notes }));
      additions.set(id, { ...additions.get(id), ...additionOf(rule) });
      notes.push(...lostOf(rule).map((text) => ({ ...site, text })));
    }
  }
  const rules = config.rules.map((rule) => added(rule, additions.get(rule.id)));
  const ids = new Set(rules.map(({ id }) => id));
  for (const { at, id, required } of config.extendsDefault ? [] : rules) {
    const lost = required.find((other) => !ids.has(other.id));
    if (lost !== undefined)
      throw refusal(at, `rule "${id}" requires "${lost.id}", which does not exist`, "Name a rule of this config.");
  }
  return { ...config, tool: "betterleaks", rules, filters, notes: [...config.notes, ...notes] };
}

/** All that a config extends, and the config itself, which has the last word. */
const chainOf = (file: ForeignFile): readonly ForeignFile[] => [...(file.base ? chainOf(file.base) : []), file];

/** What a rule says beyond what rules of gitleaks say. */
interface Addition extends Pick<ForeignRule, "severity" | "confidence"> {
  readonly components?: readonly RequiredRule[];
}

const added = (rule: ForeignRule, { components = [], ...levels }: Addition = {}): ForeignRule => ({
  ...rule,
  ...levels,
  required: [...rule.required, ...components],
});

function additionOf(rule: Table): Addition {
  const severity = levelAt(rule, "severity", severities);
  const confidence = levelAt(rule, "confidence", confidences);
  return {
    ...(severity && { severity }),
    ...(confidence && { confidence }),
    ...("components" in rule && { components: componentsOf(rule) }),
  };
}

const levelAt = <Level extends string>(rule: Table, key: string, levels: readonly Level[]): Level | undefined =>
  levels.find((level) => level === textAt(rule, key).toLowerCase());

/** What of a rule decides nothing here. */
function lostOf(rule: Table): readonly string[] {
  const strange = [["severity", severities] as const, ["confidence", confidences] as const].flatMap(([key, levels]) =>
    textAt(rule, key) !== "" && levelAt<string>(rule, key, levels) === undefined
      ? [`${key} "${textAt(rule, key)}" is unknown here and not carried over`]
      : [],
  );
  const optional = tablesAt(rule, "components").filter((component) => component.optional === true);
  return [
    ...online.filter((key) => key in rule).map((key) => `\`${key}\` talks to a provider and is not carried over`),
    ...Object.entries(idle).flatMap(([key, name]) =>
      key in rule && rule[key] !== false ? [`\`${name}\` is not carried over`] : [],
    ),
    ...strange,
    ...optional.map((component) => `its optional component "${textAt(component, "id")}" decides nothing here`),
  ];
}

/** `components = [{ id = "other", within = "5L,100C", optional = true }]`; optional ones decide nothing. */
function componentsOf(rule: Table): readonly RequiredRule[] {
  return tablesAt(rule, "components")
    .filter((component) => component.optional !== true)
    .map((component) => {
      const within = textAt(component, "within");
      const lines = /(\d+)L/i.exec(within)?.[1];
      const columns = /(\d+)C/i.exec(within)?.[1];
      return {
        id: textAt(component, "id"),
        ...(lines !== undefined && { lines: Number(lines) }),
        ...(columns !== undefined && { columns: Number(columns) }),
      };
    });
}
