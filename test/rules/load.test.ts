import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRules, loadRulesFrom, readShelf } from "../../src/rules/load.ts";
import { tempDir } from "../kit.ts";

const rule = (id: string, more = ""): string => `- id: ${id}
  name: A token
  severity: high
  pattern: tok_(?<secret>[a-z]{9})
${more}  samples:
    leak: ['x = to¦k_abcdefghi', { text: "to¦k_bcdefghij", secret: "bcdefghij", path: .env }]
    clean: [tok_short]
`;
const load = (text: string, shelf = false) => loadRules([{ path: "rules/acme.yml", text }], { shelf });

it("absent keys are at their default and every ¦ is gone", () => {
  expect(load(rule("acme.token"))).toEqual([
    {
      id: "acme.token",
      name: "A token",
      severity: "high",
      confidence: "medium",
      kind: "secret",
      pattern: "tok_(?<secret>[a-z]{9})",
      generic: false,
      component: false,
      unscreened: [],
      references: [],
      samples: {
        leak: ["x = tok_abcdefghi", { text: "tok_bcdefghij", secret: "bcdefghij", path: ".env" }],
        clean: ["tok_short"],
      },
      at: "rules/acme.yml:1:3",
    },
  ]);
});

it("the shelf's samples are also there as they were written", () => {
  const [shelved] = readShelf([{ path: "rules/acme.yml", text: rule("acme.token") }]);
  expect(shelved?.samples.leak[0]).toBe("x = to¦k_abcdefghi");
});

it.each([
  ["a wrong value", rule("acme.token", "  confidence: sure\n"), "5:15", "confidence: "],
  ["a value of the wrong kind", rule("acme.token", "  near: { rule: x.y, lines: many }\n"), "5:29", "near.lines: "],
  ["an unknown key", rule("acme.token", "  entrophy: 3\n"), "5:3", 'key "entrophy" is unknown'],
  ["an unknown key further in", rule("acme.token", "  revoke: { link: x }\n"), "5:13", 'key "link" is unknown'],
  [
    "a required key that is misspelt",
    rule("acme.token").replace("severity:", "severty:"),
    "3:3",
    'key "severty" is unknown',
  ],
  ["a short keyword", rule("acme.token", "  keywords: [tok_, to]\n"), "5:20", "keywords.1: must be at least 3 bytes"],
  ["a missing key", rule("acme.token").replace("  name: A token\n", ""), "1:3", "name: "],
  ["an id without a provider", rule("token"), "1:7", "id: must read provider.kind"],
  [
    "one leak sample only",
    rule("acme.token").replace(/, \{ text.*\}/, ""),
    "6:11",
    "samples.leak: must hold at least two",
  ],
  ["a second rule that is wrong", rule("acme.one") + rule("acme.two", "  entropy: 9\n"), "12:12", "entropy: "],
])("%s is reported at its line and column", (_what, text, at, problem) => {
  expect(() => load(text)).toThrow(`rules/acme.yml:${at}: Cannot load rule "`);
  expect(() => load(text)).toThrow(problem);
});

it.each([
  ["entrophy", 'Did you mean "entropy"?'],
  ["severty", 'Did you mean "severity"?'],
  ["regexp", "Use one of id, name, severity"],
])("for the unknown key %s the hint is: %s", (key, hint) => {
  const wrong = () => load(rule("acme.token", `  ${key}: x\n`));
  expect(wrong).toThrow(expect.objectContaining({ code: "rule.invalid", hint: expect.stringContaining(hint) }));
});

it("broken YAML is reported where it breaks", () => {
  expect(() => load("- id: a.b\n  pattern: [a\n")).toThrow(/^rules\/acme\.yml:3:1: Cannot load rules: /);
});

it("on the built-in shelf a rule stands in the file of its provider", () => {
  expect(load(rule("acme.token"), true)).toHaveLength(1);
  expect(() => load(rule("other.token"), true)).toThrow('Cannot load rule "other.token": its file is "acme"');
});

it("a user's folder is read in the order of its names, other files left alone", () => {
  const dir = tempDir();
  mkdirSync(join(dir, "sub.d"));
  for (const [name, id] of [["b.yml", "x.b"] as const, ["a.yaml", "x.a"] as const])
    writeFileSync(join(dir, name), rule(id));
  writeFileSync(join(dir, "notes.txt"), "- not: a rule");
  expect(loadRulesFrom(dir).map(({ id }) => id)).toEqual(["x.a", "x.b"]);
  expect(loadRulesFrom(join(dir, "b.yml")).map(({ at }) => at)).toEqual([`${join(dir, "b.yml")}:1:3`]);
  expect(() => loadRulesFrom(join(dir, "none"))).toThrow("Cannot load rules");
});

it("an empty file holds no rules", () => {
  expect(load("# nothing yet\n")).toEqual([]);
});
