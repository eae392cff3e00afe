/** From the text of a config file to settings, or to one mistake with its line, its column and its fix. */
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { core } from "zod";
import { nearest } from "../bytes/nearest.ts";
import { LeaksweepError } from "../errors.ts";
import { type Laid, namedRules } from "./laid.ts";
import type { Settings } from "./plan.ts";
import { jsonSchema, schema, settingsOf } from "./schema.ts";

type Path = readonly PropertyKey[];

/** A mistake in a file: byte offset, what is wrong, and how to right it. */
interface Mistake {
  readonly offset: number;
  readonly what: string;
  readonly fix: string;
}

/**
 * What the text of a config file says. `name` stands in messages; relative paths in the file are taken from folder
 * `from`, and what they name is had from `laid` where that stands in for the repository. Throws `LeaksweepError`
 * "config.invalid", whose message begins `name:line:column`, at the first mistake.
 */
export function readConfig(
  text: string,
  { name, from, laid }: { readonly name: string; readonly from: string; readonly laid?: Laid | undefined },
): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const checked = check(document);
  if (checked.success) return settingsOf(checked.data, (path) => namedRules(path, { by: name, from, laid }));
  const [first, ...more] = checked.mistakes.toSorted((a, b) => a.offset - b.offset);
  if (first === undefined) throw new Error("A config file was refused without a reason");
  const { line, col } = lines.linePos(first.offset);
  throw new LeaksweepError("config.invalid", `${name}:${line}:${col}: ${first.what}`, {
    hint: more.length === 0 ? first.fix : `${first.fix} Mistakes after this one: ${more.length}.`,
  });
}

type Checked =
  | { readonly success: true; readonly data: ReturnType<typeof schema.parse> }
  | { readonly success: false; readonly mistakes: readonly Mistake[] };

function check(document: Document): Checked {
  const refused = (mistakes: readonly Mistake[]): Checked => ({ success: false, mistakes });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const fix = "Correct the YAML: keys end in a colon and a space, and what belongs to a key is indented below it.";
    return refused(broken.map(({ pos, message }) => ({ offset: pos[0], what: message, fix })));
  }
  try {
    // A file with nothing but comments is null to YAML and an empty mapping to us.
    const parsed = schema.safeParse(document.toJS() ?? {});
    return parsed.success ? parsed : refused(parsed.error.issues.flatMap((issue) => mistakes(issue, document)));
  } catch (cause) {
    // `toJS` gives up on aliases that multiply: a file of a few lines could fill the memory.
    if (!(cause instanceof ReferenceError)) throw cause;
    return refused([{ offset: 0, what: cause.message, fix: "Write the values out instead of aliasing them." }]);
  }
}

function mistakes(issue: core.$ZodIssue, document: Document): readonly Mistake[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, issue.path, document));
  const { offset, found } = locate(document, issue.path);
  const name = issue.path.filter((part) => typeof part === "string").join(".");
  if (!found) return [{ offset, what: `key "${name}" is missing`, fix: "Add it." }];
  // The value itself is not shown: what stands in the wrong place may well be a secret.
  return [{ offset, what: `cannot read ${name === "" ? "the file" : `the value of "${name}"`}`, fix: fix(issue) }];
}

const nouns: Readonly<Record<string, string>> = {
  array: "a list",
  object: "keys and values",
  boolean: "true or false",
  string: "text, in quotes where it looks like something else",
};

function fix(issue: core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `Write one of: ${issue.values.map(String).join(", ")}.`;
  if (issue.code === "invalid_type") return `Write ${nouns[issue.expected] ?? issue.expected}.`;
  return issue.message;
}

function unknownKey(key: string, path: Path, document: Document): Mistake {
  const known = knownKeys(path);
  const meant = nearest(key, known);
  return {
    offset: locate(document, [...path, key]).key,
    what: `unknown key "${key}"`,
    fix: meant === undefined ? `Keys that may stand here: ${known.join(", ")}.` : `Did you mean "${meant}"?`,
  };
}

/** Names of the keys that may stand in the mapping at `path`. */
function knownKeys(path: Path): readonly string[] {
  interface Shape {
    readonly properties?: Readonly<Record<string, Shape>>;
    readonly items?: Shape;
  }
  let shape: Shape | undefined = jsonSchema();
  for (const part of path) shape = typeof part === "number" ? shape?.items : shape?.properties?.[String(part)];
  return Object.keys(shape?.properties ?? {});
}

/**
 * Offsets of the value at `path` and of its key. Where the path leaves the document, they are those of the last node
 * on the way, and `found` is false.
 */
function locate(document: Document, path: Path): { offset: number; key: number; found: boolean } {
  const start = (node: unknown, otherwise: number): number => (isNode(node) && node.range ? node.range[0] : otherwise);
  let node: unknown = document.contents;
  let offset = start(node, 0);
  let key = offset;
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part) : undefined;
    const next = isSeq(node) ? node.items[Number(part)] : pair?.value;
    if (next === undefined || next === null) return { offset, key, found: false };
    node = next;
    key = start(pair?.key, start(node, key));
    offset = start(node, key);
  }
  return { offset, key, found: true };
}
