/** What cannot be read is said, and never looks like "clean". */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leaksweep, recipe, story, tempDir } from "../kit.ts";

const clean = "git init -q -b main; echo clean > a; commit one; echo cleaner > a; commit two";

/** A folder with a `git` that runs `script` before (or instead of) the real one. */
function wrappedGit(script: string): Record<string, string> {
  const dir = tempDir();
  const path = process.env.PATH ?? "";
  writeFileSync(join(dir, "git"), `#!/bin/sh\n${script}\nPATH='${path}' exec git "$@"\n`);
  chmodSync(join(dir, "git"), 0o755);
  return { PATH: `${dir}:${path}` };
}

it("ends with 0 only when all was read", async () => {
  expect(await leaksweep(["git", story(clean)])).toMatchObject({ code: 0 });
});

it.each([
  ["staged", "dies at the first object", 'case "$*" in *"cat-file --batch "*|*"cat-file --batch") exit 70;; esac'],
  [
    "staged",
    "dies half-way",
    'case "$*" in *cat-file*--batch*--buffer*) PATH="$PATH" exec head -c 40 /dev/zero;; esac',
  ],
  ["git", "cannot list refs", 'case "$*" in *for-each-ref*) echo broken >&2; exit 128;; esac'],
])("%s never says clean when git %s", async (command, _what, script) => {
  const cwd = story(`${clean}; echo cleanest > a; git add a`);
  const { code, stdout, stderr } = await leaksweep([command], { cwd, env: wrappedGit(script) });
  expect([2, 3], stdout + stderr).toContain(code);
  expect(stderr).not.toContain("    at ");
});

it("reads objects without git", async () => {
  const never = wrappedGit('case "$*" in *"--batch --buffer"*|*batch-all-objects*) exit 70;; esac');
  expect(await leaksweep(["git", story(clean)], { env: never })).toMatchObject({ code: 0 });
});

it("says so when there is no git at all", async () => {
  const { code, stderr } = await leaksweep(["git", story(clean)], { env: { PATH: tempDir() } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/git/);
});

it("ends with 3 where history was cut off, with 0 where that was allowed", async () => {
  const dir = join(recipe("shallow"), "clone");
  const flags = ["--exit-code", "0", "git", dir];
  expect(await leaksweep(flags.slice(2))).toMatchObject({ code: 1 });
  expect(await leaksweep(["git", dir, "--exit-code", "0"])).toMatchObject({ code: 3 });
  expect(await leaksweep(["git", dir, "--exit-code", "0", "--allow-shallow"])).toMatchObject({ code: 0 });
});

it("ends with 3 where a promised object is absent, with 0 where that was allowed, and fetches nothing", async () => {
  const dir = join(recipe("partial"), "clone");
  expect(await leaksweep(["git", dir, "--exit-code", "0"])).toMatchObject({ code: 3 });
  expect(await leaksweep(["git", dir, "--exit-code", "0", "--allow-partial"])).toMatchObject({ code: 0 });
  expect(await leaksweep(["git", dir, "--exit-code", "0"])).toMatchObject({ code: 3 });
});

it("names what is missing by path", async () => {
  const { stdout } = await leaksweep(["scan", recipe("corrupt"), "-f", "json"]);
  const { complete, skips } = JSON.parse(stdout);
  expect(complete).toBe(false);
  expect(skips.map(({ path }: { path?: string }) => path)).toEqual(
    expect.arrayContaining(["missing.txt", "truncated.txt"]),
  );
});

it("reports what it found before a time limit, and that it is not all", async () => {
  const { code, stdout } = await leaksweep(["git", story(clean), "--timeout", "1ms"]);
  expect([2, 3]).toContain(code);
  expect(stdout).not.toMatch(/^Clean/m);
});

it("says which ref names an object that is not there", async () => {
  const dir = story(`${clean}; echo 0123456789012345678901234567890123456789 > .git/refs/heads/lost`);
  const { code, stdout } = await leaksweep(["git", dir, "-f", "json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout).skips).toEqual([
    expect.objectContaining({ reason: expect.stringContaining("refs/heads/lost") }),
  ]);
});

it("counts what the configuration leaves out of history", async () => {
  const dir = story(`
    git init -q -b main
    mkdir vendor; echo 'key=gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ' > vendor/a; commit one
    git rm -q vendor/a; echo 'exclude: [vendor]' > leaksweep.yml; commit two
  `);
  const { code, stdout } = await leaksweep(["git", dir, "-f", "json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).skips).toMatchObject([{ path: "vendor/a", by: "policy" }]);
});

it("reads a changed tracked file whose name is no UTF-8", async () => {
  const dir = story(`
    git init -q -b main
    name=$(printf 'a\\377b'); echo clean > "$name"; commit one
    echo 'key=gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ' > "$name"
  `);
  expect(await leaksweep(["scan", dir])).toMatchObject({ code: 1 });
});

it("says that the files of a submodule were not read when its .git file leads nowhere", async () => {
  const dir = join(recipe("submodule"), "main");
  writeFileSync(join(dir, "vendor/lib/.git"), "gitdir: /nonexistent\n");
  const { stdout } = await leaksweep(["scan", dir, "-f", "json"]);
  const { complete, skips } = JSON.parse(stdout);
  expect(complete).toBe(false);
  expect(skips).toEqual(expect.arrayContaining([expect.objectContaining({ path: "vendor/lib", by: "fault" })]));
});
