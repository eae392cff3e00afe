/**
 * Reads `.gitleaks.toml`, as gitleaks 8.30 does: https://github.com/gitleaks/gitleaks#configuration. A config that
 * extends another is laid over it, rule by rule; allowlists, keywords and tags add up.
 */
import type { Allowlist, ForeignConfig, ForeignRule, RequiredRule } from "./config.ts";
import { isDefaultId } from "./default-rules.ts";
import { type ForeignFile, type Note, refusal } from "./file.ts";
import { flagAt, headerLines, numberAt, readToml, type Table, tableAt, tablesAt, textAt, textsAt } from "./toml.ts";
import { type Dialect, gitleaksDialect, unknownKeys } from "./unknown-keys.ts";

/** How many configs deep gitleaks follows `extend`. */
export const deepestExtend = 2;

/** What a `.gitleaks.toml` extends: a path relative to the current folder, or the config that comes with gitleaks. */
export function extendsOf(file: ForeignFile): { readonly path?: string; readonly useDefault: boolean } {
  const extend = tableAt(readToml(file), "extend") ?? {};
  const path = textAt(extend, "path");
  const useDefault = flagAt(extend, "usedefault");
  if (path !== "" && useDefault) {
    throw refusal(file.name, "it extends a path and the default config", "Keep one of extend.path and useDefault.");
  }
  return { useDefault, ...(path !== "" && { path }) };
}

/**
 * What a `.gitleaks.toml` means. Throws `config.invalid` for what gitleaks refuses: a rule without id, regex and path,
 * an allowlist that checks nothing, targets and required rules that do not exist. Patterns are not compiled here.
 */
export const readGitleaksConfig = (file: ForeignFile, dialect: Dialect = gitleaksDialect): ForeignConfig =>
  finished(readChain(file, dialect));

function readChain(file: ForeignFile, dialect: Dialect): Draft {
  const config = readOne(file, dialect);
  return file.base === undefined ? config : laidOver(readChain(file.base, dialect), config);
}

/** A config before its targeted allowlists have found their rules. */
interface Draft extends ForeignConfig {
  readonly targeted: readonly { readonly rule: string; readonly allowlist: Allowlist }[];
}

function readOne(file: ForeignFile, dialect: Dialect): Draft {
  const table = readToml(file);
  const lines = headerLines(file.text, "rules");
  const rules = tablesAt(table, "rules").map((rule, index) => readRule(rule, `${file.name}:${lines[index] ?? 1}`));
  const global = readAllowlists(table, { old: "allowlist", at: file.name });
  const targeted = global.flatMap(({ allowlist, targets }) => targets.map((rule) => ({ rule, allowlist })));
  const extend = tableAt(table, "extend") ?? {};
  return {
    name: file.name,
    tool: "gitleaks",
    rules,
    allowlists: global.filter(({ targets }) => targets.length === 0).map(({ allowlist }) => allowlist),
    targeted,
    others: [],
    narrowed: [],
    extendsDefault: extendsOf(file).useDefault && file.base === undefined,
    disabled: textsAt(extend, "disabledrules"),
    notes: [...unknownKeys(table, file, dialect)],
  };
}

function readRule(rule: Table, at: string): ForeignRule {
  return {
    id: textAt(rule, "id").trim(),
    at,
    description: textAt(rule, "description"),
    regex: textAt(rule, "regex"),
    path: textAt(rule, "path"),
    secretGroup: numberAt(rule, "secretgroup") ?? 0,
    entropy: numberAt(rule, "entropy") ?? 0,
    keywords: textsAt(rule, "keywords").map((keyword) => keyword.toLowerCase()),
    tags: textsAt(rule, "tags"),
    allowlists: readAllowlists(rule, { old: "allowlist", at }).map(({ allowlist }) => allowlist),
    required: tablesAt(rule, "required").map((required) => readRequired(required, at)),
    silent: flagAt(rule, "skipreport"),
  };
}

function readRequired(required: Table, at: string): RequiredRule {
  const id = textAt(required, "id");
  if (id === "") throw refusal(at, "a required rule has no id", "Name the rule under rules.required.");
  const lines = numberAt(required, "withinlines");
  const columns = numberAt(required, "withincolumns");
  return { id, ...(lines !== undefined && { lines }), ...(columns !== undefined && { columns }) };
}

interface ReadAllowlist {
  readonly allowlist: Allowlist;
  readonly targets: readonly string[];
}

/** The allowlists of a table: a list of them, or in the old form a single one. */
function readAllowlists(table: Table, { old, at }: { old: string; at: string }): readonly ReadAllowlist[] {
  const single = tableAt(table, old);
  const several = tablesAt(table, "allowlists");
  if (single !== undefined && several.length > 0) {
    throw refusal(at, `it has both [${old}] and [[allowlists]]`, "Move the old one into the list.");
  }
  return (single === undefined ? several : [single]).map((entry) => ({
    allowlist: readAllowlist(entry, at),
    targets: textsAt(entry, "targetrules"),
  }));
}

