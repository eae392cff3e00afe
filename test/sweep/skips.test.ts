import { expect, it } from "vitest";
import { countedSkips } from "../../src/sweep/counted-skips.ts";
import type { Skip } from "../../src/terms.ts";

const skips = (many: number, reason: (n: number) => string): Skip[] =>
  Array.from({ length: many }, (_, n) => ({ path: `a/${n}`, by: "policy", reason: reason(n) }));
const total = (kept: readonly { readonly times?: number }[]): number =>
  kept.reduce((sum, { times = 1 }) => sum + times, 0);

it("a few skips of a visit are kept as they are", () => {
  const few = skips(50, () => "is too large");
  expect(countedSkips(few)).toBe(few);
});

it("many of one reason are kept as one that says how many", () => {
  expect(countedSkips(skips(5_000, () => "is too large"))).toEqual([
    { by: "policy", reason: "is too large", times: 5_000 },
  ]);
});

it("skips that were counted once keep their count when more come", () => {
  const counted = countedSkips(skips(5_000, () => "is too large"));
  const [kept] = countedSkips([...counted, ...skips(60, () => "is too large")]);
  expect(kept?.times).toBe(5_060);
});

it("many of many reasons are counted to the last, and a fault among them stays one", () => {
  const fault: Skip = { path: "b", by: "fault", reason: "is damaged" };
  const kept = countedSkips([...skips(300, (n) => `is ${n} bytes`), fault]);
  expect(kept).toHaveLength(50);
  expect(total(kept)).toBe(301);
  expect(kept.at(-1)).toEqual({ by: "fault", reason: "other reasons, 252 of them", times: 252 });
});
