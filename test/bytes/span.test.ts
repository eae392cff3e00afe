import fc from "fast-check";
import { expect, it } from "vitest";
import { merge, overlaps, subtract, touches, widen } from "../../src/bytes/span.ts";
import type { Span } from "../../src/terms.ts";

const spans = fc.array(
  fc.tuple(fc.nat(30), fc.nat(10)).map(([start, length]): Span => ({ start, end: start + length })),
);

const bytesIn = (list: readonly Span[]): Set<number> =>
  new Set(list.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)));

it.each([
  [{ start: 0, end: 2 }, { start: 2, end: 4 }, false],
  [{ start: 0, end: 3 }, { start: 2, end: 4 }, true],
  [{ start: 1, end: 2 }, { start: 0, end: 9 }, true],
  [{ start: 2, end: 2 }, { start: 0, end: 9 }, false],
])("%j and %j share a byte: %s", (a, b, shared) => {
  expect(overlaps(a, b)).toBe(shared);
  expect(touches(b, [a])).toBe(shared);
});

it("merging keeps the bytes and leaves gaps between spans", () => {
  fc.assert(
    fc.property(spans, (list) => {
      const merged = merge(list);
      expect(bytesIn(merged)).toEqual(bytesIn(list));
      merged.slice(1).forEach(({ start }, at) => {
        expect(start).toBeGreaterThan(merged[at]?.end ?? 0);
      });
    }),
  );
});

it("subtracting leaves the bytes that were not taken", () => {
  fc.assert(
    fc.property(spans, spans, (list, taken) => {
      const gone = bytesIn(taken);
      expect(bytesIn(subtract(list, taken))).toEqual(new Set([...bytesIn(list)].filter((at) => !gone.has(at))));
    }),
  );
});

it("widening stops at the edges of the content", () => {
  expect(widen({ start: 5, end: 6 }, { before: 9, after: 2, length: 7 })).toEqual({ start: 0, end: 7 });
});
