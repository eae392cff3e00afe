import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { leaksweep, tempDir } from "../kit.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

describe("help", () => {
  const commands = ["scan", "git", "dir", "stdin", "staged", "rules", "rules list", "rules show", "rules check"];

  it.each(commands)("of %s has an example, an exit code of 0 and at most 80 columns", async (command) => {
    const { code, stdout, stderr } = await leaksweep([...command.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Examples?:\n {2}\$ .*leaksweep/m);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("of leaksweep itself names every command and every exit code", async () => {
    const { code, stdout } = await leaksweep(["--help"]);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toContain(`\n  ${command.split(" ")[0]} `);
    for (const exit of [0, 1, 2, 3]) expect(stdout).toMatch(new RegExp(`^ {2}${exit} {2}\\w`, "m"));
  });

  it("is what `help git` prints, too", async () => {
    const [asCommand, asFlag] = await Promise.all([leaksweep(["help", "git"]), leaksweep(["git", "--help"])]);
    expect(asCommand).toEqual(asFlag);
  });
});

it.each(["--version", "-V"])("%s prints the version", async (flag) => {
  expect(await leaksweep([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("wrong use", () => {
  it.each<[typed: string, said: string]>([
    ["--fromat json", "leaksweep: unknown option '--fromat'\n  Did you mean --format?"],
    ["git --rnge a..b", "leaksweep: unknown option '--rnge'\n  Did you mean --range?"],
    ["stagd", 'leaksweep: There is no command "stagd", and no such file\n  Did you mean "leaksweep staged"?'],
    ["dir", "leaksweep: missing required argument 'path'"],
    ["scan a b", "leaksweep: too many arguments"],
    ["scan --range a..b", "leaksweep: unknown option '--range'"],
    ["staged --path x", "leaksweep: unknown option '--path'"],
    [
      "scan --exit-code 3",
      "leaksweep: option '--exit-code <n>' argument '3' is invalid\n  Write a number from 0 to 125",
    ],
    ["scan --timeout 30", "leaksweep: option '--timeout <duration>' argument '30' is invalid\n  Write a duration"],
    ["scan --format xml", "  Allowed choices are text, json, jsonl, sarif, "],
    ["rules", "Usage: leaksweep rules"],
    ["rules shw", "leaksweep: unknown command 'shw'\n  Did you mean show?"],
    ["rules show aws.nothing-like-this-one", "leaksweep: Cannot show rule"],
  ])("`leaksweep %s` exits with 2 and says why", async (typed, said) => {
    const { code, stdout, stderr } = await leaksweep(typed.split(" "), { cwd: tempDir() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).not.toContain("    at ");
  });
});
