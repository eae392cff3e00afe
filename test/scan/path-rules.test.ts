/** Rules of other scanners that look at paths alone: whatever reads files finds these, one finding for rule and path. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, story } from "../kit.ts";

const config = `[[rules]]
id = "pem"
description = "Key file"
path = '''\\.pem$'''
[[rules]]
id = "vault"
description = "In a vault"
path = '''vault'''
[[rules]]
id = "deploy"
path = '''^deploy/.*/hosts'''
`;

/** A repository with such a config, which git does not track. */
function repository(script: string): string {
  const dir = story(`git init -q -b main\necho .gitleaks.toml > .git/info/exclude\n${script}`);
  writeFileSync(join(dir, ".gitleaks.toml"), config);
  return dir;
}

interface Found {
  readonly fingerprint: string;
  readonly rule: string;
  readonly secret: string | null;
  readonly status: string;
  readonly verdict: string;
  readonly introduced: { readonly commit: string } | null;
  readonly removed: { readonly commit: string } | null;
  readonly occurrences: readonly { readonly path: string; readonly versions: number }[];
}

async function found(dir: string, ...args: string[]): Promise<{ code: number | null; findings: readonly Found[] }> {
  const { stdout, stderr, code } = await leaksweep([...args, "-f", "json"], { cwd: dir });
  if (stdout === "") throw new Error(stderr);
  return { code, findings: JSON.parse(stdout).findings };
}

const told = ({ rule, status, occurrences }: Found): string =>
  `${rule} ${status} ${occurrences.map(({ path }) => path).join()}`;

describe("in history", () => {
  const story = `
    mkdir -p ops/vault/old deploy/a; echo 1 > a.pem; echo 2 > ops/vault/old/x.txt; echo 3 > deploy/a/hosts.ini; echo 4 > hosts
    commit one
    echo 5 > a.pem; git mv hosts hosts.pem; commit two
    git rm -q a.pem; commit three
    echo 6 > stray.pem; git add stray.pem; git rm -q --cached stray.pem; rm stray.pem
    git checkout -q --orphan gone; git rm -rfq .; echo 7 > b.pem; commit four; git checkout -q main; git branch -qD gone`;

  it("a file is told with when it came and went, also where its content is that of another", async () => {
    const dir = repository(story);
    const commit = (message: string): string => sh(dir, `git log --all --reflog --format=%H --grep='^${message}$'`);
    const { code, findings } = await found(dir, "git", ".", "--no-cache");
    expect(code).toBe(1);
    expect(findings.map(told)).toEqual([
      "gitleaks.deploy present deploy/a/hosts.ini",
      "gitleaks.pem removed a.pem",
      "gitleaks.pem unreachable b.pem",
      "gitleaks.pem present hosts.pem",
      "gitleaks.vault present ops/vault/old/x.txt",
    ]);
    expect(findings.every(({ secret, fingerprint }) => secret === null && fingerprint.startsWith("lx1:"))).toBe(true);
    const [, a, , hosts] = findings;
    expect(a?.introduced?.commit).toBe(commit("one"));
    expect(a?.removed?.commit).toBe(commit("three"));
    expect(a?.occurrences[0]?.versions).toBe(2);
    expect(hosts?.introduced?.commit).toBe(commit("two"));
  });

  it("it is the same whether trees lie in packs or loose", async () => {
    const dir = repository(story);
    const before = await found(dir, "git", ".", "--no-cache", "--reachable");
    sh(dir, "git repack -Adfq");
    expect((await found(dir, "git", ".", "--no-cache", "--reachable")).findings).toEqual(before.findings);
    expect(before.findings).toHaveLength(5);
  });

  it("a range tells of those that it brought in", async () => {
    const dir = repository(story);
    const { findings } = await found(dir, "git", ".", "--range", "main~2..main");
    expect(findings.map(told)).toEqual(["gitleaks.pem present hosts.pem"]);
  });
});

it("a folder whose name tells may be a submodule, or one above it", async () => {
  const dir =
    repository(`git init -q ../inner; (cd ../inner; mkdir in; echo 1 > in/x.txt; commit inner; git rm -q in/x.txt; echo 2 > y.txt; commit more)
    for at in ops/vault plain; do git -c protocol.file.allow=always submodule add -q ../inner $at; done; commit one`);
  expect((await found(dir, "git", ".", "--no-cache")).findings.map(told)).toEqual([
    "gitleaks.vault removed ops/vault/in/x.txt",
    "gitleaks.vault present ops/vault/y.txt",
  ]);
});

it("a scan tells of what is not committed, once for each path", async () => {
  const dir = repository(
    "echo 1 > a.txt; echo 2 > old.pem; commit one; cp a.txt copy.pem; echo 3 > i.pem; git add i.pem",
  );
  expect((await found(dir, "scan", ".")).findings.map(told)).toEqual([
    "gitleaks.pem uncommitted copy.pem",
    "gitleaks.pem uncommitted i.pem",
    "gitleaks.pem present old.pem",
  ]);
  expect((await found(dir, "dir", ".")).findings.map(told)).toEqual([
    "gitleaks.pem present copy.pem",
    "gitleaks.pem present i.pem",
    "gitleaks.pem present old.pem",
  ]);
});

describe("a gate", () => {
  it("stops a commit, and says how to keep the file out of it", async () => {
    const dir = repository("echo 1 > old.pem; commit one; echo 2 >> old.pem; echo 3 > new.pem; git add .");
    const { code, stdout } = await leaksweep(["staged"], { cwd: dir });
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining("it would add 1 unwanted file") });
    expect(stdout).toContain("git rm --cached new.pem");
    expect(stdout).not.toContain("old.pem");
    sh(dir, "git rm -q --cached new.pem");
    expect(await leaksweep(["staged"], { cwd: dir })).toMatchObject({ code: 0, stdout: "" });
  });

  it("stops a push and a pull request that add one, and not those that change one", async () => {
    const dir = repository(
      "echo 1 > old.pem; commit one; echo 2 > new.pem; commit two; echo 3 > new.pem; commit three",
    );
    const line = (from: string, to: string) =>
      sh(dir, `echo "refs/heads/main $(git rev-parse ${to}) refs/heads/main $(git rev-parse ${from})"`);
    const push = (from: string, to: string) =>
      leaksweep(["push", "origin", dir], { cwd: dir, stdin: `${line(from, to)}\n` });
    sh(dir, "git add -f .gitleaks.toml; git commit -q --amend --no-edit");
    expect(await push("main~2", "main")).toMatchObject({ code: 1, stdout: expect.stringContaining("where   new.pem") });
    expect(await push("main~1", "main")).toMatchObject({ code: 0, stdout: "" });
    sh(
      dir,
      "git checkout -q main~2; git checkout -q main .gitleaks.toml; git commit -q -m rules; git checkout -q -b work; echo 4 > x.pem; git add x.pem; git commit -q -m more",
    );
    expect((await found(dir, "ci", "--base", "HEAD~1", "--head", "HEAD")).findings.map(told)).toEqual([
      "gitleaks.pem present x.pem",
    ]);
  });
});

it("is accepted by a baseline, by allow and by the files of the other scanner", async () => {
  const dir = repository("mkdir ok; echo 1 > a.pem; echo 2 > ok/b.pem; echo 3 > c.pem; echo 4 > d.pem; commit one");
  writeFileSync(join(dir, ".gitleaks.toml"), `${config}[[allowlists]]\npaths = ['''^ok/''']\n`);
  writeFileSync(join(dir, ".gitleaksignore"), "c.pem:pem:0\n");
  const verdicts = async () =>
    (await found(dir, "scan", ".")).findings.map(({ verdict, occurrences }) => `${verdict} ${occurrences[0]?.path}`);
  expect(await verdicts()).toEqual(["new a.pem", "allowed c.pem", "new d.pem", "allowed ok/b.pem"]);
  const [first] = (await found(dir, "scan", ".")).findings;
  await leaksweep(["allow", first?.fingerprint ?? "", "--reason", "a test"], { cwd: dir });
  expect(await verdicts()).toEqual(["allowed a.pem", "allowed c.pem", "new d.pem", "allowed ok/b.pem"]);
  await leaksweep(["baseline", "update"], { cwd: dir });
  expect(existsSync(join(dir, ".leaksweep-baseline"))).toBe(true);
  const { code, findings } = await found(dir, "scan", ".");
  expect({ code, verdict: findings[2]?.verdict }).toEqual({ code: 0, verdict: "known" });
});

it("is told in formats that all know places, and as what it is when the result is read again", async () => {
  const dir = repository("echo 1 > a.pem; commit one");
  const formats = ["text", "sarif", "gitlab", "csv"];
  const texts = await Promise.all(formats.map((name) => leaksweep(["git", ".", "-f", name], { cwd: dir })));
  expect(texts.map(({ code, stdout }) => [code, stdout.includes("a.pem")])).toEqual(formats.map(() => [1, true]));
  await leaksweep(["git", ".", "-f", "json", "-o", "r.json"], { cwd: dir });
  const { stdout } = await leaksweep(["report", "r.json"], { cwd: dir });
  expect(stdout).toContain("1 new finding (1 high).");
  expect(stdout).not.toContain("Exposures");
});

it("costs no second look at what a config without such a rule says", async () => {
  const dir = repository("echo 1 > a.pem; commit one");
  writeFileSync(join(dir, ".gitleaks.toml"), "[[rules]]\nid = 'x'\nregex = '''never there'''\npath = '''\\.pem$'''\n");
  const { code, findings } = await found(dir, "git", ".");
  expect({ code, findings }).toEqual({ code: 0, findings: [] });
});
