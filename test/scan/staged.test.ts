/** `staged` as git's pre-commit hook: what is judged is what is being committed, whichever index git made for it. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, story, whole } from "../kit.ts";

const bin = resolve(import.meta.dirname, "../../bin/leaksweep.cjs");
const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");

/** A repository with two tracked files and our hook. */
function hooked(): string {
  const dir = story(`
    git init -q -b main
    echo one > a; echo two > b; commit start
  `);
  mkdirSync(join(dir, ".git/hooks"), { recursive: true });
  const hook = join(dir, ".git/hooks/pre-commit");
  writeFileSync(hook, `#!/bin/sh\nexec "${process.execPath}" "${bin}" staged\n`);
  chmodSync(hook, 0o755);
  return dir;
}

/** Runs git with the hook; the output's last line is `ok` or `refused`. */
const commit = (dir: string, command: string): string => sh(dir, `(${command}) 2>&1 && echo ok || echo refused`);

it("refuses a commit whose staged file holds a secret", () => {
  const dir = hooked();
  const said = commit(dir, `echo 'key=${token}' > a; git add a; git commit -q -m x`);
  expect(said).toMatch(/refused$/);
  expect(said).toContain("a:1:5");
  expect(said).not.toContain(token);
});

it("reads the index and not the working tree", () => {
  const dir = hooked();
  expect(commit(dir, `echo 'key=${token}' > a; git add a; echo clean > a; git commit -q -m x`)).toMatch(/refused$/);
  expect(commit(dir, `git add a; echo 'key=${token}' > a; echo new > b; git add b; git commit -q -m x`)).toMatch(/ok$/);
});

it("judges what `git commit -a` adds", () => {
  const dir = hooked();
  expect(commit(dir, `echo 'key=${token}' > a; git commit -q -a -m x`)).toMatch(/refused$/);
});

it("judges only the file that `git commit FILE` commits", () => {
  const dir = hooked();
  expect(commit(dir, `echo 'key=${token}' > a; git add a; echo new > b; git commit -q -m x b`)).toMatch(/ok$/);
  expect(commit(dir, "git commit -q -m x a")).toMatch(/refused$/);
});

it("lets pass what was committed before and has not changed", () => {
  const dir = hooked();
  sh(dir, `echo 'key=${token}' > old; git add old; git commit -q --no-verify -m old`);
  expect(commit(dir, "echo new > b; git commit -q -a -m x")).toMatch(/ok$/);
});

it("judges only the hunks that `git commit -p` commits", () => {
  const dir = hooked();
  sh(dir, "seq 30 > long; git add long; git commit -q -m long");
  const edit = `sed -i -e '1s/.*/clean/' -e '30s/.*/key=${token}/' long`;
  expect(commit(dir, `${edit}; printf 'y\\nn\\n' | git commit -q -p -m first`)).toMatch(/ok$/);
  expect(commit(dir, "printf 'y\\n' | git commit -q -p -m second")).toMatch(/refused$/);
});

it("lets pass a secret that HEAD has in the same file, or had in one that moved, and names it", () => {
  const dir = hooked();
  sh(dir, `printf 'key=${token}\\n1\\n' > old; git add old; git commit -q --no-verify -m old`);
  const said = commit(dir, "echo 2 >> old; git mv old moved; git commit -q -a -m x");
  expect(said).toMatch(/there is a secret that HEAD has already.*\nok$/);
});

it("works in a linked work tree, in a folder below the root, and before the first commit", async () => {
  const dir = hooked();
  sh(
    dir,
    `git worktree add -q ../linked; mkdir ../linked/deep; echo 'key=${token}' > ../linked/deep/c; cd ../linked; git add .`,
  );
  expect(await leaksweep(["staged"], { cwd: join(dir, "../linked/deep") })).toMatchObject({ code: 1 });
  const empty = story(`git init -q; echo 'key=${token}' > a; git add a`);
  expect(await leaksweep(["staged"], { cwd: empty })).toMatchObject({ code: 1 });
});

it("is not bent by variables when it is no hook that asks", async () => {
  const dir = story(`git init -q -b main; echo 'key=${token}' > a; commit one`);
  const other = story("git init -q -b main; echo clean > a; commit one");
  const env = { GIT_DIR: join(other, ".git"), GIT_EXTERNAL_DIFF: "false", GIT_TRACE: join(other, "trace") };
  expect(await leaksweep(["scan", dir], { env })).toMatchObject({ code: 1 });
});

describe("the files that say what is looked for and what is accepted are those of the index", () => {
  const rule = (word: string) =>
    `- { id: own.word, name: Own, severity: high, pattern: '(?<secret>${word}[0-9]{8})', samples: { imported: true } }`;
  const code = async (dir: string, ...args: string[]): Promise<number | null> =>
    (await leaksweep(["staged", ...args], { cwd: dir })).code;

  it.each([
    ["a config", "leaksweep.yml", "# nothing", "exclude: [v]"],
    ["an ignore file", ".gitleaksignore", "# nothing", "v/x:github-pat:1"],
    [
      "a config of another scanner",
      ".gitleaks.toml",
      "[extend]\nuseDefault = true",
      "[[allowlists]]\npaths = ['''^v/''']",
    ],
  ])("%s that is only changed in the working tree does not hold yet", async (_, name, before, after) => {
    const dir = story("git init -q -b main; mkdir v; echo 1 > a");
    writeFileSync(join(dir, name), `${before}\n`);
    sh(dir, "commit one");
    writeFileSync(join(dir, name), `${after}\n`);
    sh(dir, `echo 'key=${token}' > v/x; git add v`);
    expect(await code(dir)).toBe(1);
    sh(dir, `git add ${name}`);
    expect(await code(dir)).toBe(0);
    sh(dir, `rm ${name}`);
    expect(await code(dir)).toBe(0);
    sh(dir, `git rm -q --cached ${name}`);
    expect(await code(dir)).toBe(1);
  });

  it("a baseline counts when it is staged, or where git does not track it", async () => {
    const dir = story("git init -q -b main; echo '# mine' > .leaksweep-baseline; commit one");
    sh(dir, `echo 'key=${token}' > x; git add x`);
    await leaksweep(["baseline", "update"], { cwd: dir });
    expect(await code(dir)).toBe(1);
    expect(await code(dir, "--baseline", ".leaksweep-baseline")).toBe(1);
    sh(dir, "git add .leaksweep-baseline");
    expect(await code(dir)).toBe(0);
    sh(dir, "git rm -q --cached .leaksweep-baseline");
    expect(await code(dir)).toBe(0);
  });

  it("so are rules that the config names; where git tracks none of them, those that lie there", async () => {
    const dir = story("git init -q -b main; mkdir own; echo 'rules: { paths: [own] }' > leaksweep.yml; echo 1 > a");
    writeFileSync(join(dir, "own/r.yml"), `${rule("first")}\n`);
    sh(dir, "git add leaksweep.yml a; git commit -q -m one; echo 'x = first20250101' > b; git add b");
    expect(await code(dir)).toBe(1);
    sh(dir, "git add own");
    writeFileSync(join(dir, "own/r.yml"), "broken\n");
    expect(await code(dir)).toBe(1);
    sh(dir, "git add own");
    expect(await code(dir)).toBe(2);
  });
});
