/** What an import cannot carry over is said, by file, line and rule: nothing of a config goes away in silence. */
import { describe, expect, it } from "vitest";
import { readBetterleaksConfig } from "../../src/foreign/betterleaks-config.ts";
import { convert } from "../../src/foreign/convert.ts";
import { readGitleaksConfig } from "../../src/foreign/gitleaks-config.ts";
import { loadRules } from "../../src/rules/load.ts";
import { settle } from "../../src/rules/selection.ts";

const rule = (id: string, more = ""): string => `[[rules]]\nid = '${id}'\nregex = '''${id}-[a-z0-9]{20}'''\n${more}\n`;
const gitleaks = (text: string) => convert(readGitleaksConfig({ name: "c.toml", text }));
const betterleaks = (text: string) => convert(readBetterleaksConfig({ name: "c.toml", text }));
const said = ({ notes }: ReturnType<typeof convert>): readonly string[] =>
  notes.map(({ at, rule, text }) => `${at}${rule === undefined ? "" : ` ${rule}`}: ${text}`);

describe("of a gitleaks config it is said", () => {
  it.each([
    [
      "that a key of an allowlist is unknown",
      `${rule("one")}[[rules.allowlists]]\nregexs = ['x']\npaths = ['y']\n`,
      'c.toml:1 one: key "regexs" of an allowlist is unknown to gitleaks',
    ],
    [
      "that a key of a global allowlist is unknown",
      `[[allowlists]]\nstopword = 'x'\npaths = ['y']\n${rule("one")}`,
      'c.toml: key "stopword" of an allowlist is unknown to gitleaks',
    ],
    [
      "that a key of a required rule is unknown",
      `${rule("two")}${rule("one", "[[rules.required]]\nid = 'two'\nwithin = 3")}`,
      'c.toml:5 one: key "within" of a required rule is unknown to gitleaks',
    ],
    ["that an address is not extended", "[extend]\nurl = 'x'\n", "c.toml: extend.url is not followed, nor is it there"],
    [
      "that the default rules stay behind",
      "[extend]\nuseDefault = true\n",
      "c.toml: the rules that come with gitleaks are not carried over, and those of leaksweep stand in for them",
    ],
    [
      "that nothing is disabled by an unknown id",
      "[extend]\nuseDefault = true\ndisabledRules = ['made-up']\n",
      'c.toml: disabledRules: no rule here stands in for "made-up"',
    ],
    [
      "that the allowlist of a default rule has no form",
      "[extend]\nuseDefault = true\n[[rules]]\nid = 'github-pat'\n[[rules.allowlists]]\npaths = ['x']\n",
      "c.toml:3 github-pat: its allowlists have no form here; what they allow now is in the baseline",
    ],
    ["that tags are gone", rule("one", "tags = ['a']"), "c.toml:1 one: its tags are not carried over"],
    [
      "that keywords outside of the match are no condition any more",
      rule("one", "keywords = ['elsewhere']"),
      "c.toml:1 one: its keywords need not be in a match and are no condition any more",
    ],
    [
      "that a required rule may stand anywhere",
      `${rule("two")}${rule("one", "[[rules.required]]\nid = 'two'")}`,
      "c.toml:5 one: the required rule may stand anywhere in a text there, and within 200 lines here",
    ],
    [
      "that columns are not counted",
      `${rule("two")}${rule("one", "[[rules.required]]\nid = 'two'\nwithinLines = 3\nwithinColumns = 9")}`,
      "c.toml:5 one: the columns within which it requires a rule are not counted here",
    ],
    [
      "that a rule goes with the one it requires",
      `${rule("two").replace(/regex.*/, "path = 'x'")}${rule("one", "[[rules.required]]\nid = 'two'\nwithinLines = 3")}`,
      'c.toml:5 one: it requires "two", which is not carried over',
    ],
    [
      "that a rule requires what no match can be of",
      `${rule("two").replace(/regex.*/, "path = 'x'")}${rule("one", "[[rules.required]]\nid = 'two'\nwithinLines = 3")}`,
      'c.toml:5 one: it requires "two", which looks at paths alone: it never reports, here and there',
    ],
  ])("%s", (_, text, note) => {
    expect(said(gitleaks(text))).toContain(note);
  });
});

