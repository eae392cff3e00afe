import { expect, it } from "vitest";
import { members, rangesOf } from "../../../src/rules/pattern/byte-set.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";
import { nodesOf, widthOf } from "../../../src/rules/pattern/syntax.ts";

/** The one set of a pattern of one byte, as ranges of characters. */
function setOf(source: string): string {
  const [set] = [...nodesOf(parsePattern(source))].flatMap((node) => (node.kind === "bytes" ? [node.set] : []));
  const char = (byte: number): string =>
    byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(16)}`;
  return rangesOf(set!)
    .map(([first, last]) => (first === last ? char(first) : `${char(first)}-${char(last)}`))
    .join(" ");
}

it.each([
  ["a", "a"],
  ["\\x41", "A"],
  ["\\x{e9}", "\\e9"],
  ["\\t", "\\9"],
  ["\\.", "."],
  ["\\_", "_"],
  ["\\Q*\\E", "*"],
  [".", "\\0-\\9 \\b-\\ff"],
  ["(?s).", "\\0-\\ff"],
  ["\\d", "0-9"],
  ["\\w", "0-9 A-Z _ a-z"],
  ["\\s", "\\9-\\a \\c-\\d \\20"],
  ["\\D", "\\0-/ :-\\ff"],
  ["[a-c_]", "_ a-c"],
  ["[]a]", "] a"],
  ["[^]-\\xff]", "\\0-\\"],
  ["[a-]", "- a"],
  ["[\\d.-]", "--. 0-9"],
  ['[^"]', "\\0-! #-\\ff"],
  ["[[:xdigit:]_]", "0-9 A-F _ a-f"],
  ["[[:^ascii:]]", "\\80-\\ff"],
  ["(?i)k", "K k"],
  ["(?i)[a-c]", "A-C a-c"],
  ["(?i)[^a]", "\\0-@ B-` b-\\ff"],
  ["(?i:(?-i:k))", "k"],
  ["(?i)\\x6b", "K k"],
  ["{", "{"],
  ["a{0}", "a"],
])("%s stands for the bytes %s", (source, set) => {
  expect(setOf(source)).toBe(set);
});

it.each([
  ["", 0, 0],
  ["abc", 3, 3],
  ["ab?", 1, 2],
  ["a|bcd|", 0, 3],
  ["(?:ab){2,3}", 4, 6],
  ["a{3}", 3, 3],
  ["a{2,}", 2, Number.POSITIVE_INFINITY],
  ["a*", 0, Number.POSITIVE_INFINITY],
  ["(?:a{0}){5}", 0, 0],
  ["\\bab$", 2, 2],
  ["\\Qa+b\\E?", 2, 3],
  ["a{x}", 4, 4],
  ["x(?P<name>ab)", 3, 3],
])("%s is %d to %d bytes wide", (source, min, max) => {
  expect(widthOf(parsePattern(source))).toEqual({ min, max });
});

it("a flag holds to the end of its group, over branches, and no further", () => {
  const sets = [...nodesOf(parsePattern("(?:a(?i)b|c)d"))].flatMap((node) => (node.kind === "bytes" ? [node.set] : []));
  expect(sets.map((set) => members(set).length)).toEqual([1, 2, 2, 1]);
});

it.each([
  ["(?=a)", "look-ahead", 0],
  ["a(?!b)", "look-ahead", 1],
  ["(?<=a)b", "look-behind", 0],
  ["(?<!a)b", "look-behind", 0],
  ["(?<x>a)\\1", "back-reference", 7],
  ["(?P<x>a)(?P=x)", "back-reference", 8],
  ["(?>a)", "atomic group", 0],
  ["(?U)a", 'flag "U"', 4],
  ["(?|a)", "this group", 0],
  ["\\p{Greek}", "\\p is not in the dialect", 0],
  ["caf\xe9", "is not ASCII", 3],
  ["\\x{100}", "is no byte", 0],
  ["a)", "closes nothing", 1],
  ["(a", "not closed", 0],
  ["[a", "not closed", 0],
  ["[z-a]", "is no range", 1],
  ["[a-\\d]", "is no range", 1],
  ["[[:foo:]]", "is unknown", 1],
  ["*a", "repeats nothing", 0],
  ["a**", "is repeated", 2],
  ["a{2}{3}", "is repeated", 4],
  ["a{3,2}", "runs backwards", 1],
  ["a{0,30000}", "above 20000", 1],
  ["a\\", "ends in", 1],
  ["(?<x>a)(?<x>b)", "two groups", 7],
  ["(?:(?<x>a)){2}", "named group is repeated", 0],
])("%s is refused: %s at offset %d", (source, problem, offset) => {
  expect(() => parsePattern(source)).toThrow(problem);
  expect(() => parsePattern(source)).toThrow(`(offset ${offset})`);
  expect(() => parsePattern(source)).toThrow(
    expect.objectContaining({ code: "rule.invalid", hint: expect.stringMatching(/\.$/) }),
  );
});

it("a pattern may nest a hundred groups and no more", () => {
  const nested = (depth: number): string => `${"(".repeat(depth)}a${")".repeat(depth)}`;
  expect(widthOf(parsePattern(nested(100))).max).toBe(1);
  expect(() => parsePattern(nested(101))).toThrow("nested too deep");
});
