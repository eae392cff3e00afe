/** What is left to do about a secret is told, and that nothing is, once nothing is. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { available, leaksweep, sh, story, whole } from "../kit.ts";

const token = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCP");

/** A token that came in the first commit and went with the second. */
const removed = (): string =>
  story(`git init -q -b main
echo 'GITHUB_TOKEN=${token}' > app.env
commit one
echo 'GITHUB_TOKEN=none' > app.env
commit two`);

/** Takes the history and all that is left of it out of `dir`. */
function purge(dir: string): void {
  sh(dir, "git checkout -q --orphan clean && git commit -qm anew && git branch -qD main");
  sh(dir, "git reflog expire --expire=now --all && git gc -q --prune=now");
}

interface Told {
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly done: boolean;
    readonly checks: readonly { readonly kind: string; readonly state: string; readonly command: string | null }[];
  }[];
}

const told = async (...args: string[]) => {
  const { code, stdout } = await leaksweep(["fix", "-f", "json", ...args]);
  return { code, ...(JSON.parse(stdout) as Told) };
};

const states = ({ findings }: Told): string[] =>
  (findings[0]?.checks ?? []).map(({ kind, state }) => `${kind} ${state}`);

it("what was deleted and is still in history is left to be purged, and that is all that is", async () => {
  const dir = removed();
  const { code, stdout } = await leaksweep(["fix", dir]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/\[ \] Purge it from history/);
  expect(stdout).toMatch(/\[x\] No file of the work tree/);
  expect(stdout).toMatch(/\[\?\] No file says whether this is done\. Open Settings/);
  expect(stdout).toContain("app.env:1:14");
  expect(stdout).toContain("Left to do for 1 finding of 1.");
  expect(stdout).not.toContain(token);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

it("each thing that is done is ticked off, until nothing of it is left", async () => {
  const dir = removed();
  sh(dir, "git checkout -q HEAD~1 -- app.env && git reset -q");
  const before = await told(dir);
  const [{ fingerprint } = { fingerprint: "" }] = before.findings;
  expect(states(before)).toEqual(["revoke unknown", "move open", "purge open", "publish open", "expire done"]);

  sh(dir, "git checkout -q -- app.env");
  expect(states(await told(fingerprint, dir))).toEqual([
    "revoke unknown",
    "purge open",
    "publish open",
    "remove done",
    "expire done",
  ]);

  sh(dir, "git checkout -q --orphan clean && git commit -qm anew && git branch -qD main");
  expect(states(await told(fingerprint, dir))).toEqual(["revoke unknown", "expire open", "remove done", "purge done"]);

  sh(dir, "git reflog expire --expire=now --all && git gc -q --prune=now");
  const after = await told(fingerprint, dir);
  expect(states(after)).toEqual(["revoke unknown", "remove done", "purge done", "expire done"]);
  expect([after.code, after.findings[0]?.done]).toEqual([0, true]);
});

it("findings of an earlier result are held against what is there now", async () => {
  const dir = removed();
  const file = join(dirname(dir), "before.json");
  writeFileSync(file, (await leaksweep(["scan", dir, "-f", "json"])).stdout);
  purge(dir);
  const { code, stdout } = await leaksweep(["fix", "--from", file, dir]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/GitHub personal access token \(classic\) +ghp_…\(40\)/);
  expect(stdout).toMatch(/^Nothing is left here\.$/m);
});

it("what could not be read is no proof that nothing is left", async () => {
  const dir = removed();
  const clone = join(dirname(dir), "shallow");
  sh(dir, `git clone -q --depth 1 "file://${dir}" "${clone}"`);
  const one = await told("ls1:ffna5wuzgqyvbr5kgn75qukc", clone);
  expect(one.code).toBe(3);
  expect(states(one)).toEqual(["revoke unknown", "remove unknown", "purge unknown", "expire unknown"]);
  const { stdout } = await leaksweep(["fix", "ls1:ffna5wuzgqyvbr5kgn75qukc", clone]);
  expect(stdout).toContain("Nothing is left in what was read, and not all was.");
  expect(stdout).toContain("git fetch --unshallow");
});

it.each([
  ["rules: { disable: [github.pat-classic] }", "rules that did not run", purge],
  ["exclude: [app.env]", "files that were left out", () => {}],
])("%j in the config is no proof: %s", async (config, _why, prepare) => {
  const dir = removed();
  const file = join(dirname(dir), "before.json");
  writeFileSync(file, (await leaksweep(["scan", dir, "-f", "json"])).stdout);
  prepare(dir);
  writeFileSync(join(dir, "leaksweep.yml"), `${config}\n`);
  const { stdout } = await leaksweep(["fix", "--from", file, dir]);
  expect(stdout).not.toContain("[x]");
  expect(stdout).toContain("Nothing is left in what was read, and not all was.");
});

it("says of a fingerprint that nobody knows that it may never have been here", async () => {
  const { code, stdout } = await leaksweep(["fix", "ls1:ffna5wuzgqyvbr5kgn75quaa", removed()]);
  expect(code).toBe(0);
  expect(stdout).toContain("Nothing with this fingerprint is here (or never was)");
});

it("writes secrets to a new file outside the target only, for its owner to read", async () => {
  const dir = removed();
  const file = join(dirname(dir), "secrets.txt");
  const { stdout } = await leaksweep(["fix", dir, "--replacements", file]);
  expect(readFileSync(file, "latin1")).toBe(`literal:${token}==>***REMOVED***\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(stdout.replace(/\s+/g, "")).toContain(`gitfilter-repo--replace-text${file}`);
  const again = await leaksweep(["fix", dir, "--replacements", file]);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("there is such a file")]);
  const inside = await leaksweep(["fix", dir, "--replacements", join(dir, "secrets.txt")]);
  expect([inside.code, inside.stderr]).toEqual([2, expect.stringContaining("be committed some day")]);
  expect(existsSync(join(dir, "secrets.txt"))).toBe(false);
});

const hasFilterRepo = spawnSync("git", ["filter-repo", "--version"]).status === 0;

describe.skipIf(!available("git-filter-repo", hasFilterRepo))("git filter-repo", () => {
  it("takes out what the file of replacements lists, whatever characters it has", async () => {
    const dir = story(`git init -q -b main
echo 'GITHUB_TOKEN=${token}' > app.env
printf 'pass¦word = "a==>b \\303\\251 Kx9#vQ2!z"\\n' > app.ini
commit one
echo none > app.env
commit two`);
    const bare = join(dirname(dir), "bare.git");
    sh(dir, `git clone -q --mirror . "${bare}"`);
    const file = join(dirname(dir), "secrets.txt");
    const before = await leaksweep(["fix", bare, "--replacements", file]);
    expect(before.code).toBe(1);
    sh(bare, `git filter-repo --quiet --replace-text "${file}"`);
    const after = await leaksweep(["fix", bare]);
    expect([after.code, after.stdout]).toEqual([0, expect.stringContaining("There is nothing to do")]);
    expect(sh(bare, "git log -p --format=")).toContain("***REMOVED***");
  });
});
