import { expect, it } from "vitest";
import { compilePattern } from "../../../src/rules/pattern/compile.ts";

it.each([true, false])("a match tells its span and those of the groups that took part (trusted: %s)", (trusted) => {
  const { exec } = compilePattern("(?:(?<user>[a-z]{1,9}):)?token=(?<secret>[a-z]{2})(?<tail>!)?", { trusted });
  expect(exec("- ann:token=xy", 0)).toEqual({
    start: 2,
    end: 14,
    groups: { user: { start: 2, end: 5 }, secret: { start: 12, end: 14 } },
  });
  expect(exec("token=ab token=cd", 1)).toEqual({ start: 9, end: 17, groups: { secret: { start: 15, end: 17 } } });
  expect(exec("token=", 0)).toBeUndefined();
});

it.each([true, false])("what stands before `from` is seen by assertions (trusted: %s)", (trusted) => {
  const { exec } = compilePattern("\\btoken(?<secret>[0-9])", { trusted });
  expect(exec("xtoken1", 1)).toBeUndefined();
  expect(exec(" token1", 1)).toBeDefined();
});

it("bytes beyond ASCII are bytes like others, and no letters", () => {
  const { exec } = compilePattern('token="(?<secret>[^"]{2})"', { trusted: true });
  expect(exec(Buffer.from('token="é"').toString("latin1"), 0)?.groups.secret).toEqual({ start: 7, end: 9 });
  expect(compilePattern("token\\b(?<secret>.)", { trusted: true }).exec("token\xe9", 0)).toBeDefined();
});

it("patterns of others may be unbounded: they run in linear time and reach without end", () => {
  const pattern = compilePattern("token=(?<secret>(?:a+)+)$", { trusted: false });
  expect(pattern.reach).toEqual({ before: 0, after: Number.POSITIVE_INFINITY });
  const started = performance.now();
  expect(pattern.exec(`token=${"a".repeat(5_000)}!`, 0)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(5_000);
});

it("wanted keywords that are not proved mandatory are kept, and marked", () => {
  const pattern = compilePattern("(?<secret>[A-Z]{4})", { keywords: ["ABCD"], trusted: true });
  expect(pattern).toMatchObject({ keywords: ["abcd"], mandatory: false, reach: { before: 4, after: 4 } });
  expect(pattern.gate).toBeUndefined();
});

it.each([
  ["token=[a-z]{3}", 'no group named "secret"'],
  ["(?<secret>a?)", "no bytes at all"],
  ["(?<secret>[a-z]{3})", "no literal of 3 bytes"],
  ["token(?<secret>a+)", "`a+` has no upper limit (offset 15)"],
])("%s is refused: %s", (source, problem) => {
  expect(() => compilePattern(source, { trusted: true })).toThrow(problem);
});

it("a pattern that re2js refuses is refused before the scan", () => {
  expect(() => compilePattern("token(?<secret>a{0,2000})", { trusted: false })).toThrow("re2js refuses it");
});
