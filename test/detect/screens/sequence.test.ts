import { expect, it } from "vitest";
import { sequence } from "../../../src/detect/screens/sequence.ts";
import { patternOf, ruleOf } from "../rule.ts";

const rule = ruleOf({ id: "acme.key", keywords: ["key"], pattern: patternOf("key", { before: 0, after: 3 }) });
const to = (secret: string) => {
  const doubt = sequence.objection({ rule, secret, before: "", after: "" });
  return typeof doubt === "object" ? doubt.name : doubt;
};

it.each(["k3Rv9xQ2mT7w1234567890zL8sYb4N", "k3Rv9xQ2mT7wZ1pLabcdefghsYb4N", "kR-juice-a1b2c3d4e5f6g7h8i9j0"])(
  "a token that counts is made up: %s",
  (secret) => {
    expect(to(secret)).toBe("counts up somewhere");
  },
);

it("people's passwords may count, and so may blocks of armour", () => {
  expect(to("Salmon12345678tR")).not.toBe("counts up somewhere");
  expect(to(`${"k3Rv9xQ2mT7wZ1pL".repeat(30)}12345678zz`)).toBeUndefined();
});

it("a run that stays or goes down is not counted as one that goes up", () => {
  expect(to("k3Rv9xQ2mT7wAAAAAAAAAAsYb4NQ")).toBeUndefined();
});

it.each([
  ["abcd1234", "is a sequence"],
  ["x12345678", "is a sequence"],
  ["Rrhh1234", undefined],
  ["salmon123456", undefined],
])("only what is mostly a run is one: %s", (secret, doubt) => {
  expect(to(secret)).toBe(doubt);
});
