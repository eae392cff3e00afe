import { expect, it } from "vitest";
import type { BaselineEntry } from "../../src/terms.ts";
import { audit, pruned, withAccepted, withFindings } from "../../src/triage/baseline-edit.ts";
import { aFinding, aRule } from "../report/sample-result.ts";

const known = (fingerprint: string, parts: Partial<BaselineEntry> = {}): BaselineEntry => ({
  fingerprint,
  rule: "a.b",
  state: "known",
  ...parts,
});
const found = (fingerprint: string, verdict: "new" | "known" | "allowed" = "new") =>
  aFinding({ fingerprint, verdict, rule: aRule({ id: "a.b" }) });
const today = "2024-06-01";

it("an update adds each new finding once and leaves what was there as it was", () => {
  const old = known("1", { owner: "ann", until: "2024-01-01", reason: "later" });
  expect(withFindings([old], [found("1"), found("2"), found("3", "allowed"), found("4", "known")])).toEqual([
    old,
    known("2"),
  ]);
});

it("an update tells the rule of an entry that knew none", () => {
  expect(withFindings([known("1", { rule: "-" })], [found("1", "known")])).toEqual([known("1")]);
});

it("an audit finds what is met nowhere, where the run can tell, and what has ended", () => {
  const entries = [known("1"), known("2"), known("3"), known("4", { until: "2024-05-31" })];
  const canTell = ({ fingerprint }: BaselineEntry): boolean => fingerprint !== "3";
  const seen = audit(entries, { findings: [found("1"), found("4")], canTell, today });
  expect(seen).toEqual({ entries: 4, stale: [known("2")], expired: [known("4", { until: "2024-05-31" })] });
  expect(pruned(entries, seen)).toEqual([known("1"), known("3")]);
});

it("to accept a secret replaces its entry and keeps the rule that was known", () => {
  const accepted: BaselineEntry = { fingerprint: "1", rule: "-", state: "allowed", reason: "dead" };
  expect(withAccepted([known("2"), known("1", { until: "2024-01-01" })], accepted)).toEqual([
    known("2"),
    { ...accepted, rule: "a.b" },
  ]);
});
