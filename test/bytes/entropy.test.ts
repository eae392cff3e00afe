import fc from "fast-check";
import { expect, it } from "vitest";
import { entropy } from "../../src/bytes/entropy.ts";

it.each([
  ["", 0],
  ["aaaa", 0],
  ["abab", 1],
  ["abcd", 2],
])("of %j is %d bits", (text, bits) => {
  expect(entropy(Buffer.from(text))).toBe(bits);
});

it("lies between 0 and 8 and does not mind the order", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(entropy(bytes)).toBeGreaterThanOrEqual(0);
      expect(entropy(bytes)).toBeLessThanOrEqual(8);
      expect(entropy(bytes.toReversed())).toBeCloseTo(entropy(bytes), 9);
    }),
  );
});
