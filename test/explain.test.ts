import { expect, it } from "vitest";
import { explainText } from "../src/explain.ts";
import { patternOf, ruleOf, rulepackOf } from "./detect/rule.ts";
import { bytes } from "./kit.ts";

const token = ruleOf({
  id: "acme.token",
  keywords: ["acme_"],
  pattern: patternOf("\\b(?<secret>acme_[a-z0-9]{12})\\b", { before: 0, after: 17 }),
});
const generic = ruleOf({
  id: "generic.value",
  keywords: ["key"],
  generic: true,
  confidence: "medium",
  pattern: patternOf("key=(?<secret>[^ ]{4,40})", { before: 0, after: 45 }),
});
const bound = ruleOf({
  id: "acme.file",
  keywords: ["port"],
  paths: ["*.conf"],
  pattern: patternOf("port=(?<secret>[0-9]{4,9})", { before: 0, after: 14 }),
  unscreened: ["sequence"],
});

const explain = (text: string, path = "") =>
  explainText(bytes(text), { rulepack: rulepackOf(token, generic, bound), path });

it("tells what was found, the surest first, with the reasons at the place", () => {
  const { found } = explain("port=8305\nkey=k3Rv9xQ2mT7w acme_k3r9x2v7q1w8", "test/a.conf");
  expect(found.map(({ match, judgement }) => [match.rule.id, judgement.score])).toEqual([
    ["acme.file", 0.75],
    ["acme.token", 0.75],
    ["generic.value", 0.15],
  ]);
  expect(found[0]?.judgement.reasons.map(({ name }) => name)).toEqual(["test"]);
});

it("tells what dropped a candidate, here or at this path", () => {
  expect(explain("key={{KEY}}").dropped.map(({ rule, objection }) => `${rule.id} ${objection}`)).toEqual([
    "generic.value is a template",
  ]);
  expect(explain("port=8305", "a.txt").dropped.map(({ objection }) => objection)).toEqual([
    "is in no file that this rule knows",
  ]);
});

it("names the rules whose keyword is there, where no pattern matched", () => {
  expect(explain("the ACME_ key").untouched.map(({ rule, keyword }) => [rule.id, keyword])).toEqual([
    ["acme.token", "acme_"],
    ["generic.value", "key"],
  ]);
  expect(explain("nothing").untouched).toEqual([]);
});
