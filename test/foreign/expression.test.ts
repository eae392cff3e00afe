import { expect, it } from "vitest";
import { Secret } from "../../src/bytes/secret.ts";
import { compileFilter } from "../../src/foreign/expression.ts";
import type { Placed } from "../../src/terms.ts";
import { aRule } from "../report/sample-result.ts";

const placed: Placed = {
  path: "tests/fixtures/a.env",
  where: "content",
  commit: "abc",
  match: {
    rule: aRule({ id: "betterleaks.one", provider: "betterleaks" }),
    secret: new Secret(Buffer.from("abcdabcd_MOCK_")),
    at: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 9, byteOffset: 0 },
    decoded: [],
    components: [],
    facts: {},
    reasons: [],
    passage: {
      match: "k=abcdabcd_MOCK_",
      line: "x k=abcdabcd_MOCK_ # z",
      startLine: 1,
      endLine: 1,
      startColumn: 1,
      endColumn: 1,
    },
  },
};

it.each<[filter: string, discards: boolean, gaps?: readonly string[]]>([
  ['finding["secret"] == "abcdabcd_MOCK_"', true],
  ["finding.secret == 'other'", false],
  ["finding.secret endsWith '_MOCK_' and finding.match startsWith 'k='", true],
  ['filter.containsAny(finding["line"], ["# z", "# y"])', true],
  ['filter.matchesAny(attributes[?"path"].orValue(""), [r"""(?i)\\.(?:ENV|txt)$"""])', true],
  ["matchesAny(attributes.path, [`^src/`])", false],
  ['attributes[?"path"].orValue("").startsWith("tests/") && filter.entropy(finding["secret"]) <= 4.0', true],
  ["entropy(finding.secret) > 7.5 || !(finding.rule_id == 'two')", true],
  ["finding.rule_id in ['one', 'three']", true],
  ["attributes['git.sha'] == 'abc' // a remark", true],
  ['matchesAny(get(attributes, "path", ""), [`\\.env$`])', true],
  ['get(attributes, "fs.symlink", "x") == "x"', true, ["attributes.fs.symlink"]],
  ["failsTokenEfficiency(finding.secret)", false, ["failsTokenEfficiency"]],
  ["failsTokenEfficiency(finding.secret) || finding.rule_id == 'one'", true, ["failsTokenEfficiency"]],
  ["!failsTokenEfficiency(finding.secret)", false, ["failsTokenEfficiency"]],
  ['attributes["git.author_name"].endsWith("[bot]") && true', false, ["attributes.git.author_name"]],
])("%s discards: %s", (text, discards, gaps = []) => {
  const filter = compileFilter(text, "f:1");
  expect({ discards: filter.discards(placed), gaps: filter.gaps }).toEqual({ discards, gaps });
});

it.each(["", "a ==", "f(", "[1", "a b", "'open"])("%j is no expression, and is refused with its place", (text) => {
  expect(() => compileFilter(text, "f:1")).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^f:1: /) }),
  );
});
