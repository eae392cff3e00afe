/**
 * Keys of a config that its own scanner passes over without a word: a misspelt allowlist allows nothing there, and
 * nobody is told.
 */
import type { ForeignFile, Note } from "./file.ts";
import { headerLines, type Table, tableAt, tablesAt, textAt } from "./toml.ts";

/** What a scanner knows beyond gitleaks, in lower case. */
export interface Dialect {
  readonly tool: string;
  readonly top: readonly string[];
  readonly rule: readonly string[];
}

export const gitleaksDialect: Dialect = { tool: "gitleaks", top: [], rule: [] };

const known = {
  top: ["title", "description", "minversion", "extend", "allowlist", "allowlists", "rules"],
  extend: ["usedefault", "path", "url", "disabledrules"],
  rule: [
    ...["id", "description", "regex", "path", "secretgroup", "entropy", "keywords", "tags"],
    ...["allowlist", "allowlists", "required", "skipreport"],
  ],
  allowlist: ["description", "condition", "commits", "paths", "regextarget", "regexes", "stopwords"],
  required: ["id", "withinlines", "withincolumns"],
  component: ["id", "within", "optional"],
} as const;

/** A note for each key of a config that its scanner does not know. */
export function* unknownKeys(table: Table, { name, text }: ForeignFile, dialect: Dialect): Iterable<Note> {
  const global = { at: name, tool: dialect.tool };
  yield* foreignTo([...known.top, ...dialect.top], [table], global);
  const extend = tableAt(table, "extend") ?? {};
  yield* foreignTo(known.extend, [extend], { ...global, part: "extend" });
  if (textAt(extend, "url") !== "") yield { at: name, text: "extend.url is not followed, nor is it there" };
  yield* foreignTo([...known.allowlist, "targetrules"], allowlistsOf(table), { ...global, part: "an allowlist" });
  const lines = headerLines(text, "rules");
  for (const [index, rule] of tablesAt(table, "rules").entries()) {
    const site = { at: `${name}:${lines[index] ?? 1}`, rule: textAt(rule, "id"), tool: dialect.tool };
    yield* foreignTo([...known.rule, ...dialect.rule], [rule], site);
    yield* foreignTo(known.allowlist, allowlistsOf(rule), { ...site, part: "an allowlist" });
    yield* foreignTo(known.required, tablesAt(rule, "required"), { ...site, part: "a required rule" });
    yield* foreignTo(known.component, tablesAt(rule, "components"), { ...site, part: "a component" });
  }
}

const allowlistsOf = (table: Table): readonly Table[] => [
  ...tablesAt(table, "allowlist"),
  ...tablesAt(table, "allowlists"),
];

interface Site extends Omit<Note, "text"> {
  readonly tool: string;
  /** What the tables are; absent: the config or the rule itself. */
  readonly part?: string;
}

function* foreignTo(keys: readonly string[], tables: readonly Table[], { tool, part, ...at }: Site): Iterable<Note> {
  const of = part === undefined ? "" : ` of ${part}`;
  for (const key of new Set(tables.flatMap((table) => Object.keys(table)))) {
    if (!keys.includes(key)) yield { ...at, text: `key "${key}"${of} is unknown to ${tool}` };
  }
}
