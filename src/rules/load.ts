/**
 * Reads rule files. A mistake is reported the way compilers do, as `file:line:column: Cannot load rule "id": …`, at the
 * value that is wrong and with the fix as its hint.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { nearest } from "../bytes/nearest.ts";
import { LeaksweepError } from "../errors.ts";
import { rowKeys, rowsSchema, ruleOf } from "./context/context.ts";
import type { PatternFacts } from "./pattern/pattern.ts";
import { refusal } from "./refusal.ts";
import { knownKeys, type RuleEntry, shelfSchema } from "./schema.ts";

/** A rule as it was written, and where. */
export interface RuleSource extends RuleEntry {
  /** `file:line:column` of the entry, for messages. */
  readonly at: string;
  /** What the build found out about the pattern of a built-in rule, so that starting need not. */
  readonly facts?: PatternFacts;
}

/** A rule file that has been read into memory. */
export interface RuleFile {
  /** How messages call it. */
  readonly path: string;
  readonly text: string;
  /** Its entries are rows, each of which stands for a rule; see `context.ts`. */
  readonly rows?: boolean;
}

/**
 * The rules of some files, in their order.
 *
 * @param shelf True for the built-in shelf, where the part of an id before the dot is the name of its file.
 * @throws LeaksweepError `rule.invalid` at the first mistake. What lies between rules (ids given twice, `near` rules
 *   that do not exist) is looked at where all rules are known: see `settle`.
 */
export function loadRules(files: readonly RuleFile[], { shelf }: { readonly shelf: boolean }): readonly RuleSource[] {
  return shelf
    ? readShelf(files).map(({ rule }) => rule)
    : files.flatMap((file) => readFile(file)).map(({ rule }) => rule);
}

/** A rule, and its samples as they are in the file, with every `¦`. */
export interface ShelfRule {
  readonly rule: RuleSource;
  readonly samples: RuleSource["samples"];
}

/** Like `loadRules` for the built-in shelf, with the samples as written. */
export function readShelf(files: readonly RuleFile[]): readonly ShelfRule[] {
  return files.flatMap((file) => {
    const rules = readFile(file);
    const provider = basename(file.path).replace(/\.ya?ml$/, "");
    for (const { rule } of rules) {
      if (file.rows || rule.id.startsWith(`${provider}.`)) continue;
      const hint = `Name it ${provider}.… or move it to the provider's file.`;
      throw refusal(rule.at, rule.id, `its file is "${provider}"`, hint);
    }
    return rules;
  });
}

/**
 * The rules of a user's file, or of every `.yml` and `.yaml` file in a folder, sorted by name.
 *
 * @throws LeaksweepError `rule.invalid` when a rule is wrong or the path cannot be read.
 */
export function loadRulesFrom(path: string): readonly RuleSource[] {
  return loadRules(readRuleFiles(path), { shelf: false });
}

/**
 * The rule file at `path`, or those in the folder `path`, sorted by name, and behind them those in its folder
 * `context`, if there is one. Files in a folder of that name hold rows. Throws like `loadRulesFrom`.
 */
export function readRuleFiles(path: string): readonly RuleFile[] {
  try {
    if (!statSync(path).isDirectory()) return [fileAt(path)];
    const rows = join(path, "context");
    return [path, ...(existsSync(rows) ? [rows] : [])].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => fileAt(join(folder, name))),
    );
  } catch (cause) {
    const problem = `Cannot load rules "${path}": ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new LeaksweepError("rule.invalid", problem, { hint: "Name a rule file, or a folder of them.", cause });
  }
}

const fileAt = (path: string): RuleFile => ({
  path,
  text: readFileSync(path, "utf8"),
  rows: basename(dirname(resolve(path))) === "context",
});

function readFile({ path, text, rows = false }: RuleFile): readonly ShelfRule[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken !== undefined) {
    const what = broken.message.split(/ at line |\n/)[0] ?? "";
    throw new LeaksweepError("rule.invalid", `${placeOf(broken.pos[0])}: Cannot load rules: ${what}`, {
      hint: "Quote texts that hold `: ` or ` #`, or begin with a sign such as ` or @.",
      cause: broken,
    });
  }
  const written: unknown = document.toJS() ?? [];
  const read = rows ? rowsSchema.safeParse(wholeOf(written)) : shelfSchema.safeParse(wholeOf(written));
  if (!read.success) throw mistake(document, worstOf(read.error.issues), placeOf);
  const entries = written as readonly Pick<RuleSource, "samples">[]; // the schema has just said so
  return read.data.map((read, index) => {
    const entry = "shape" in read ? ruleOf(read) : read;
    return {
      rule: { ...entry, at: placeOf(offsetOf(document, [index])) },
      samples: { ...entry.samples, ...entries[index]?.samples },
    };
  });
}

/** The first mistake; but a key that nobody knows explains the one that is missing from the same rule, so it goes first. */
function worstOf(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const [first] = issues;
  const unknown = issues.find(({ code, path }) => code === "unrecognized_keys" && path[0] === first?.path[0]);
  return unknown ?? first;
}

/** The value with every `¦` removed from its texts. */
function wholeOf(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("¦", "");
  if (Array.isArray(value)) return value.map(wholeOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wholeOf(inner)]));
}

function mistake(
  document: Document.Parsed,
  issue: z.core.$ZodIssue | undefined,
  placeOf: (offset: number) => string,
): LeaksweepError {
  const path = issue?.path ?? [];
  const id = document.getIn([path[0], "id"]) ?? document.getIn([path[0], "provider"]);
  const name = typeof id === "string" ? id : `number ${Number(path[0] ?? 0) + 1}`;
  const key = path.slice(1).join(".");
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    const at = placeOf(offsetOf(document, [...path, unknown], true));
    return refusal(at, name, `key "${unknown}" is unknown`, suggestion(unknown));
  }
  const problem = key === "" ? (issue?.message ?? "") : `${key}: ${issue?.message ?? ""}`;
  return refusal(placeOf(offsetOf(document, path)), name, problem, "See docs/rules.md for what the key may hold.");
}

/** Offset of the value at `path`, of its key, or of the nearest thing around it that exists. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], ofKey = false): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length);
    const parent = document.getIn(keys.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1)) : undefined;
    const node = ofKey && isNode(pair?.key) ? pair.key : document.getIn(keys, true);
    if (isNode(node)) return (node as Node).range?.[0] ?? 0;
  }
  return 0;
}

function suggestion(unknown: string): string {
  const meant = nearest(unknown, [...knownKeys, ...rowKeys]);
  return meant === undefined ? `Use one of ${knownKeys.slice(0, 18).join(", ")}.` : `Did you mean "${meant}"?`;
}
