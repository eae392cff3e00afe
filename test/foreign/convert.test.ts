import { describe, expect, it } from "vitest";
import { convert } from "../../src/foreign/convert.ts";
import { named } from "../../src/foreign/entry.ts";
import { readGitleaksConfig } from "../../src/foreign/gitleaks-config.ts";
import { globOf } from "../../src/foreign/glob.ts";
import { loadRules } from "../../src/rules/load.ts";

describe("the secret's group", () => {
  it.each([
    ["ow¦n_[a-z]{9}", 0, "(?<secret>ow¦n_[a-z]{9})"],
    ["(?i)key=(\\w{9})", 0, "(?i)key=(?<secret>\\w{9})"],
    ["(?:a|b)[(](x)\\((y)", 2, "(?:a|b)[(](x)\\((?<secret>y)"],
    ["(?P<id>x)(y)", 1, "(?<secret>x)(y)"],
    ["(a)|(b)", 0, undefined],
  ])("of %s with secretGroup %i is named in %s", (regex, group, pattern) => {
    expect(named(regex, group)).toBe(pattern);
  });
});

describe("a path", () => {
  it.each([
    ["^vendor/", "vendor/**"],
    ["(^|/)node_modules/", "**/node_modules/**"],
    ["(?:^|/)go\\.sum$", "**/go.sum"],
    ["\\.lock$", "**/*.lock"],
    ["^docs/a\\.md$", "docs/a.md"],
    ["foo", undefined],
    ["(?i)\\.png$", undefined],
    ["^a|b$", undefined],
  ])("%s is the glob %s", (regex, glob) => {
    expect(globOf(regex)).toBe(glob);
  });
});

it("rules become a rule file that loads, and what has no form here is said with its line", () => {
  const text = [
    "[[allowlists]]",
    "paths = ['^vendor/', 'foo.*bar']",
    "stopwords = ['example']",
    "[[rules]]",
    "id = 'My.Key'",
    "description = 'Key of ours'",
    "regex = '''(?i)mykey-([a-z0-9]{20})'''",
    "entropy = 3.1",
    "keywords = ['mykey']",
    "[[rules]]",
    "id = 'files'",
    "path = '''\\.pem$'''",
    "[[rules]]",
    "id = 'greek'",
    "regex = '''\\p{Greek}+'''",
  ].join("\n");
  const { rules, exclude, notes } = convert(readGitleaksConfig({ name: "g.toml", text }));
  expect(loadRules([{ path: "r.yml", text: rules }], { shelf: false })).toMatchObject([
    { id: "gitleaks.my-key", name: "Key of ours", pattern: "(?i)mykey-(?<secret>[a-z0-9]{20})", entropy: 3.1 },
  ]);
  expect(exclude).toEqual(["vendor/**"]);
  expect(notes.map(({ at, rule }) => [at, rule])).toEqual([
    ["g.toml:10", "files"],
    ["g.toml:13", "greek"],
    ["g.toml", undefined],
  ]);
});

it("ids that differ in punctuation alone stay apart, also for rules that require them, and that is said", () => {
  const rule = (id: string, more = ""): string =>
    `[[rules]]\nid = '${id}'\nregex = '${id.slice(0, 2)}key-([a-z0-9]{20})'\n${more}`;
  const requiring = rule("uses", "[[rules.required]]\nid = 'My.Key'\n");
  const text = [rule("my-key"), rule("My.Key"), rule("my_key"), rule("my-key-2"), requiring].join("");
  const { rules, notes } = convert(readGitleaksConfig({ name: "g.toml", text }));
  const loaded = loadRules([{ path: "gitleaks.yml", text: rules }], { shelf: false });
  expect(loaded.map(({ id }) => id)).toEqual([
    "gitleaks.my-key",
    "gitleaks.my-key-3",
    "gitleaks.my-key-4",
    "gitleaks.my-key-2",
    "gitleaks.uses",
  ]);
  expect(loaded.at(-1)?.near).toMatchObject({ rule: "gitleaks.my-key-3" });
  expect(notes.filter(({ text }) => text.includes("is called")).map(({ rule }) => rule)).toEqual(["My.Key", "my_key"]);
});
