import { expect, it } from "vitest";
import { fragment } from "../../../src/detect/screens/fragment.ts";
import { patternOf, ruleOf } from "../rule.ts";

const rule = ruleOf({ id: "acme.key", keywords: ["key"], pattern: patternOf("key", { before: 0, after: 3 }) });
const to = (secret: string) => {
  const doubt = fragment.objection({ rule, secret, before: "token=", after: "" });
  return typeof doubt === "object" ? doubt.name : doubt;
};

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = part({ alg: "HS256", typ: "JWT" });
const claims = part({ sub: "29207522" });

it.each([
  ["the header alone", header],
  ["header and claims", `${header}.${claims}`],
  ["a token without a signature", `${part({ alg: "none", typ: "JWT" })}.${claims}.`],
  ["a signature that was cut", `${header}.${claims}.k3Rv9xQ2mT7w`],
  ["a header that begins with its type", part({ typ: "JWT", alg: "HS256" })],
])("%s opens nothing", (_name, text) => {
  expect(to(text)).toBe("is a part of a JSON Web Token");
});

it("whole tokens, encrypted ones and other base64 of JSON stay", () => {
  expect(to(`${header}.${claims}.${"k3Rv9xQ2mT7".repeat(4)}`)).toBeUndefined();
  expect(to(`${part({ alg: "dir", enc: "A128GCM" })}..k3Rv9xQ2mT7w.k3Rv.xQ2m`)).toBeUndefined();
  expect(to(part({ key: "k3Rv9xQ2mT7w" }))).toBeUndefined();
});
