/** From rules of another scanner to entries of a rule file of ours, for those who leave the other one for good. */
import { stringify } from "yaml";
import type { AnyConfig } from "./betterleaks-config.ts";
import type { Allowlist, ForeignConfig, ForeignRule } from "./config.ts";
import { defaultIds } from "./default-ids.ts";
import { type Entry, entryOf, isPlainName, namesOf } from "./entry.ts";
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
function entriesOf(config: ForeignConfig): {
  readonly entries: readonly Entry[];
  readonly notes: readonly Note[];
} {
  const nameOf = namesOf(config);
  const made = config.rules.map((rule) => ({ rule, ...entryOf(rule, nameOf) }));
  const { kept, orphans } = withPartners(made.filter(({ entry }) => entry !== undefined));
  const renamed = kept.filter(({ rule: { id } }) => !isPlainName(id, nameOf(id)));
  const allowing = kept.filter(({ rule }) => rule.allowlists.length > 0);
  const noteOf = ({ at, id }: ForeignRule, text: string): Note => ({ at, rule: id, text });
  return {
    entries: kept.flatMap(({ entry }) => (entry === undefined ? [] : [entry])),
    notes: [
      ...made.flatMap(({ rule, lost }) => lost.map((text) => noteOf(rule, text))),
      ...orphans.map(({ rule, partner }) => noteOf(rule, `it requires "${partner}", which is not carried over`)),
      ...renamed.map(({ rule }) =>
        noteOf(rule, `it is called "${nameOf(rule.id)}", for another id differs in punctuation alone`),
      ),
      ...allowing.map(({ rule }) => noteOf(rule, `its allowlists ${noForms}`)),
    ],
  };
}

interface Made {
  readonly rule: ForeignRule;
  readonly entry?: Entry;
}

interface Orphan {
  readonly rule: ForeignRule;
  /** Id of the rule that it requires, and that is not there. */
  readonly partner: string;
}

/** Those whose required rules are among them. A rule that goes takes along the rules that require it. */
function withPartners(made: readonly Made[]): { readonly kept: readonly Made[]; readonly orphans: readonly Orphan[] } {
  const ids = new Set(made.map(({ rule }) => rule.id));
  const orphans = made.flatMap(({ rule }) => {
    const partner = rule.required.find(({ id }) => !ids.has(id))?.id;
    return partner === undefined ? [] : [{ rule, partner }];
  });
  if (orphans.length === 0) return { kept: made, orphans };
  const lost = new Set(orphans.map(({ rule }) => rule));
  const rest = withPartners(made.filter(({ rule }) => !lost.has(rule)));
  return { kept: rest.kept, orphans: [...orphans, ...rest.orphans] };
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
