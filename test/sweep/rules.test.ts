import { describe, expect, it } from "vitest";
import { defaults, type Settings } from "../../src/config/plan.ts";
import { rulesIdentity, rulesToRead } from "../../src/sweep/rules.ts";
import type { Rule } from "../../src/terms.ts";

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  name: id,
  provider: "acme",
  kind: "secret",
  severity: "high",
  confidence: "high",
  generic: false,
  keywords: ["acme"],
  pattern: { source: "acme_[a-z]{9}", reach: { before: 0, after: 14 }, exec: () => undefined },
  component: false,
  unscreened: [],
  references: [],
  ...more,
});

const reader = { version: "1", plan: defaults };

const toRead = (before: readonly Rule[], now: readonly Rule[], later = reader): readonly string[] | "all" => {
  const earlier = rulesIdentity({ rules: before, hash: "" }, reader).digests;
  return rulesToRead(earlier, rulesIdentity({ rules: now, hash: "" }, later).digests, now);
};

describe("what was read before is read again", () => {
  const a = rule("acme.a");
  it.each<[string, readonly Rule[], readonly Rule[], readonly string[] | "all"]>([
    ["for no rule when none changed", [a], [a], []],
    ["for no rule when only its words changed", [a], [rule("acme.a", { name: "Another", severity: "low" })], []],
    ["for a rule that is new", [a], [a, rule("acme.b")], ["acme.b"]],
    ["for a rule that looks for something else", [a], [rule("acme.a", { entropy: 3 })], ["acme.a"]],
    ["for no rule when one is gone", [a, rule("acme.b")], [a], []],
    [
      "for a rule whose other part changed",
      [rule("acme.b", { near: { rule: "acme.a", lines: 3, required: true } }), a],
      [rule("acme.b", { near: { rule: "acme.a", lines: 3, required: true } }), rule("acme.a", { entropy: 3 })],
      ["acme.a", "acme.b"],
    ],
    [
      "for all rules when a generic one changed",
      [rule("acme.a", { generic: true })],
      [rule("acme.a", { generic: true, entropy: 3 })],
      "all",
    ],
  ])("%s", (_, before, now, ids) => {
    expect(toRead(before, now)).toEqual(ids);
  });

  it.each<[string, Settings, readonly string[] | "all"]>([
    ["for all rules when archives are opened deeper", { maxArchiveDepth: 9 }, "all"],
    ["for all rules when texts are decoded deeper", { maxDecodeDepth: 9 }, "all"],
    ["for all rules when larger files are read", { maxFileSize: 1e9 }, "all"],
    ["for all rules when other paths are left out", { exclude: ["vendor/**"] }, "all"],
    ["for no rule when other findings are shown, or by more threads", { minConfidence: "high", jobs: 4 }, []],
  ])("%s", (_, settings, ids) => {
    expect(toRead([a], [a], { ...reader, plan: { ...defaults, ...settings } })).toEqual(ids);
  });

  it("for all rules by another version of the program", () => {
    expect(toRead([a], [a], { ...reader, version: "2" })).toBe("all");
    expect(rulesToRead(undefined, {}, [a])).toBe("all");
  });
});
