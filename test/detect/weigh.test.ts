import { expect, it } from "vitest";
import { wordiness } from "../../src/detect/randomness.ts";
import { weigh } from "../../src/detect/weigh.ts";
import { whole } from "../kit.ts";
import { patternOf, ruleOf } from "./rule.ts";

const rule = ruleOf({
  id: "generic.value",
  keywords: ["key"],
  generic: true,
  pattern: patternOf("key", { before: 0, after: 3 }),
});

/** The names of what is said of the part of `line` between ‹ and ›. */
function reasons(line: string, asked = rule): readonly string[] {
  const [, before = "", secret = "", after = ""] = /^([^‹]*)‹([^›]*)›(.*)$/s.exec(whole(line)) ?? [];
  return weigh({ rule: asked, secret, before, after }).map(({ name }) => name);
}

it.each([
  ["api_key = '‹k3Rv9xQ2mT7wZ1pL8sYb›'", ["looks drawn at random"]],
  ["api_key = ‹k3Rv9xQ2mT7wZ1pL8sYb›", ["looks drawn at random"]],
  ["api_key = '‹AuthenticationTokenSource2›'", ["reads like words"]],
  ["api_key = '‹k3Rv9xQ2›'", ["is short for a key"]],
  ["password = '‹tRq81-Salmon›'", []],
  ["password = ‹tRq81-Salmon›", ["value without quotes"]],
  ["password = '‹whiteduke›'", ["is a word"]],
  ["password: ‹vzihlaquknriqlht›", ["value without quotes", "looks drawn at random"]],
])("%s: %j", (line, expected) => {
  expect(reasons(line)).toEqual(expected);
});

it("says nothing of what a provider's rule found, whose pattern has said enough", () => {
  expect(reasons("api_key = '‹AuthenticationTokenSource2›'", { ...rule, id: "acme.key", provider: "acme" })).toEqual(
    [],
  );
});

it("a password on a command line stands without quotes by nature", () => {
  expect(
    reasons("--password ‹tRq81-Salmon›", { ...rule, id: "generic.command-password", unscreened: ["bare"] }),
  ).toEqual([]);
});

it.each([
  ["getAuthenticationToken", "k3Rv9xQ2mT7wZ1pL8sYb4N"],
  ["correct-horse-battery", "951bc382db9abad29c6863"],
  ["whiteduke", "vzihlaqukn"],
])("%s looks more written than %s", (written, drawn) => {
  expect(wordiness(written)).toBeGreaterThan(0.5);
  expect(wordiness(drawn)).toBeLessThan(-0.3);
});

it("nothing looks like nothing", () => expect(wordiness("")).toBe(0));
