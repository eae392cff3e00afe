import { expect, it } from "vitest";
import { members } from "../../../src/rules/pattern/byte-set.ts";
import { accept, before, compatible, firstBytes, spacingOf } from "../../../src/rules/pattern/head.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";

const headOf = (source: string) => before(parsePattern(source), accept);

it.each([
  ["mongod", 6],
  ["aaaa", 1],
  ["abab", 2],
  ["a[ab]c", 3],
  ["[ab][ab]c", 3],
  ["[ab][ab][bc]", 1],
  ["(?:key|ton)", 3],
  ["(?:ab|bc)", 1],
  ["\\bkey\\b[0-9]{2}", 5],
  ["[0-9]?key", 1],
])("two places where %s can stand are at least %d bytes apart", (source, spacing) => {
  expect(spacingOf(headOf(source))).toBe(spacing);
});

it.each([
  ["key", "k"],
  ["k?e?y", "eky"],
  ["(?:a|b[c])x", "ab"],
  ["(?:a|)x", "ax"],
  ["\\b(?<n>a{2,3})", "a"],
])("%s begins with one of %s", (source, chars) => {
  expect(String.fromCharCode(...members(firstBytes(parsePattern(source))))).toBe(chars);
});

it("branches that differ within their heads exclude each other, a prefix does not", () => {
  expect(compatible(headOf("password"), headOf("passwd"))).toBe(false);
  expect(compatible(headOf("password="), headOf("pass[a-z]"))).toBe(true);
  expect(compatible(headOf("a"), headOf("a?b?"))).toBe(true);
});
