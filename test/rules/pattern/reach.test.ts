import { expect, it } from "vitest";
import { findAnchors } from "../../../src/rules/pattern/literals.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";
import { reachOf } from "../../../src/rules/pattern/reach.ts";

const reach = (source: string, wanted?: readonly string[]) => {
  const tree = parsePattern(source);
  return reachOf(tree, findAnchors(tree, wanted));
};

it.each([
  ["ghp_[a-z]{36}", 0, 40],
  ["\\bghp_[a-z]{36}\\b", 0, 40],
  ["[a-z]{0,9}token=[a-z]{3,5}", 9, 11],
  ["(?:a|bcd)token", 0, 8],
  ["[0-9](?:x{2}token){2,3}", 1, 21],
  ["token.*", 0, Number.POSITIVE_INFINITY],
  [".+token", Number.POSITIVE_INFINITY, 5],
])("a match of %s reaches %d bytes before its keyword and %d behind", (source, before, after) => {
  expect(reach(source)).toEqual({ before, after });
});

it("a keyword that may stand anywhere has the whole match on both sides", () => {
  expect(reach("[a-z]{3,9}", ["abc"])).toEqual({ before: 9, after: 9 });
});