function readAllowlist(entry: Table, at: string): Allowlist {
  const condition = textAt(entry, "condition").toUpperCase();
  if (!["", "OR", "||", "AND", "&&"].includes(condition)) {
    throw refusal(at, `condition "${textAt(entry, "condition")}" is unknown`, 'Write "OR" or "AND".');
  }
  const target = textAt(entry, "regextarget") || "secret";
  if (target !== "secret" && target !== "match" && target !== "line") {
    throw refusal(at, `regexTarget "${target}" is unknown`, 'Write "match" or "line".');
  }
  const allowlist: Allowlist = {
    at,
    description: textAt(entry, "description"),
    all: condition === "AND" || condition === "&&",
    commits: textsAt(entry, "commits").map((commit) => commit.trim().toLowerCase()),
    paths: textsAt(entry, "paths"),
    target,
    regexes: textsAt(entry, "regexes"),
    stopwords: textsAt(entry, "stopwords").map((word) => word.toLowerCase()),
  };
  const { commits, paths, regexes, stopwords } = allowlist;
  if (commits.length + paths.length + regexes.length + stopwords.length > 0) return allowlist;
  throw refusal(at, "an allowlist checks nothing", "Give it commits, paths, regexes or stopwords, or remove it.");
}

/** `child` over `base`, which it extends and whose targeted allowlists are lost, as there. */
function laidOver(base: Draft, child: Draft): Draft {
  const own = new Map(child.rules.map((rule) => [rule.id, rule]));
  const kept = base.rules.filter(({ id }) => !child.disabled.includes(id));
  const merged = kept.map((rule) => mergedRule(rule, own.get(rule.id)));
  const inherited = new Set(kept.map(({ id }) => id));
  const added = child.rules.filter(({ id }) => !inherited.has(id));
  return {
    ...child,
    rules: [...merged, ...added].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    allowlists: [...child.allowlists, ...base.allowlists],
    others: base.others,
    extendsDefault: base.extendsDefault,
    disabled: base.extendsDefault ? [...base.disabled, ...child.disabled] : base.disabled,
    notes: [...base.notes, ...child.notes, ...lostTargets(base)],
  };
}

const lostTargets = ({ targeted }: Draft): readonly Note[] =>
  targeted.map(({ rule, allowlist }) => ({
    at: allowlist.at,
    rule,
    text: "an allowlist with targetRules does not count in a config that another extends",
  }));

/** What a rule of the child leaves out, the base says; lists add up. Required rules of the child are lost, as there. */
function mergedRule(base: ForeignRule, child: ForeignRule | undefined): ForeignRule {
  if (child === undefined) return base;
  return {
    ...base,
    at: child.at,
    description: child.description || base.description,
    regex: child.regex || base.regex,
    path: child.path || base.path,
    entropy: child.entropy || base.entropy,
    secretGroup: child.secretGroup || base.secretGroup,
    tags: [...base.tags, ...child.tags],
    keywords: [...base.keywords, ...child.keywords],
    allowlists: [...base.allowlists, ...child.allowlists],
  };
}

/**
 * Gives targeted allowlists to their rules. Where the default config is extended and not at hand, a rule without
 * regex changes one of its rules, and a target can be one: they are remembered under `others` and `narrowed`.
 */
function finished(draft: Draft): ForeignConfig {
  const { targeted, ...config } = draft;
  const ids = new Set(draft.rules.map(({ id }) => id));
  const missing = targeted.filter(({ rule }) => !ids.has(rule));
  if (!config.extendsDefault && missing[0] !== undefined) {
    throw refusal(config.name, `target rule "${missing[0].rule}" does not exist`, "Name a rule of this config.");
  }
  const whole = draft.rules.filter((rule) => !changesDefault(rule, config.extendsDefault));
  for (const rule of whole) expectSound(rule, { ids, extendsDefault: config.extendsDefault });
  const changed = draft.rules.filter((rule) => changesDefault(rule, config.extendsDefault));
  const rules = whole.map((rule) => {
    const more = targeted.filter((one) => one.rule === rule.id).map(({ allowlist }) => allowlist);
    return { ...rule, allowlists: [...rule.allowlists, ...more] };
  });
  const wanted = [...missing, ...targeted.filter(({ rule }) => changed.some(({ id }) => id === rule))];
  const others = changed.flatMap(({ id, allowlists }) => allowlists.map((allowlist) => ({ rule: id, allowlist })));
  return {
    ...config,
    rules,
    others: [...config.others, ...others, ...wanted],
    narrowed: [...config.narrowed, ...changed.filter(({ path, entropy }) => path !== "" || entropy !== 0)],
    notes: [...config.notes, ...rules.flatMap((rule) => mute(rule, rules))],
  };
}

/** A rule that requires one without regex can never be met, there and here. */
const mute = ({ at, id, required }: ForeignRule, rules: readonly ForeignRule[]): readonly Note[] =>
  required
    .filter((other) => rules.find((rule) => rule.id === other.id)?.regex === "")
    .map((other) => ({
      at,
      rule: id,
      text: `it requires "${other.id}", which looks at paths alone: it never reports, here and there`,
    }));

const changesDefault = ({ id, regex, path }: ForeignRule, extendsDefault: boolean): boolean =>
  extendsDefault && id !== "" && regex === "" && (path === "" || isDefaultId(id));

function expectSound(rule: ForeignRule, known: { ids: ReadonlySet<string>; extendsDefault: boolean }): void {
  const { id, at, regex, path, required } = rule;
  if (id === "") throw refusal(at, "a rule has no id", "Give it one.");
  if (regex === "" && path === "") {
    throw refusal(at, `rule "${id}" has neither regex nor path`, "Give it one of them, or remove it.");
  }
  const lost = required.find((other) => !known.ids.has(other.id));
  if (lost !== undefined && !known.extendsDefault) {
    throw refusal(at, `rule "${id}" requires "${lost.id}", which does not exist`, "Name a rule of this config.");
  }
}