describe("of a betterleaks config it is said", () => {
  it.each([
    [
      "that its filter has no form",
      `filter = '''entropy(finding.secret) > 1'''\n${rule("one")}`,
      "c.toml: the filter has no form here; what it allows now is in the baseline",
    ],
    [
      "that a rule's filter has no form",
      rule("one", "filter = '''entropy(finding.secret) > 1'''"),
      "c.toml:1 one: its filter has no form here; what it allows now is in the baseline",
    ],
    [
      "that specificity is nothing here",
      rule("one", "specificity = 9"),
      "c.toml:1 one: `specificity` is not carried over",
    ],
    [
      "that a severity is none of ours",
      rule("one", "severity = 'awful'"),
      'c.toml:1 one: severity "awful" is unknown here and not carried over',
    ],
    [
      "that a key of a component is unknown",
      `${rule("two")}${rule("one", "components = [{ id = 'two', withn = '3L' }]")}`,
      'c.toml:5 one: key "withn" of a component is unknown to betterleaks',
    ],
    [
      "that optional components are gone",
      `${rule("two")}${rule("one", "components = [{ id = 'two', optional = true }]")}`,
      'c.toml:5 one: its optional component "two" decides nothing here',
    ],
    ["that a key is unknown", rule("one", "colour = 'red'"), 'c.toml:1 one: key "colour" is unknown to betterleaks'],
  ])("%s", (_, text, note) => {
    expect(said(betterleaks(text))).toContain(note);
  });
});

it("severity and confidence of a betterleaks rule are carried over", () => {
  const { rules, notes } = betterleaks(rule("one", "severity = 'Critical'\nconfidence = 'low'"));
  expect(loadRules([{ path: "r.yml", text: rules }], { shelf: false })).toMatchObject([
    { severity: "critical", confidence: "low" },
  ]);
  expect(notes).toEqual([]);
});

it("rules that config disables are named as ours", () => {
  const { disable } = gitleaks("[extend]\nuseDefault = true\ndisabledRules = ['github-pat', 'generic-api-key']\n");
  expect(disable).toEqual(["github.pat-classic", "generic.*"]);
});

it("a component that does not exist is refused as a required rule is", () => {
  const text = rule("one", "components = [{ id = 'two' }]");
  expect(() => readBetterleaksConfig({ name: "c.toml", text })).toThrow(
    'c.toml:1: Cannot read foreign file: rule "one" requires "two", which does not exist',
  );
});

it("a rule over another in an extended config keeps its own components", () => {
  const base = {
    name: "b.toml",
    text: `${rule("two")}${rule("three")}${rule("one", "components = [{ id = 'two' }]")}`,
  };
  const text = `[extend]\npath = 'b.toml'\n${rule("one", "components = [{ id = 'three' }]")}`;
  const config = readBetterleaksConfig({ name: "c.toml", text, base });
  expect(config.rules.find(({ id }) => id === "one")?.required).toEqual([{ id: "three" }]);
});

it("what is carried over loads, whatever the rules required", () => {
  const text = [
    rule("two").replace(/regex.*/, "path = 'x'"),
    rule("one", "[[rules.required]]\nid = 'two'"),
    rule("zero", "[[rules.required]]\nid = 'one'"),
    rule("four", "[[rules.required]]\nid = 'five'\nwithinLines = 900"),
    rule("five"),
  ].join("");
  const loaded = loadRules([{ path: "r.yml", text: gitleaks(text).rules }], { shelf: false });
  expect(loaded.map(({ id }) => id)).toEqual(["gitleaks.four", "gitleaks.five"]);
  expect(() => settle(loaded)).not.toThrow();
});
