import { expect, it } from "vitest";
import { login } from "../../../src/detect/screens/login.ts";
import { patternOf, ruleOf } from "../rule.ts";

const rule = ruleOf({ id: "acme.key", keywords: ["key"], pattern: patternOf("key", { before: 0, after: 3 }) });
const to = (text: string) => {
  const doubt = login.objection({ rule, secret: Buffer.from(text).toString("base64"), before: "Basic ", after: "" });
  return typeof doubt === "object" ? doubt.name : doubt;
};

it.each([
  ["user@host:pass@host", "holds a password that is made of such words"],
  ["alice:secret-passwd", "holds a password that is made of such words"],
  ["username:changeme", 'holds a password that says "changeme"'],
  ["username:password", "holds a password that is made of such words"],
  ["username:********", "holds a password that is crossed out"],
])("looks into base64: %s %s", (text, reason) => {
  expect(to(text)).toBe(reason);
});

it("keeps other passwords, and base64 that is no login", () => {
  expect(to("deploybot:tRq81-Salmon")).toBeUndefined();
  expect(to("secret passwd, no colon")).toBeUndefined();
  expect(login.objection({ rule, secret: "k3Rv9xQ2mT7", before: "", after: "" })).toBeUndefined();
});
