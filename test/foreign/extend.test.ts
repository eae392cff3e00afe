/** What a rule of a config is over the rule of the same id in the config that it extends, as in gitleaks 8.30. */
import { expect, it } from "vitest";
import { readGitleaksConfig } from "../../src/foreign/gitleaks-config.ts";

const base = {
  name: "b.toml",
  text: "[[rules]]\nid = 'one'\nregex = '''one-(x+)'''\nentropy = 2\nkeywords = ['one']\ntags = ['base']\n",
};
const over = (text: string) => readGitleaksConfig({ name: "c.toml", text: `[extend]\npath = 'b.toml'\n${text}`, base });

it.each([
  ["a path", "path = 'src/'", { regex: "one-(x+)", path: "src/", entropy: 2 }],
  ["an entropy", "entropy = 3", { regex: "one-(x+)", entropy: 3 }],
  ["keywords", "keywords = ['CMS']", { regex: "one-(x+)", keywords: ["one", "cms"] }],
  ["tags", "tags = ['own']", { tags: ["base", "own"] }],
])("a rule with %s and no regex keeps the regex of the one it is laid over", (_, more, rule) => {
  expect(over(`[[rules]]\nid = 'one'\n${more}\n`).rules).toMatchObject([{ id: "one", ...rule }]);
});

// gitleaks has a config like this among its valid ones, which only its own tests, where no rule is checked, let pass.
it("a new rule with keywords alone is refused, since it could find nothing", () => {
  expect(() => over("[[rules]]\nid = 'two'\nkeywords = ['CMS']\n")).toThrow(
    'c.toml:3: Cannot read foreign file: rule "two" has neither regex nor path',
  );
});
