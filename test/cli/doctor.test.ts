/** What `leaksweep doctor` says of the place where it is run. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, story, tempDir, whole } from "../kit.ts";

/** Each check by its name: what it says, and on lines of their own what to do. */
async function checks(
  cwd: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; says: Map<string, string> }> {
  const { code, stdout } = await leaksweep(["doctor"], { cwd, env });
  const says = new Map<string, string>();
  let last = "";
  for (const line of stdout.trimEnd().split("\n")) {
    const name = line.slice(0, 15).trim();
    last = name || last;
    says.set(last, [says.get(last), line.slice(15)].filter(Boolean).join(" | "));
  }
  return { code, says };
}

describe("doctor", () => {
  it("says in a repository what would be scanned, and which hooks are missing", async () => {
    const dir = story("git init -q -b main; echo a > a; commit one; git tag v1; git tag v2");
    const { code, says } = await checks(dir);
    expect(code).toBe(0);
    expect(says.get("repository")).toMatch(/\(with a working tree, sha1\)$/);
    expect(says.get("scans")).toBe(
      "history of 4 refs (2 of them tags), reflogs and stashes, the index and the working tree",
    );
    expect(says.get("history")).toBe("whole");
    expect(says.get("pre-push")).toMatch(/^absent \| leaksweep hook install/);
    expect(says.get("config")).toBe("none: every rule, every path");
    expect(says.get("baseline")).toBe("none");
    expect(says.get("others' files")).toBe("none");
    expect(says.get("memory")).toMatch(/leaksweep$/);
  });

  it("has nothing to say of hooks that are installed, and counts what a baseline accepts", async () => {
    const dir = story("git init -q -b main; echo a > a; commit one");
    await leaksweep(["hook", "install"], { cwd: dir });
    writeFileSync(join(dir, "app.env"), `key=${whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ")}\n`);
    await leaksweep(["baseline", "create"], { cwd: dir });
    const { code, says } = await checks(dir);
    expect(code).toBe(0);
    expect(says.get("pre-push")).toBe("installed");
    expect(says.get("pre-commit")).toBe("installed");
    expect(says.get("baseline")).toBe(".leaksweep-baseline, 1 accepted");
  });

  it("says how a shallow and a partial clone become whole", async () => {
    const dir = story("git init -q -b main; echo a > a; commit one; echo b > a; commit two");
    const home = tempDir();
    sh(home, `git clone -q --depth 1 --filter=blob:none "file://${dir}" clone`);
    const { code, says } = await checks(join(home, "clone"));
    expect(code).toBe(0);
    expect(says.get("history")).toBe("shallow | Older commits are not here: git fetch --unshallow.");
    expect(says.get("objects")).toMatch(/^partial clone \| .*git fetch --refetch without a filter\.$/);
  });

  it("names the files of other scanners that are read as they are", async () => {
    const dir = story("git init -q -b main; echo a > a; commit one");
    writeFileSync(join(dir, ".gitleaksignore"), "");
    writeFileSync(join(dir, ".gitleaks.toml"), "");
    expect((await checks(dir)).says.get("others' files")).toBe(".gitleaks.toml, .gitleaksignore: read as they are");
  });

  it("works where no repository is", async () => {
    const { code, says } = await checks(tempDir());
    expect(code).toBe(0);
    expect(says.get("repository")).toBe("none here: files are read without any history");
    expect(says.has("pre-push")).toBe(false);
  });

  it("asks for the server's hook in a bare repository", async () => {
    const { says } = await checks(story("git init -q --bare"));
    expect([...says.keys()].filter((name) => name.startsWith("pre-"))).toEqual(["pre-receive"]);
  });

  it.each<[string, (dir: string) => void, string]>([
    ["a config that is wrong", (dir) => writeFileSync(join(dir, "leaksweep.yml"), "fail-on: never\n"), "config"],
    ["a baseline that is none", (dir) => writeFileSync(join(dir, ".leaksweep-baseline"), "what?\n"), "baseline"],
    [
      "a file of another scanner that is broken",
      (dir) => writeFileSync(join(dir, ".gitleaks.toml"), "[["),
      "others' files",
    ],
    [
      "a pattern of another scanner that cannot be compiled",
      (dir) => writeFileSync(join(dir, ".gitleaks.toml"), '[[rules]]\nid = "own"\nregex = "a(?=b"\n'),
      "others' files",
    ],
    [
      "rules that the config names and that are not there",
      (dir) => writeFileSync(join(dir, "leaksweep.yml"), "rules: { paths: [own] }\n"),
      "config",
    ],
  ])("ends with 2 for %s, and says what to do", async (_what, spoil, name) => {
    const dir = story("git init -q -b main; echo a > a; commit one");
    spoil(dir);
    const { code, says } = await checks(dir);
    expect(code).toBe(2);
    expect(says.get(name)).toMatch(/^Cannot .* \| ./);
  });

  it("says of files of other scanners whether they are read", async () => {
    const dir = story("git init -q -b main; echo a > a; echo 'a:b:1' > .gitleaksignore; commit one");
    expect((await checks(dir)).says.get("others' files")).toBe(".gitleaksignore: read as they are");
    writeFileSync(join(dir, "leaksweep.yml"), "foreign: false\n");
    writeFileSync(join(dir, ".gitleaks.toml"), "[[broken\n");
    const { code, says } = await checks(dir);
    expect({ code, says: says.get("others' files") }).toEqual({
      code: 0,
      says: 'not read: leaksweep.yml says "foreign: false"',
    });
  });

  it("ends with 2 where there is no git", async () => {
    const bin = tempDir();
    mkdirSync(join(bin, "empty"));
    writeFileSync(join(bin, "empty/git"), "#!/bin/sh\nexit 127\n");
    chmodSync(join(bin, "empty/git"), 0o755);
    const { code, says } = await checks(tempDir(), { PATH: join(bin, "empty") });
    expect(code).toBe(2);
    expect(says.get("git")).toMatch(/^Cannot /);
  });
});
