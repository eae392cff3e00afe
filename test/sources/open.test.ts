import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { isAddress, openTarget } from "../../src/sources/open.ts";
import { leaksweep, story, tempDir } from "../kit.ts";

const allowed = `
  git init -q -b main
  echo 'token=gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ # leaksweep:allow only a test' > a; commit one
`;

it.each<[name: string, address: boolean]>([
  ["https://git.example.org/app", true],
  ["HTTPS://git.example.org/app", true],
  ["ext::sh", false],
  ["git://git.example.org/app", true],
  ["file:///srv/app.git", true],
  ["git@git.example.org:app.git", true],
  ["../app", false],
  ["a@b", false],
  ["C:\\app", false],
])("%s is an address: %s", (name, address) => {
  expect(isAddress(name)).toBe(address);
});

it.each<[what: string, target: (dir: string) => string[], verdict: string]>([
  ["of a folder count", (dir) => [dir], "allowed"],
  ["of a URL do not count", (dir) => [`file://${dir}`], "new"],
  ["of a URL count with --trust-target", (dir) => [`file://${dir}`, "--trust-target"], "allowed"],
])("allow comments %s", async (_what, target, verdict) => {
  const { code, stdout } = await leaksweep(["scan", ...target(story(allowed)), "-f", "json"]);
  expect(JSON.parse(stdout).findings).toMatchObject([{ verdict }]);
  expect(code).toBe(verdict === "new" ? 1 : 0);
});

it("a config file that was cloned is not read, even if the target is trusted", async () => {
  const dir = story("git init -q -b main; echo 'fail-onn: low' > leaksweep.yml; commit one");
  expect(await leaksweep(["scan", dir])).toMatchObject({ code: 2 });
  expect(await leaksweep(["scan", `file://${dir}`, "--trust-target"], { cwd: tempDir() })).toMatchObject({ code: 0 });
});

it("cloning tells how far it is, and its folder is gone afterwards", async () => {
  const phases: string[] = [];
  const temporary = tempDir();
  const { code, stderr } = await leaksweep(["scan", `file://${story(allowed)}`], { env: { TMPDIR: temporary } });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(readdirSync(temporary)).toEqual([]);
  const opened = await openTarget({
    command: "scan",
    paths: [`file://${story(allowed)}`],
    env: {},
    signal: new AbortController().signal,
    onPhase: (label) => phases.push(label),
    selection: { kind: "all" },
    excluded: () => false,
    ignored: false,
    allowShallow: false,
    allowPartial: false,
    trustTarget: false,
  });
  await opened.close();
  expect(phases[0]).toBe("cloning");
  for (const phase of phases) expect(phase).toMatch(/^cloning( · (remote|receiving|resolving) \d+%)?$/);
});
