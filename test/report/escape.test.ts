import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json, printable } from "../../src/report/escape.ts";
import { nastyPaths } from "./sample-result.ts";

const anyText = fc.string({
  unit: fc.constantFrom(..."ab :#[\n\r\t\u001b\u009b\u202e\u2066\u200b\ufeff\ud83d\ue000é"),
});

describe("printable", () => {
  it.each([
    ["src/app.env", "src/app.env"],
    ["one\nline", "one\\nline"],
    ["a\tb\rc", "a\\tb\\rc"],
    ["\u001b[31mred", "\\x1b[31mred"],
    ["\u009b2J\u007f", "\\x9b2J\\x7f"],
    ["a\u202egnp.exe", "a\\u{202e}gnp.exe"],
    ["a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
    ["\ud800", "\\u{d800}"],
    ["::error::x", "\\x3a:error::x"],
    ["a ::warning::x", "a \\x3a:warning::x"],
    ["std::string", "std::string"],
    ["##[error]x", "\\x23#[error]x"],
    ["a##vso[task.x]", "a\\x23#vso[task.x]"],
    ["##TeamCity[x]", "\\x23#TeamCity[x]"],
    ["## title", "## title"],
    ["設定 café ❤️ 🔑", "設定 café ❤️ 🔑"],
  ])("shows %j as %s", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("leaves nothing that a terminal or a CI log obeys", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(printable(text)).not.toMatch(/(^|\s)::|##(vso)?\[/);
      }),
    );
  });
});

describe("json", () => {
  it.each([...nastyPaths, { a: ["\n", { "b\u202e": "##vso[x] ::y" }] }])("of %j parses to the same value", (value) => {
    expect(JSON.parse(json(value))).toEqual(value);
    expect(JSON.parse(json(value, 2))).toEqual(value);
  });

  it("has no control character but the line breaks of its layout", () => {
    fc.assert(
      fc.property(anyText, anyText, (key, text) => {
        expect(json({ [key]: text })).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##(vso)?\[/u);
        expect(JSON.parse(json({ [key]: [text] }, 2))).toEqual({ [key]: [text] });
      }),
    );
  });
});
