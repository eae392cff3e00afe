import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RuleDigests } from "./digest.ts";
import { type Shelf, unpackRules } from "./unpack.ts";
import type { VerifyEntry } from "./verify-schema.ts";

/**
 * The rules that come with leaksweep, sorted by file, from the build's pack.
 *
 * @throws Error where there is no build.
 */
export function builtinShelf(): Shelf {
  return unpackRules({
    label: read("rulepack.json", "latin1"),
    pack: () => read("rulepack.jsonl", "latin1"),
    notes: () => read("rule-notes.jsonl", "utf8"),
  });
}

/**
 * The key `verify` of each built-in rule that has one, by its id. Read afresh at each call.
 *
 * @throws Error where there is no build.
 */
export const builtinQuestions = (): Readonly<Record<string, VerifyEntry>> =>
  JSON.parse(read("rule-questions.json", "utf8")) as Record<string, VerifyEntry>;

/**
 * The digest of each built-in rule, by its id. Read afresh at each call.
 *
 * @throws Error where there is no build.
 */
export const builtinDigests = (): RuleDigests => JSON.parse(read("rule-digests.json", "latin1")) as RuleDigests;

/** A file of the build. The bundler decides whether this module lies in dist/ or in a folder of it. */
function read(name: string, encoding: "latin1" | "utf8"): string {
  const file = [name, `../${name}`, `../../dist/${name}`].map(beside).find(existsSync);
  if (file === undefined) throw new Error(`${name} is not beside the program: run npm run build`);
  return readFileSync(file, encoding);
}

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
