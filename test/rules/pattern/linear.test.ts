import { expect, it } from "vitest";
import { mostSteps, proveLinear } from "../../../src/rules/pattern/linear.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";

it.each([
  ["(?:a{0,50}){0,50}", "can be empty"],
  ["(?:a{1,50}){1,50}", "steps"],
  ["(?:a|a){1,40}", "steps"],
  ["(?:a|ab|aba){1,60}b", "steps"],
  ["(?:[a-z]{1,10}[0-9]?){1,20}", "steps"],
  ["[a-z]{0,200}[a-z]{0,200}[a-z]{0,200}=", "steps"],
  ["(?:.{1,9},){1,9}x", "steps"],
  ["a*b", "no upper limit"],
  ["a{3,}", "no upper limit"],
  ["(?:\\b){0,3}a", "can be empty"],
])("%s is refused: %s", (source, problem) => {
  const proof = proveLinear(parsePattern(source));
  expect(proof).toMatchObject({ linear: false, problem: expect.stringContaining(problem) });
});

it("a refusal points at the part with the most ways", () => {
  const source = "key[a-z]{0,9}=(?:a{1,50}){1,50}b";
  const proof = proveLinear(parsePattern(source));
  expect(proof.linear ? "" : source.slice(proof.part.start, proof.part.end)).toBe("(?:a{1,50}){1,50}");
});

it.each([
  ["ghp_[A-Za-z0-9]{36}", 80],
  ["[a-z]{1,200}=[0-9]{1,200}", 1_500],
  ["(?:[a-z0-9]{1,63}\\.){1,8}com", 2_000],
  ["(?:password|passwd|passphrase|pass|pwd)[=:]", 200],
  ["-----BEGIN [A-Z ]{0,40}-----[^-]{0,10000}-----END", 100_000],
  [
    "(?i)[\\w.-]{0,50}?(?:adafruit)(?:[ \\t\\w.-]{0,20})[\\s'\"]{0,3}[=:][\\s\"']{0,5}(?<secret>[a-z0-9_-]{32})",
    20_000,
  ],
])("%s is proved with at most %d steps", (source, most) => {
  const proof = proveLinear(parsePattern(source));
  expect(proof.linear && proof.steps).toBeLessThanOrEqual(most);
});

it("a search of V8 takes no longer than its steps suggest", () => {
  const source = "[a-z_]{0,40}[a-z.]{0,40}[a-z-]{0,40}=";
  const proof = proveLinear(parsePattern(source));
  expect(proof.linear && proof.steps < mostSteps).toBe(true);
  const started = performance.now();
  expect(/[a-z_]{0,40}[a-z.]{0,40}[a-z-]{0,40}=/.exec("a".repeat(2_000))).toBeNull();
  const steps = 2_000 * (proof.linear ? proof.steps : 0);
  expect(performance.now() - started).toBeLessThan(1_000 + steps / 10_000); // a slow machine takes 10 steps a µs
});
