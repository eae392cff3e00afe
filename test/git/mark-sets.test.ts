import fc from "fast-check";
import { expect, it } from "vitest";
import { MarkSets, noMarks } from "../../src/git/history/mark-sets.ts";

const marks = fc.uniqueArray(fc.oneof(fc.nat(70), fc.nat(100_000)), { maxLength: 40 });
const rising = (some: Iterable<number>): number[] => [...some].sort((a, b) => a - b);

it("gives equal sets equal numbers and answers as sets do", () => {
  const sets = new MarkSets();
  fc.assert(
    fc.property(marks, marks, (a, b) => {
      const [one, other] = [sets.of(a), sets.of(b)];
      expect([...sets.marks(one)]).toEqual(rising(a));
      expect(sets.of(a.toReversed())).toBe(one);
      expect(sets.union(one, other)).toBe(sets.of([...a, ...b]));
      expect([...sets.minus(one, other)]).toEqual(rising(a.filter((mark) => !b.includes(mark))));
      for (const mark of [...a, ...b]) expect(sets.has(one, mark)).toBe(a.includes(mark));
    }),
  );
  expect(sets.of([])).toBe(noMarks);
});
