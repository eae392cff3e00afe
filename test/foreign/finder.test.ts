import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finderOf } from "../../src/foreign/finder.ts";
import { factsOf } from "../../src/foreign/literals.ts";
import { foreignPlace } from "../../src/foreign/place.ts";
import { compileRe2 } from "../../src/foreign/re2.ts";

const rule = (regex: string, keywords: readonly string[] = []) => ({
  ...{ id: "a", at: "f:1", description: "", path: "", secretGroup: 0, entropy: 0, tags: [] },
  ...{ allowlists: [], required: [], silent: false, regex, keywords },
});

const regexes = [
  "(?i)\\bkey[ =:]{0,3}[a-z0-9]{3,}",
  "key=.+x",
  "^key|key$",
  "[a-c]{0,4}key[^x]\\d*(?:\\s|$)",
  "\\bkey\\b[\\s\\S]{2,}?y",
];

it.each(regexes)("around literals %s is found where it is found in the whole text", (regex) => {
  const compiled = compileRe2(regex, "f:1");
  const { literals } = factsOf(rule(regex), { whole: true });
  expect(literals?.texts.every((text) => text.startsWith("key"))).toBe(true);
  const find = finderOf(compiled, { literals, at: "f:1", sparse: 0 });
  const part = fc.constantFrom("key", "KEY", "=", " ", "\n", "a", "b", "x", "y", "9", "é", "z".repeat(300));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), fc.nat(20), (parts, from) => {
      const bytes = Buffer.from(parts.join(""));
      const start = Math.min(from, bytes.length);
      const found = compiled.exec(bytes, start);
      const lower = bytes.toString("latin1").toLowerCase();
      expect(find(bytes, () => lower, start)).toEqual(found && { start: found.start, end: found.end });
    }),
    { numRuns: 150 },
  );
});

describe("a rule", () => {
  it.each([
    ["whose keyword is in each match is looked for at the keyword", "tok_[a-z]{8}", ["tok_"], ["tok_"], []],
    ["without keywords is looked for at its literals", "tok_[a-z]{8}", [], ["tok_"], []],
    [
      "whose keyword stands elsewhere is looked for in whole texts with the keyword",
      "tok_[a-z]{8}",
      ["zebra"],
      [],
      ["zebra"],
    ],
    ["without end is looked for in whole texts that hold its literal", "token_[a-z]+", [], [], ["token_"]],
    ["that has no literal is looked for in every text", "[a-z]{8}", [], [], []],
    ["that our reader cannot read is looked for where its keywords are", "\\p{Greek}", ["alpha"], [], ["alpha"]],
  ])("%s", (_, regex, keywords, anchors, needs) => {
    expect(factsOf(rule(regex, keywords), { whole: false })).toMatchObject({ keywords: anchors, needs });
  });
});

it.each([
  ["on the first line", "ab key\n", 3, [0, 3 + 1, 6]],
  ["on a later line, where columns count from the line feed", "x\nkey\n", 2, [1, 2, 4]],
  ["on a last line without line feed", "x\nkey", 2, [1, 2, 4]],
  ["in a text without any", "key", 0, [0, 1, 3]],
])("a place %s is that of gitleaks", (_, text, start, [startLine, startColumn, endColumn]) => {
  const place = foreignPlace(Buffer.from(text), { start, end: start + 3 });
  expect(place).toMatchObject({ startLine, endLine: startLine, startColumn, endColumn });
});
