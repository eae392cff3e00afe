import { expect, it } from "vitest";
import { eventOf } from "../../../src/gate/ci/event.ts";
import { missingOf } from "../../../src/gate/ci/missing.ts";

const [a, b] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const main = "+refs/heads/main:refs/remotes/origin/main";

it("a pull request needs its commit and its target", () => {
  const event = eventOf("pull-request", {
    head: b,
    before: [a],
    target: "main",
    main: "main",
    ref: "refs/pull/7/head",
  });
  expect(missingOf(event)).toEqual({ needed: [b, main], useful: [a] });
});

it("a pull request whose commit nobody names is fetched by its ref", () => {
  expect(missingOf(eventOf("pull-request", { ref: "refs/pull/7/head", target: "main" })).needed[0]).toBe(
    "refs/pull/7/head",
  );
});

it("a push needs no more than its commit; what was there before is worth a try", () => {
  const event = eventOf("push", { ref: "refs/heads/x", head: b, before: [a], main: "main" });
  expect(missingOf(event)).toEqual({ needed: [b], useful: [main, a] });
});

it.each(["--upload-pack=evil", "x:y", "a b", "a..b", "*"])("a branch called %j is not asked for", (target) => {
  expect(missingOf(eventOf("pull-request", { head: b, target }))).toEqual({ needed: [b], useful: [] });
});
