/** Rules that look at nothing but the path of a file: `\.pem$`. */
import { Secret } from "../bytes/secret.ts";
import type { Match, Rule } from "../terms.ts";
import type { ForeignConfig } from "./config.ts";
import { commonOf, pathTest } from "./rule.ts";

export interface PathRule {
  readonly rule: Rule;
  /** Whether a file with this path is a finding. */
  readonly test: (path: string) => boolean;
}

/** The rules of a config that have a path and no regex. Throws `config.invalid` for a wrong pattern. */
export function pathRulesOf({ rules, tool }: ForeignConfig): readonly PathRule[] {
  return rules
    .filter(({ regex, path, silent }) => regex === "" && path !== "" && !silent)
    .map((rule) => ({
      test: pathTest(rule),
      rule: {
        ...commonOf(rule, tool),
        name: rule.description || rule.id,
        kind: "exposure",
        generic: false,
        keywords: [],
        pattern: { source: rule.path, reach: { before: 0, after: 0 }, exec: () => undefined },
        revoke: { steps: "Take the file out of the repository, and whatever it holds out of use." },
      },
    }));
}

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
