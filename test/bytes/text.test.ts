import fc from "fast-check";
import { expect, it } from "vitest";
import { byteOrderMark, isBinary, latin1, origins, utf16Views } from "../../src/bytes/text.ts";

const words = "user = ann; password = …é\u{1f600} and more";

it("knows byte order marks", () => {
  expect(["\ufeffa"].map((text) => byteOrderMark(Buffer.from(text)))).toEqual(["utf-8"]);
  expect(byteOrderMark(Buffer.from("\ufeffa", "utf16le"))).toBe("utf-16le");
  expect(byteOrderMark(Buffer.from("\ufeffa", "utf16le").swap16())).toBe("utf-16be");
  expect(byteOrderMark(Buffer.from("a"))).toBeUndefined();
});

it("calls content binary as git does", () => {
  expect(isBinary(Buffer.from("a\0b"))).toBe(true);
  expect(isBinary(Buffer.from(`${"a".repeat(8000)}\0`))).toBe(false);
});

it("reads bytes as latin1 from any buffer's middle", () => {
  const bytes = Buffer.from([1, 0xe9, 0x80, 65]).subarray(1);
  expect(latin1(bytes)).toBe("\xe9\x80A");
  expect(latin1(bytes, 1, 2)).toBe("\x80");
});

it.each([
  ["little-endian with mark", `\ufeff${words}`, false],
  ["big-endian with mark", `\ufeff${words}`, true],
  ["little-endian without mark", words, false],
  ["big-endian without mark", words, true],
])("reads a whole text, %s", (_, text, big) => {
  const bytes = Buffer.from(text, "utf16le");
  const [view, ...others] = utf16Views(big ? bytes.swap16() : bytes, true);
  expect(others).toEqual([]);
  expect(view?.whole).toBe(true);
  expect(Buffer.from(view?.text ?? []).toString()).toBe(words);
});

it("leads from a view back to the bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(40), (text, cut) => {
      const bytes = Buffer.from(`\ufeff${text} in ASCII`, "utf16le");
      const [view] = utf16Views(bytes, true);
      if (view === undefined) throw new Error("no view of a marked text");
      const prefix = [...text].slice(0, cut).join("");
      expect(origins(view)(Buffer.byteLength(prefix))).toBe(2 + prefix.length * 2);
    }),
  );
});

it("finds no UTF-16 where no byte is NUL, and none in noise", () => {
  expect(utf16Views(Buffer.from(words), true)).toEqual([]);
  expect(utf16Views(Uint8Array.of(0, 0, 0, 65, 0, 0, 1, 0, 9), true)).toEqual([]);
});

it("finds runs in a program, each once", () => {
  const program = Buffer.concat([
    Buffer.from([0, 0, 1]),
    Buffer.from("first run", "utf16le"),
    Buffer.from([0, 0, 0, 255]),
    Buffer.from("second run", "utf16le").swap16(),
    Buffer.from([0, 0, 0]),
  ]);
  expect(utf16Views(program, true).map(({ text, at }) => [Buffer.from(text).toString(), at.start])).toEqual([
    ["first run", 3],
    ["second run", 25],
  ]);
});
