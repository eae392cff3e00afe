import { expect, it } from "vitest";
import { listed } from "../../../src/detect/screens/listed.ts";
import { patternOf, ruleOf } from "../rule.ts";

const rule = ruleOf({ id: "acme.key", keywords: ["key"], pattern: patternOf("key", { before: 0, after: 3 }) });

/** The objection to the part of `line` between ‹ and ›. */
function to(line: string): string | undefined {
  const [, before = "", secret = "", after = ""] = /^([^‹]*)‹([^›]*)›(.*)$/s.exec(line) ?? [];
  const reason = listed.objection({ rule, secret, before, after });
  return typeof reason === "object" ? reason.name : reason;
}

it.each([
  '["user", "password", "‹2fa-token›", "flags"]',
  "roles = ['user', 'password', '‹pass_42›']",
  '# METHOD can be "md5", "password", "‹scram-sha-256›", "gss"',
  "  'password', '‹key_2_name›',",
])("a word of the list %s is no secret", (line) => {
  expect(to(line)).toBe("is one of a list of strings");
});

it("the literal after a variable is not that variable's value", () => {
  expect(to("Buffer.from(env.JWT_SECRET, '‹base64›')")).toBe("is the argument after a variable");
});

it.each([
  "define('DB_PASSWORD', '‹tRq81-Salmon›');",
  'props.put(DB_PASSWORD, "‹tRq81-Salmon›");',
  "login('ann', '‹tRq81-Salmon›', { remember: true })",
  '{"user": "ann", "password": "‹tRq81-Salmon›", "port": 1}',
])("the value in %s may be one", (line) => {
  expect(to(line)).toBeUndefined();
});
