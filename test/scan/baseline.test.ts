/** A baseline speaks of secrets and not of places: whatever happens to files and history, it holds, and for nothing else. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, story } from "../kit.ts";

const token = "gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ";
const third = "glp¦at-Xy9Kq2Lm8Np4Rt6Vw3Zb";

const begun = `git init -q -b main\nprintf 'x\\none = ${token}\\n' > a.env\ncommit one`;
const baselineOf = (dir: string): string => readFileSync(join(dir, ".leaksweep-baseline"), "utf8");

async function verdicts(dir: string, ...args: string[]): Promise<{ code: number | null; verdicts: string[] }> {
  const { code, stdout } = await leaksweep(["scan", dir, "-f", "json", ...args]);
  const { findings } = JSON.parse(stdout) as { findings: { verdict: string }[] };
  return { code, verdicts: findings.map(({ verdict }) => verdict).sort() };
}

/** A repository with one secret, which is in its baseline. */
async function accepted(): Promise<string> {
  const dir = story(begun);
  const { code } = await leaksweep(["baseline", "create", dir]);
  expect(code).toBe(0);
  sh(dir, "commit baseline");
  return dir;
}

describe("a secret in the baseline stays known", () => {
  it.each([
    ["at rest", ""],
    ["when its line moves", `printf 'x\\ny\\nz\\none = ${token}\\n' > a.env; commit moved`],
    ["when its file is renamed", "git mv a.env b.txt; commit renamed"],
    ["when its file is reformatted", `printf '{ "one":   "${token}" }' > a.env; commit reformatted`],
    ["when it is copied", `printf 'two: ${token}' > c.yml; commit copied`],
    ["when it is removed", "git rm -q a.env; commit removed"],
    ["after an amended commit", "git checkout -q --orphan new; git add -A; git commit -q -m again"],
    ["after a squash", "echo 1 > z; commit z; git reset -q --soft $(git rev-list --max-parents=0 HEAD); commit squash"],
    ["after a rebase", "git checkout -q -b t HEAD~1; echo 1 > q; commit q; git rebase -q main"],
  ])("%s", async (_, shell) => {
    const dir = await accepted();
    if (shell !== "") sh(dir, shell);
    expect(await verdicts(dir)).toEqual({ code: 0, verdicts: ["known"] });
  });
});

it("a different secret on the line of an accepted one is new", async () => {
  const dir = await accepted();
  sh(dir, `printf 'x\\none = ${third}\\n' > a.env; commit changed`);
  expect(await verdicts(dir)).toEqual({ code: 1, verdicts: ["known", "new"] });
});

it("branches that each accept a secret merge, and the merge accepts both", async () => {
  const dir = await accepted();
  sh(dir, "echo '.leaksweep-baseline merge=union' > .gitattributes; commit attributes");
  sh(dir, `git checkout -q -b left; printf '${third}' > l.txt; commit l`);
  await leaksweep(["baseline", "update", dir]);
  sh(dir, `commit left; git checkout -q -b right main; echo 1 > r.txt; commit r`);
  await leaksweep(["allow", "ls1:bbbbbbbbbbbbbbbbbbbbbbbb", "--reason", "rotated", "--owner", "ann"], { cwd: dir });
  sh(dir, "commit right; git merge -q -m both left");
  expect((await verdicts(dir)).verdicts).toEqual(["known", "known"]);
  expect(baselineOf(dir)).toContain("ls1:bbbbbbbbbbbbbbbbbbbbbbbb - allowed owner=ann # rotated");
});

