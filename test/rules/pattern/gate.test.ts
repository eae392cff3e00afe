import { expect, it } from "vitest";
import { members } from "../../../src/rules/pattern/byte-set.ts";
import { gateOf } from "../../../src/rules/pattern/gate.ts";
import { findAnchors } from "../../../src/rules/pattern/literals.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";

const charsOf = (set: Uint8Array): string => String.fromCharCode(...members(set));

it.each([
  ["secret[=:]", "", "=:", 0],
  ['secret\\s?"?[=:]', '\t\n\f\r "', "=:", 2],
  ["secret[a-c]{0,9}=", "abc", "=", 9],
  ["secret[a-c]{2,4}=", "abc", "=", 4],
  ["secret(?:_x|-y)?=", "-_xy", "=", 2],
  ["secret[a-z]{20}", "", "abcdefghijklmnopqrstuvwxyz", 0],
  ["(?:secret|passwd\\s{0,2})=", "\t\n\f\r ", "=", 2],
])("behind the keyword of %s come some of %j and then one of %j, at most %d bytes on", (source, skip, need, max) => {
  const gate = gateOf(findAnchors(parsePattern(source), ["secret", "passwd"]) ?? []);
  expect(gate).toBeDefined();
  expect([charsOf(gate!.skip), gate!.max]).toEqual([[...skip].sort().join(""), max]);
  expect(charsOf(gate!.need)).toBe([...need].sort().join(""));
});

it("nothing is asked where nearly every byte would do", () => {
  expect(gateOf(findAnchors(parsePattern("(?s)secret.{5}"), ["secret"]) ?? [])).toBeUndefined();
});

it("nothing is asked where a match can end behind its keyword", () => {
  expect(gateOf(findAnchors(parsePattern("[a-z]{5}=token\\b"), ["token"]) ?? [])).toBeUndefined();
});

it.each([
  ["(?:[^a-z]|^)linear[=:]", "a", false],
  ["(?:[^a-z]|^)linear[=:]", "-", true],
  ["\\blinear[=:]", "_", false],
  ["\\blinear[=:]", ".", true],
  ["[xy](?:[0-9]{2})?linear[=:]", "7", true],
  ["[xy](?:[0-9]{2})?linear[=:]", "z", false],
])("before the keyword of %s the byte %j may stand: %s", (source, byte, may) => {
  const { prior } = gateOf(findAnchors(parsePattern(source), ["linear"]) ?? []) ?? {};
  expect(prior?.[byte.charCodeAt(0)]).toBe(may ? 1 : 0);
});

it("behind the keyword comes a run, with its length and its distance", () => {
  const { run } =
    gateOf(findAnchors(parsePattern("acme[a-z]{0,9}[=:]{1,2}(?<secret>[0-9a-f]{32})"), ["acme"]) ?? []) ?? {};
  expect(run && [charsOf(run.set), run.least, run.within]).toEqual(["0123456789abcdef", 32, 11]);
});
