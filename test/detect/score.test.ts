import { expect, it } from "vitest";
import { checksumValid, checksumWrong, confidenceOf, scoreOf } from "../../src/detect/score.ts";

it.each(["high", "medium", "low"] as const)("a rule of %s confidence has a score of that name", (confidence) => {
  expect(confidenceOf(scoreOf(confidence, []))).toBe(confidence);
});

it.each(["high", "medium", "low"] as const)("a checksum decides over a rule of %s confidence", (confidence) => {
  const doubt = { name: "test", weight: -0.3 };
  expect(confidenceOf(scoreOf(confidence, [checksumValid, doubt]))).toBe("high");
  expect(confidenceOf(scoreOf(confidence, [checksumWrong, { name: "environment file", weight: 0.1 }]))).toBe("low");
});

it("stays between 0 and 1, two decimals", () => {
  expect(scoreOf("high", [{ name: "a", weight: 9 }])).toBe(1);
  expect(scoreOf("high", [{ name: "a", weight: -9 }])).toBe(0);
  expect(scoreOf("medium", [{ name: "a", weight: -0.15 }])).toBe(0.5);
});