describe("the baseline command", () => {
  it("writes a sorted file that a commit can hold, and says what it wrote", async () => {
    const dir = story(`${begun}\nprintf '${third}' > b.txt; commit two`);
    const { stdout, code } = await leaksweep(["baseline", "create", dir], { cwd: dir });
    expect(code).toBe(0);
    expect(stdout).toContain(".leaksweep-baseline: 2 accepted, 2 added, 0 taken out");
    const lines = baselineOf(dir).trim().split("\n").slice(1);
    expect(lines).toEqual([...lines].sort());
    expect(lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/^ls1:[a-z2-7]{24} github\.pat-classic known$/)]),
    );
    expect(statSync(join(dir, ".leaksweep-baseline")).mode & 0o044).toBe(0o044);
  });

  it("does not overwrite, does not update or prune what is not there, and writes nothing when it only tries", async () => {
    const dir = story(begun);
    expect((await leaksweep(["baseline", "update", dir])).code).toBe(2);
    expect((await leaksweep(["baseline", "prune", dir])).code).toBe(2);
    expect((await leaksweep(["baseline", "create", dir, "--dry-run"])).stdout).toContain("(not written)");
    expect(existsSync(join(dir, ".leaksweep-baseline"))).toBe(false);
    await leaksweep(["baseline", "create", dir]);
    const { code, stderr } = await leaksweep(["baseline", "create", dir]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("it is there already") });
  });

  it("takes out what is met nowhere, which a scan reports, and keeps what is still there", async () => {
    const dir = await accepted();
    await leaksweep(["allow", "ls1:bbbbbbbbbbbbbbbbbbbbbbbb", "--reason", "gone"], { cwd: dir });
    const { stdout } = await leaksweep(["scan", dir]);
    expect(stdout).toMatch(/1 acceptance met\s+nowhere/);
    expect((await leaksweep(["git", dir, "--range", "HEAD~1..HEAD"])).stdout).not.toContain("met");
    await leaksweep(["baseline", "prune", dir]);
    expect(baselineOf(dir)).not.toContain("ls1:bbbb");
    expect(await verdicts(dir)).toEqual({ code: 0, verdicts: ["known"] });
  });

  it("takes nothing out when something could not be read", async () => {
    const dir = await accepted();
    await leaksweep(["allow", "ls1:bbbbbbbbbbbbbbbbbbbbbbbb", "--reason", "gone"], { cwd: dir });
    sh(dir, `rm -f .git/objects/$(git rev-parse HEAD:a.env | sed 's,^..,&/,')`);
    const { code, stderr } = await leaksweep(["baseline", "prune", dir]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining("nothing was taken out") });
    expect(baselineOf(dir)).toContain("ls1:bbbb");
  });
});

describe("leaksweep allow", () => {
  it("accepts one secret for good or until a day, and an ended acceptance is told", async () => {
    const dir = story(begun);
    const { stdout } = await leaksweep(["scan", dir, "-f", "json"]);
    const [{ fingerprint }] = JSON.parse(stdout).findings;
    const say = (...args: string[]) => leaksweep(["allow", fingerprint, "--reason", "a sample", ...args], { cwd: dir });
    await say("--owner", "bob");
    expect(baselineOf(dir)).toContain(`${fingerprint} - allowed owner=bob # a sample\n`);
    expect(await verdicts(dir)).toEqual({ code: 0, verdicts: ["allowed"] });
    await say("--until", "2020-01-01");
    expect(await verdicts(dir)).toEqual({ code: 1, verdicts: ["new"] });
    expect((await leaksweep(["scan", dir])).stdout).toMatch(/1 acceptance ended/);
    // An update does not renew what somebody has let end.
    const { stderr } = await leaksweep(["baseline", "update", dir]);
    expect(stderr).toContain("1 have ended and are not renewed");
    expect(await verdicts(dir)).toEqual({ code: 1, verdicts: ["new"] });
  });

  it.each([
    [["ls1:short", "--reason", "x"], "no fingerprint"],
    [["ls1:aaaaaaaaaaaaaaaaaaaaaaaa", "--reason", " "], "without a reason"],
    [["ls1:aaaaaaaaaaaaaaaaaaaaaaaa"], "--reason"],
    [["ls1:aaaaaaaaaaaaaaaaaaaaaaaa", "--reason", "x", "--until", "2024-02-31"], "it is no day"],
  ])("refuses %j", async (args, message) => {
    const dir = story(begun);
    const { code, stderr } = await leaksweep(["allow", ...args], { cwd: dir });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

it("a baseline named by a flag must be there and readable; one that lies below does not count", async () => {
  const dir = story(`${begun}\nmkdir sub; echo nonsense > sub/.leaksweep-baseline; commit sub`);
  expect((await verdicts(dir)).verdicts).toEqual(["new"]);
  expect((await leaksweep(["scan", dir, "--baseline", "gone"])).stderr).toContain("there is no such file");
  const { code, stderr } = await leaksweep(["scan", dir, "--baseline", join(dir, "sub/.leaksweep-baseline")]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("this line is no entry") });
});
