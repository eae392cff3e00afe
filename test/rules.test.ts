import { readdirSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { leaksweep, type Ran } from "./kit.ts";

/** The shelf proves itself, as `leaksweep rules check` has it: this is the test of every rule. */
let ran: Ran;

beforeAll(async () => {
  ran = await leaksweep(["rules", "check"]);
}, 240_000);

const files = readdirSync("rules", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yml"));

it.each(files)("the rules of %s find what they should", (file) => {
  expect(ran.stdout.split("\n").filter((line) => line.startsWith(`rules/${file}:`))).toEqual([]);
});

it("nothing else is the matter with the built-in rules, and all are looked at", () => {
  expect(ran).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+ rules and \d+ context rows checked: no faults\.\n$/),
    stderr: "",
  });
});
