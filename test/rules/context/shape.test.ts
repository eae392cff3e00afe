import { expect, it } from "vitest";
import { readShape } from "../../../src/rules/context/shape.ts";

it.each([
  ["32 hex", "[0-9a-fA-F]{32}"],
  ["20-40 alnum", "[A-Za-z0-9]{20,40}"],
  ['32 hex "." 16 lower', "[0-9a-fA-F]{32}\\.[a-z0-9]{16}"],
  ["86-88 base64", "[A-Za-z0-9+/]{86,88}={0,2}"],
])("%j is the pattern %s", (text, pattern) => {
  expect(readShape(text)?.pattern).toBe(pattern);
});

it.each(["32", "hex", "32 hexes", "32 hex,", "32  hex", "40-20 hex", "", '"a'])("%j is no shape", (text) => {
  expect(readShape(text)).toBeUndefined();
});

it("only what is hexadecimal throughout, and as long as one, can be taken for a hash", () => {
  expect(readShape("32 hex")?.plain).toBe(true);
  expect(readShape("37 hex")?.plain).toBe(false);
  expect(readShape("uuid")?.plain).toBe(true);
  expect(readShape("32 alnum")?.plain).toBe(false);
  expect(readShape('"key-" 32 hex')?.plain).toBe(false);
});

it("the longest value counts its literals too", () => {
  expect(readShape('"ab" 3-5 hex "."')?.most).toBe(8);
});
