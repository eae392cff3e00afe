import fc from "fast-check";
import { expect, it } from "vitest";
import { positions } from "../../src/bytes/lines.ts";
import { windows } from "../../src/bytes/windows.ts";

async function* cut(content: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield content.subarray(at, at + size);
    at += size;
  }
  yield content.subarray(at);
}

const content = fc
  .array(
    fc.constantFrom("a", "bc", "é", "\n", "\r\n", "\r", "\u{1f600}").map((text) => Buffer.from(text)),
    { size: "max", maxLength: 120 },
  )
  .map((parts): Uint8Array => Buffer.concat(parts));

it("shows every byte as fresh once, each piece where it stands in the content", async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.array(fc.nat(30)), fc.integer({ min: 0, max: 16 }), async (whole, sizes, overlap) => {
      let seen = 0;
      for await (const piece of windows(cut(whole, sizes), { size: 40, overlap })) {
        const { bytes, offset, line, column, fresh = [] } = piece;
        expect(Buffer.from(bytes)).toEqual(Buffer.from(whole.subarray(offset, offset + bytes.length)));
        expect({ line, column }).toEqual(positions(whole)(offset));
        for (const { start, end } of fresh) {
          expect(offset + start).toBe(seen);
          seen = offset + end;
          const margin = overlap >> 1;
          expect(offset === 0 || start >= margin).toBe(true);
          expect(offset + bytes.length === whole.length || end <= bytes.length - margin).toBe(true);
        }
      }
      expect(seen).toBe(whole.length);
    }),
  );
});

it("has no piece of nothing", async () => {
  for await (const piece of windows(cut(new Uint8Array(0), []))) expect(piece).toBeUndefined();
});

it("refuses an overlap that leaves no way forward", async () => {
  await expect(windows(cut(new Uint8Array(1), []), { size: 10, overlap: 6 }).next()).rejects.toThrow(RangeError);
});
