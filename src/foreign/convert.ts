/** From rules of another scanner to entries of a rule file of ours, for those who leave the other one for good. */
import { stringify } from "yaml";
import type { AnyConfig } from "./betterleaks-config.ts";
import type { Allowlist, ForeignConfig } from "./config.ts";
import { defaultIds } from "./default-ids.ts";
import { type Entry, entryOf, ruleIdOf } from "./entry.ts";
import type { Note } from "./file.ts";
import { globOf } from "./glob.ts";

export interface Converted {
  /** Text of the rule file; empty where there is no rule to carry over. */
  readonly rules: string;
  /** Globs of what is not read. */
  readonly exclude: readonly string[];
  /** Globs of rules of ours for what the config disables. */
  readonly disable: readonly string[];
  /** What could not be carried over, and has to stay in the old file. */
  readonly notes: readonly Note[];
}

/** All of a config that our own files can say. */
export function convert(config: AnyConfig): Converted {
  const { entries, notes } = entriesOf(config);
  const paths = config.allowlists.map((allowlist) => excluded(allowlist));
  const defaults = defaultsOf(config);
  return {
    rules: entries.length === 0 ? "" : stringify(entries, { lineWidth: 120 }),
    exclude: [...new Set(paths.flatMap(({ globs }) => globs))],
    disable: defaults.disable,
    notes: [
      ...config.notes,
      ...notes,
      ...paths.flatMap(({ notes }) => notes),
      ...(config.filters ?? []).map(({ at, rule, key }) => ({
        at,
        ...(rule !== undefined && { rule }),
        text: `${rule === undefined ? "the" : "its"} ${key} ${noForm}`,
      })),
      ...defaults.notes,
    ],
  };
}

const noForm = "has no form here; what it allows now is in the baseline";
const noForms = "have no form here; what they allow now is in the baseline";

/** Entries for the rules that have one, and why the others have none. */
function entriesOf(config: ForeignConfig): { readonly entries: readonly Entry[]; readonly notes: readonly Note[] } {
  const made = config.rules.map((rule) => ({ rule, ...entryOf(rule, config.tool) }));
  let kept = made.filter(({ entry }) => entry !== undefined);
  const notes: Note[] = made.flatMap(({ rule, lost }) => lost.map((text) => ({ at: rule.at, rule: rule.id, text })));
  // A rule goes where the one that it requires goes, and takes along those that require it.
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    const ids = new Set(kept.map(({ rule }) => ruleIdOf(rule.id, config.tool)));
    const missing = ({ rule }: (typeof kept)[number]): string | undefined =>
      rule.required.find(({ id }) => !ids.has(ruleIdOf(id, config.tool)))?.id;
    for (const one of kept) {
      const id = missing(one);
      if (id === undefined) continue;
      notes.push({ at: one.rule.at, rule: one.rule.id, text: `it requires "${id}", which is not carried over` });
    }
    kept = kept.filter((one) => missing(one) === undefined);
  }
  const allowing = kept.filter(({ rule }) => rule.allowlists.length > 0);
  notes.push(...allowing.map(({ rule: { at, id } }) => ({ at, rule: id, text: `its allowlists ${noForms}` })));
  return { entries: kept.flatMap(({ entry }) => (entry === undefined ? [] : [entry])), notes };
}

/** The globs of an allowlist, and how much of it has no form here. */
function excluded(allowlist: Allowlist): { readonly globs: readonly string[]; readonly notes: readonly Note[] } {
  const { at, all, commits, regexes, stopwords, paths } = allowlist;
  const others = commits.length + regexes.length + stopwords.length;
  const globs = all && others > 0 ? [] : paths.flatMap((path) => globOf(path) ?? []);
  const rest = paths.length - globs.length + others;
  if (rest === 0) return { globs, notes: [] };
  return { globs, notes: [{ at, text: `${rest} checks of an allowlist ${noForms}` }] };
}

/** What a config says of the rules that come with its scanner. */
function defaultsOf(config: ForeignConfig): Pick<Converted, "disable" | "notes"> {
  const { name: at, tool, extendsDefault, disabled, others, narrowed } = config;
  const known = disabled.map((id) => ({ id, ours: oursFor(id) }));
  const changed = new Map(others.map(({ rule, allowlist }) => [rule, allowlist.at]));
  const stay = `the rules that come with ${tool} are not carried over, and those of leaksweep stand in for them`;
  return {
    disable: known.flatMap(({ ours }) => ours),
    notes: [
      ...(extendsDefault ? [{ at, text: stay }] : []),
      ...known
        .filter(({ ours }) => ours.length === 0)
        .map(({ id }) => ({ at, text: `disabledRules: no rule here stands in for "${id}"` })),
      ...narrowed.map(({ at, id }) => ({ at, rule: id, text: "its path or entropy has no form here" })),
      ...[...changed].map(([rule, at]) => ({ at, rule, text: `its allowlists ${noForms}` })),
    ],
  };
}

/** Globs of the rules of ours that a default rule stands for. */
const oursFor = (id: string): readonly string[] =>
  id === "generic-api-key" ? ["generic.*"] : Object.hasOwn(defaultIds, id) ? (defaultIds[id] ?? []) : [];
