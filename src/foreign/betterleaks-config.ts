/**
 * Reads `.betterleaks.toml`, of betterleaks 1.x and 2.x. Rules are written as in gitleaks; filters come on top, and
 * 2.x has components where 1.x has required rules. What talks to providers (`validate`, `analyze`, `revoke`) is left
 * out and said.
 */

import { LeaksweepError } from "../errors.ts";
import type { Permit } from "../terms.ts";
import type { ForeignConfig, RequiredRule } from "./config.ts";
import { compileFilter, type Filter } from "./expression.ts";
import type { ForeignFile, Note } from "./file.ts";
import { readGitleaksConfig } from "./gitleaks-config.ts";
import { foreignId } from "./rule.ts";
import { headerLines, readToml, type Table, tablesAt, textAt } from "./toml.ts";

export interface BetterleaksConfig extends ForeignConfig {
  /** What its filters permit. */
  readonly filters: readonly Permit[];
}

/** What a `.betterleaks.toml` means. Throws like `readGitleaksConfig`, and for a filter that is no expression. */
export function readBetterleaksConfig(file: ForeignFile): BetterleaksConfig {
  const config = readGitleaksConfig(file);
  const chain = chainOf(file).map((one) => ({ file: one, table: readToml(one) }));
  const notes: Note[] = [];
  const filters: Permit[] = [];
  const components = new Map<string, readonly RequiredRule[]>();
  for (const { file: one, table } of chain) {
    filters.push(...filtersAt(table, { at: one.name, notes }));
    const lines = headerLines(one.text, "rules");
    for (const [index, rule] of tablesAt(table, "rules").entries()) {
      const at = `${one.name}:${lines[index] ?? 1}`;
      const id = textAt(rule, "id");
      filters.push(...filtersAt(rule, { at, rule: id, notes }));
      components.set(id, componentsOf(rule));
      for (const key of online)
        if (key in rule) notes.push({ at, rule: id, text: `\`${key}\` talks to a provider and is not carried over` });
      if (rule.tokenefficiency === true) notes.push({ at, rule: id, text: "`tokenEfficiency` is not carried over" });
    }
  }
  const rules = config.rules.map((rule) => ({
    ...rule,
    required: [...rule.required, ...(components.get(rule.id) ?? [])],
  }));
  const known = config.notes.filter(({ text }) => !ownKeys.some((key) => text.includes(`"${key}"`)));
  return { ...config, tool: "betterleaks", rules, filters, notes: [...known, ...notes] };
}

/** Keys of a rule that reach for the network. */
const online = ["validate", "analyze", "revoke"];

/** Keys that gitleaks does not know and this reader does. */
const ownKeys = [
  ...["prefilter", "filter", "betterleaksminversion", "specificity", "tokenefficiency", "components", "confidence"],
  ...["severity", "skipreport", ...online],
];

/** The config and all that it extends. */
const chainOf = (file: ForeignFile): readonly ForeignFile[] => [file, ...(file.base ? chainOf(file.base) : [])];

interface FilterSite {
  readonly at: string;
  readonly rule?: string;
  readonly notes: Note[];
}

function filtersAt(table: Table, { at, rule, notes }: FilterSite): readonly Permit[] {
  return ["prefilter", "filter"].flatMap((key) => {
    const text = textAt(table, key);
    if (text.trim() === "") return [];
    const { discards, gaps } = understood(text, { at, key, ...(rule !== undefined && { rule }), notes });
    if (gaps.length > 0) {
      const names = gaps.map((gap) => `\`${gap}\``).join(", ");
      notes.push({
        at,
        ...(rule !== undefined && { rule }),
        text: `${key}: ${names} can't be known here and discards nothing`,
      });
    }
    const allowance = { reason: `discarded by the ${key} at ${at}` };
    const concerns: Permit = (placed) => (discards(placed) ? allowance : undefined);
    return rule === undefined
      ? [concerns]
      : [(placed) => (foreignId(placed.match.rule) === rule ? concerns(placed) : undefined)];
  });
}

/** The filter; one that is beyond this reader is noted and discards nothing. */
function understood(text: string, { at, key, rule, notes }: FilterSite & { readonly key: string }): Filter {
  try {
    return compileFilter(text, at);
  } catch (error) {
    if (!(error instanceof LeaksweepError)) throw error;
    notes.push({
      at,
      ...(rule !== undefined && { rule }),
      text: `its ${key} is not understood here and discards nothing`,
    });
    return { discards: () => false, gaps: [] };
  }
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
