import { expect, it } from "vitest";
import { joinedPlaces, keptOf, type NotedPlace } from "../../src/sweep/notes.ts";
import type { Occurrence } from "../../src/terms.ts";

const occurrences = (many: number, from = 0): Occurrence[] =>
  Array.from({ length: many }, (_, n) => ({ where: "content", path: `a/${from + n}`, member: null }) as Occurrence);

const place = (more: Partial<NotedPlace>): NotedPlace => ({
  fingerprint: "ls1:a",
  status: "present",
  verdict: "new",
  refs: [],
  ...keptOf([], 0),
  ...more,
});

it("all places of a secret are kept up to ten thousand, and those beyond are counted", () => {
  expect(keptOf(occurrences(10_000), 0)).toMatchObject({ further: 0 });
  const kept = keptOf(occurrences(10_003), 2);
  expect(kept.occurrences).toHaveLength(10_000);
  expect(kept.further).toBe(5);
});

it("places that are told anew come to those that were known, and to those that were only counted", () => {
  const joined = joinedPlaces(
    place({ occurrences: occurrences(3), further: 4 }),
    place({ occurrences: occurrences(2, 2) }),
    "new",
  );
  expect(joined.occurrences.map(({ path }) => path)).toEqual(["a/2", "a/3", "a/0", "a/1"]);
  expect(joined.further).toBe(4);
  expect(joinedPlaces(place({ further: 4 }), place({ occurrences: occurrences(2) }), "whole")).toMatchObject({
    further: 0,
  });
});

it("places that are all told once more, and only counted once more, are no more than before", () => {
  const before = place(keptOf(occurrences(10_003), 0));
  const again = joinedPlaces(before, place(keptOf(occurrences(10_003), 0)), "again");
  expect(again.further).toBe(3);
  expect(joinedPlaces(again, place(keptOf(occurrences(10_005), 0)), "again").further).toBe(5);
});

it("a secret that stands elsewhere still is present, though it came and went in what is new", () => {
  const removed = { commit: "c", date: "2024-01-01T00:00:00Z", author: { name: "Ann", email: "" } };
  const before = place({ refs: ["refs/heads/main"] });
  const now = place({ status: "removed", removed });
  expect(joinedPlaces(before, now, "new")).toMatchObject({ status: "present", removed: null, refs: before.refs });
  expect(joinedPlaces(before, now, "whole")).toMatchObject({ status: "removed", removed });
});
