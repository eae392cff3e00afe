import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BaselineEntry } from "../../src/terms.ts";
import { isDay, parseBaseline, printBaseline } from "../../src/triage/baseline.ts";

const one = "ls1:aaaaaaaaaaaaaaaaaaaaaaaa";
const other = "ls1:bbbbbbbbbbbbbbbbbbbbbbbb";
const entriesOf = (text: string): readonly BaselineEntry[] => parseBaseline(text, "b").entries;

const fingerprint = fc.stringMatching(/^l[sx]1:[a-z2-7]{24}$/);
const day = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
const entry: fc.Arbitrary<BaselineEntry> = fc
  .record(
    {
      fingerprint,
      rule: fc.stringMatching(/^(?:-|[a-z0-9-]{1,9}\.[a-z0-9-]{1,9})$/),
      state: fc.constantFrom("known" as const, "allowed" as const),
      owner: fc.stringMatching(/^[^\s\p{C}]{1,30}$/u),
      until: day.map((date) => date.toISOString().slice(0, 10)),
      reason: fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.replace(/[\s\p{C}]+/gu, " ").trim()),
    },
    { requiredKeys: ["fingerprint", "rule", "state"] },
  )
  .map(({ reason, ...rest }) => ({ ...rest, ...(reason ? { reason } : {}) }));

describe("a baseline", () => {
  it("says the same once it has been written and read again, whatever its entries say", () => {
    const entries = fc.uniqueArray(entry, { selector: ({ fingerprint }) => fingerprint });
    fc.assert(
      fc.property(entries, (entries) => {
        const sorted = [...entries].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
        expect(entriesOf(printBaseline({ entries, comments: [] }))).toEqual(sorted);
      }),
    );
  });

  it.each(readdirSync("fixtures/baselines"))("of the past, %s, is still read, and written as it is", (file) => {
    const text = readFileSync(`fixtures/baselines/${file}`, "utf8");
    const baseline = parseBaseline(text, file);
    expect(baseline.entries).toHaveLength(5);
    expect(printBaseline(baseline)).toBe(text);
  });

  it("keeps its comments", () => {
    const text = `# ours, see the wiki\n${one} a.b known\n`;
    expect(printBaseline(parseBaseline(text, "b"))).toContain("# ours, see the wiki\n");
  });

  it("is read whatever the order of its lines, with the breaks of any system and a byte order mark", () => {
    const text = `\uFEFF${other} a.b known\r\n\r\n  ${one} a.b allowed # why \r\n`;
    expect(entriesOf(text)).toEqual([
      { fingerprint: one, rule: "a.b", state: "allowed", reason: "why" },
      { fingerprint: other, rule: "a.b", state: "known" },
    ]);
  });

  it.each([
    [`${one} a.b known # old`, `${one} a.b allowed # new`, "new"],
    [`${one} a.b allowed until=2024-01-01 # old`, `${one} a.b allowed until=2025-01-01 # new`, "new"],
    [`${one} a.b allowed until=2025-01-01 # old`, `${one} a.b allowed # new`, "new"],
  ])("with two lines for a secret, as a union merge leaves them, goes by the one that accepts more", (a, b, reason) => {
    for (const text of [`${a}\n${b}`, `${b}\n${a}`]) expect(entriesOf(text)).toMatchObject([{ reason }]);
  });

  it.each([
    ["no fingerprint", "ghp a.b known", "b:2: Cannot read baseline: this line is no entry"],
    ["no state", `${one} a.b`, "this line is no entry"],
    ["an unknown state", `${one} a.b accepted`, "this line is no entry"],
    ["an unknown key", `${one} a.b known team=x`, "this line is no entry"],
    ["a day that no calendar has", `${one} a.b known until=2024-02-31`, "2024-02-31 is no day"],
    ["half of a merge", "<<<<<<< HEAD", "a merge conflict is left in it"],
    ["a version to come", "# leaksweep baseline 2: x", "it has version 2, and this leaksweep knows 1"],
  ])("with %s is refused at its line", (_, line, message) => {
    expect(() => parseBaseline(`# x\n${line}\n`, "b")).toThrow(
      expect.objectContaining({ code: "baseline.invalid", message: expect.stringContaining(message) }),
    );
  });
});

it.each([
  ["2024-02-29", true],
  ["2023-02-29", false],
  ["2024-2-9", false],
  ["soon", false],
])("%s is a day: %s", (text, answer) => {
  expect(isDay(text)).toBe(answer);
});
