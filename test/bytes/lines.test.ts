import fc from "fast-check";
import { expect, it } from "vitest";
import { linesAround, positions, utf16Units } from "../../src/bytes/lines.ts";

const rough = fc
  .array(
    fc.constantFrom("a", "é", "€", "\u{1f600}", "\n", "\r", "\r\n", "\t", "\ufeff").map((text) => Buffer.from(text)),
  )
  .map((parts): Uint8Array => Buffer.concat(parts));

it.each([
  ["LF", "a\nbc", 3, { line: 2, column: 2 }],
  ["CR LF", "a\r\nbc", 4, { line: 2, column: 2 }],
  ["CR alone", "a\rbc", 3, { line: 2, column: 2 }],
  ["the byte between CR and LF", "a\r\nb", 2, { line: 1, column: 3 }],
  ["the end", "a\n", 2, { line: 2, column: 1 }],
  ["two bytes a letter", "é=x", 3, { line: 1, column: 3 }],
  ["a letter of two UTF-16 units", "\u{1f600}x", 4, { line: 1, column: 3 }],
  ["a byte order mark, which has no width", "\ufeffx", 3, { line: 1, column: 1 }],
])("counts %s", (_, text, offset, position) => {
  expect(positions(Buffer.from(text))(offset)).toEqual(position);
});

it("counts Latin-1 bytes as the characters that an editor shows for them", () => {
  expect(positions(Buffer.from("für § 5 = x", "latin1"))(10)).toEqual({ line: 1, column: 11 });
});

it("goes on from the position of a window's first byte", () => {
  const position = positions(Buffer.from("ab\nc"), { line: 7, column: 5 });
  expect([0, 1, 3, 4].map(position)).toEqual([
    { line: 7, column: 5 },
    { line: 7, column: 6 },
    { line: 8, column: 1 },
    { line: 8, column: 2 },
  ]);
});

it("gives the same answers in any order of questions", () => {
  fc.assert(
    fc.property(rough, fc.array(fc.nat(60)), (bytes, offsets) => {
      const position = positions(bytes);
      const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
      for (const offset of offsets.filter((at) => at <= bytes.length && !isInside(at))) {
        expect(position(offset)).toEqual(positions(bytes)(offset));
      }
    }),
  );
});

it("counts as many units as the platform's decoder makes, of any bytes", () => {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const nasty = fc.array(
    fc.constantFrom(0x41, 0x7f, 0x80, 0xa0, 0xbf, 0xc1, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf1, 0xf4, 0xf5, 0xff),
  );
  fc.assert(
    fc.property(nasty, (values) => {
      const bytes = Uint8Array.from(values);
      expect(utf16Units(bytes, 0, bytes.length)).toBe(decoder.decode(bytes).length);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  [0, "two"],
  [1, "one\r\ntwo\nthree"],
  [2, "zero\none\r\ntwo\nthree\rfour"],
  [9, "zero\none\r\ntwo\nthree\rfour\n"],
])("%i lines around a span are %j", (around, text) => {
  const bytes = Buffer.from("zero\none\r\ntwo\nthree\rfour\n");
  const { start, end } = linesAround(bytes, { start: 11, end: 12 }, around);
  expect(bytes.toString("utf8", start, end)).toBe(text);
});
