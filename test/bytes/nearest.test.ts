import { expect, it } from "vitest";
import { nearest } from "../../src/bytes/nearest.ts";

const known = ["rules", "exclude", "min-confidence", "fail-on", "fail-exposure", "allow"];

it.each<[string, string | undefined]>([
  ["rule", "rules"],
  ["exlcude", "exclude"],
  ["min_confidence", "min-confidence"],
  ["minConfidance", "min-confidence"],
  ["failOn", "fail-on"],
  ["alow", "allow"],
  ["severity", undefined],
  ["", undefined],
])("takes %j for %j", (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});
