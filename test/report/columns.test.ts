import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns, fill, joined, solid, words } from "../../src/report/columns.ts";

const blank = solid("");

describe("columns", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["…·×", 3],
    ["café", 4],
    ["cafe\u0301", 4],
    ["設定", 4],
    ["カタカナ", 8],
    ["ｶﾀｶﾅ", 4],
    ["한국어", 6],
    ["ＡＢ", 4],
    ["🔑", 2],
    ["❤️", 2],
    ["🇸🇪", 2],
    ["日本 go", 7],
  ])("of %j is %i", (text, width) => {
    expect(columns(text)).toBe(width);
  });
});

describe("fill", () => {
  const lines = (text: string, width: number): string[] => [...fill(words(text), { lead: blank, indent: 2, width })];

  it("breaks between words, before the width is passed", () => {
    expect(lines("one two three", 9)).toEqual(["  one two", "  three"]);
    expect(lines("one two three", 8)).toEqual(["  one", "  two", "  three"]);
  });

  it("counts a wide character as two columns", () => {
    expect(lines("設定 設定", 10)).toEqual(["  設定", "  設定"]);
    expect(lines("設定 設定", 11)).toEqual(["  設定 設定"]);
  });

  it("measures what is read, not the colours", () => {
    const painted = words("one two", (text) => `<<<${text}>>>`);
    expect([...fill(painted, { lead: blank, indent: 0, width: 7 })]).toEqual(["<<<one>>> <<<two>>>"]);
  });

  it("puts the lead into the room of the indent, or before it where it is longer", () => {
    expect([...fill(words("a b"), { lead: solid("do"), indent: 4, width: 5 })]).toEqual(["do  a", "    b"]);
    expect([...fill(words("a"), { lead: solid("critical"), indent: 4, width: 9 })]).toEqual(["criticala"]);
  });

  it("never breaks a solid word, and keeps parts that are joined together", () => {
    expect([...fill([solid("a b c"), joined(solid("d"), solid("e"))], { lead: blank, indent: 0, width: 3 })]).toEqual([
      "a b c",
      "de",
    ]);
  });

  it("passes the width only for a word that is wider, and loses no word", () => {
    const sentence = fc.array(fc.string({ unit: fc.constantFrom(..."abc設🔑"), minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(sentence, fc.integer({ min: 5, max: 40 }), (text, width) => {
        const out = lines(text.join(" "), width);
        expect(out.join(" ").split(/ +/).filter(Boolean)).toEqual(text);
        for (const line of out) {
          if (line.trim().includes(" ")) expect(columns(line)).toBeLessThanOrEqual(width);
          expect(line).toBe(line.trimEnd());
        }
      }),
    );
  });
});
