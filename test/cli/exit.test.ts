import { describe, expect, it } from "vitest";
import { exitCode, leastOf, shown } from "../../src/cli/exit.ts";
import { defaults, type Plan } from "../../src/config/plan.ts";
import type { Confidence, Finding, Result, Verdict } from "../../src/terms.ts";

interface Sketch {
  readonly confidence?: Confidence;
  readonly verdict?: Verdict;
  readonly kind?: "secret" | "exposure";
}

// Only what decides: a finding in full is a page long.
const finding = ({ confidence = "medium", verdict = "new", kind = "secret" }: Sketch): Finding =>
  ({ confidence, verdict, rule: { kind } }) as Finding;

const result = (sketches: readonly Sketch[], complete = true): Result =>
  ({ complete, skips: [], findings: sketches.map(finding) }) as unknown as Result;

describe("exitCode", () => {
  it.each<[code: number, story: string, result: Result, plan: Partial<Plan>, stopped?: number]>([
    [0, "nothing was found", result([]), {}],
    [1, "a new finding is at the threshold", result([{}]), {}],
    [1, "a new finding is above the threshold", result([{ confidence: "high" }]), {}],
    [0, "a new finding is below the threshold", result([{ confidence: "low" }]), {}],
    [1, "the threshold is lowered to the finding", result([{ confidence: "low" }]), { failOn: "low" }],
    [0, "the threshold is raised above the finding", result([{}]), { failOn: "high" }],
    [0, "the finding is known", result([{ verdict: "known" }]), {}],
    [0, "the finding is allowed", result([{ verdict: "allowed" }]), {}],
    [1, "one of several findings is new", result([{ verdict: "allowed" }, {}, { confidence: "low" }]), {}],
    [0, "there are exposures only", result([{ kind: "exposure", confidence: "high" }]), {}],
    [1, "there are exposures and they count", result([{ kind: "exposure" }]), { failExposure: true }],
    [
      0,
      "an exposure that counts is allowed",
      result([{ kind: "exposure", verdict: "allowed" }]),
      { failExposure: true },
    ],
    [1, "what fails is not shown", result([{}]), { minConfidence: "high" }],
    [3, "nothing was found and something could not be read", result([], false), {}],
    [3, "the only finding is known and something could not be read", result([{ verdict: "known" }], false), {}],
    [1, "something was found and something could not be read", result([{}], false), {}],
    [42, "findings have a code of their own", result([{}]), { exitCode: 42 }],
    [0, "findings have a code of their own and there are none", result([]), { exitCode: 42 }],
    [0, "findings are only reported", result([{}]), { exitCode: 0 }],
    [3, "findings are only reported and something could not be read", result([{}], false), { exitCode: 0 }],
    [130, "^C stopped the run", result([{}], false), {}, 130],
    [143, "a signal stopped the run before it found anything", result([], false), {}, 143],
    [129, "the terminal went away while findings were only reported", result([{}], false), { exitCode: 0 }, 129],
  ])("is %i when %s", (code, _story, result, plan, stopped) => {
    expect(exitCode(result, { ...defaults, ...plan }, stopped)).toBe(code);
  });
});

describe("shown", () => {
  const all = result([{ confidence: "low" }, { confidence: "medium" }, { confidence: "high" }], false);

  it.each<[Confidence, Confidence[]]>([
    ["low", ["low", "medium", "high"]],
    ["medium", ["medium", "high"]],
    ["high", ["high"]],
  ])("keeps from %s on: %j", (minConfidence, kept) => {
    expect(shown(all, { ...defaults, minConfidence }).findings.map(({ confidence }) => confidence)).toEqual(kept);
  });

  it("leaves what was covered as it is", () => {
    expect(shown(all, { ...defaults, minConfidence: "high" }).complete).toBe(false);
  });
});

it.each<[Confidence, Confidence, Confidence]>([
  ["medium", "medium", "medium"],
  ["high", "low", "low"],
  ["low", "high", "low"],
  ["high", "high", "high"],
])("shown from %s and counted from %s, none below %s matters", (minConfidence, failOn, least) => {
  expect(leastOf({ ...defaults, minConfidence, failOn })).toBe(least);
});
