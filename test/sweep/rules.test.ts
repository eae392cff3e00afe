import { describe, expect, it } from "vitest";
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

const toRead = (before: readonly Rule[], now: readonly Rule[], versions = ["1", "1"]): readonly string[] | "all" => {
  const [one = "", other = ""] = versions;
  const earlier = rulesIdentity({ rules: before, hash: "" }, one).digests;
  return rulesToRead(earlier, rulesIdentity({ rules: now, hash: "" }, other).digests, now);
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

  it("for all rules by another version of the program", () => {
    expect(toRead([a], [a], ["1", "2"])).toBe("all");
    expect(rulesToRead(undefined, {}, [a])).toBe("all");
  });
});
