import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { coverageOf } from "../../bench/detection/coverage.ts";
import { builtinShelf } from "../../src/rules/builtin.ts";
import { compileRulepack } from "../../src/rules/rulepack.ts";

// Whom ten other scanners have a rule for, by the names that these use; some are two names of one provider.
const providers = readFileSync(new URL("../../fixtures/providers.txt", import.meta.url), "utf8");

it("the shelf speaks of nine in ten of all providers that any scanner knows", () => {
  const rulepack = compileRulepack(builtinShelf().rules.all(), { trusted: true });
  const { providers: all, missing } = coverageOf(rulepack, `provider\n${providers}`);
  expect(all).toBeGreaterThan(900);
  expect(1 - missing.length / all, missing.join(", ")).toBeGreaterThanOrEqual(0.93);
});

it("a provider of whom no rule speaks is told of", () => {
  const rulepack = compileRulepack([], { trusted: true });
  expect(coverageOf(rulepack, "provider\nacme\nacme\ninitech")).toEqual({ providers: 2, missing: ["acme", "initech"] });
});
