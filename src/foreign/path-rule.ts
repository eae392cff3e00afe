/** Rules that look at nothing but the path of a file: `\.pem$`. */
import type { NamedFiles } from "../bytes/named-files.ts";
import { Secret } from "../bytes/secret.ts";
import type { Match, Rule } from "../terms.ts";
import type { ForeignConfig } from "./config.ts";
import { type NameTest, nameTestOf } from "./path-names.ts";
import { commonOf, pathTest } from "./rule.ts";

export interface PathRule {
  readonly rule: Rule;
  /** Whether a file with this path is a finding. */
  readonly test: (path: string) => boolean;
  /** Whether it can be, by the names in the path. */
  readonly names: NameTest;
}

/** The rules of a config that have a path and no regex. Throws `config.invalid` for a wrong pattern. */
export function pathRulesOf({ rules, tool }: ForeignConfig): readonly PathRule[] {
  return rules
    .filter(({ regex, path, silent }) => regex === "" && path !== "" && !silent)
    .map((rule) => ({
      test: pathTest(rule),
      names: nameTestOf(rule.path),
      rule: {
        ...commonOf(rule, tool),
        name: rule.description || rule.id,
        kind: "file",
        generic: false,
        keywords: [],
        pattern: { source: rule.path, reach: { before: 0, after: 0 }, exec: () => undefined },
        revoke: { steps: "Take whatever it holds out of use." },
      },
    }));
}

/** The files that at least one of the rules is for; `undefined` without a rule. */
export function namedFiles(rules: readonly PathRule[]): NamedFiles | undefined {
  if (rules.length === 0) return undefined;
  return {
    has: (path) => rules.some(({ test }) => test(path)),
    fileMay: (name) => rules.some(({ names }) => names.fileMay(name)),
    folderMay: (name) => rules.some(({ names }) => names.folderMay(name)),
  };
}

/** What a file at a path is for it, once for each rule. */
export const pathMatches = (rules: readonly PathRule[], path: string): readonly Match[] =>
  rules.filter(({ test }) => test(path)).map(pathMatch);

/** The match of a path rule: all of a file, and nothing in it. */
export const pathMatch = ({ rule }: PathRule): Match => ({
  rule,
  secret: new Secret(new Uint8Array()),
  at: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, byteOffset: 0 },
  decoded: [],
  components: [],
  facts: {},
  reasons: [],
  // It stands on no line at all, which is how ignore files call it.
  passage: { match: "", line: "", startLine: 0, endLine: 0, startColumn: 0, endColumn: 0 },
});
