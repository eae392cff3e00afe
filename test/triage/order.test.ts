import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareFindings, compareOccurrences } from "../../src/triage/order.ts";
import { aFinding, anOccurrence, aRule } from "../report/sample-result.ts";

describe("compareFindings", () => {
  const inOrder = [
    aFinding({ rule: aRule({ id: "z.z", severity: "critical" }) }),
    aFinding({ rule: aRule({ id: "a.a", severity: "high" }), occurrences: [anOccurrence({ path: "B" })] }),
    aFinding({
      rule: aRule({ id: "a.a", severity: "high" }),
      occurrences: [anOccurrence({ path: "a", startLine: 2 })],
    }),
    aFinding({
      rule: aRule({ id: "a.a", severity: "high" }),
      occurrences: [anOccurrence({ path: "a", startLine: 10 })],
    }),
    aFinding({ rule: aRule({ id: "a.b", severity: "high" }), fingerprint: "ls1:a" }),
    aFinding({ rule: aRule({ id: "a.b", severity: "high" }), fingerprint: "ls1:b" }),
    aFinding({ rule: aRule({ id: "a.a", severity: "medium" }) }),
    aFinding({ rule: aRule({ id: "a.a", severity: "low" }), occurrences: [] }),
  ];

  it("sorts by severity, rule, path and line, from any order to the same one", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) => {
        expect(shuffled.sort(compareFindings)).toEqual(inOrder);
      }),
    );
  });
});

describe("compareOccurrences", () => {
  const inOrder = [
    anOccurrence({ path: "b", startLine: 9 }),
    anOccurrence({ path: "b", startLine: 10 }),
    anOccurrence({ path: "b", startLine: 10, startColumn: 80 }),
    anOccurrence({ path: "b", member: "x" }),
    anOccurrence({ path: "a", where: "message" }),
    anOccurrence({ path: "a", status: "uncommitted" }),
    anOccurrence({ path: "a", status: "removed", last: { commit: "1", blob: "5" } }),
    anOccurrence({ path: "a", status: "removed", last: { commit: "2", blob: "4" } }),
    anOccurrence({ path: "a", status: "unreachable" }),
  ];

  it("puts what is still there first, from any order to the same one", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) => {
        expect(shuffled.sort(compareOccurrences)).toEqual(inOrder);
      }),
    );
  });
});
