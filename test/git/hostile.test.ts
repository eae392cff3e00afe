/** Everything that the room exports, run on a repository and in an environment that want to run programs. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { catFileStore } from "../../src/git/cat-file.ts";
import { clone } from "../../src/git/clone.ts";
import { readIndex, untracked } from "../../src/git/index-file.ts";
import { resolveRange } from "../../src/git/range.ts";
import { readPseudoRefs, readReflogs, readRefs, shallowCommits } from "../../src/git/refs.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { recipe, sh, story, tempDir } from "../kit.ts";
import { allIds, type Kept, readAll } from "./object-store.contract.ts";

async function open(dir: string): Promise<Repository> {
  const found = await openRepository(dir);
  if (!found) expect.fail(`no repository at ${dir}`);
  return found;
}

const actions: Readonly<Record<string, (repo: Repository) => Promise<unknown>>> = {
  version: (repo) => repo.git.version(),
  remotes: async (repo) => repo.remotes(),
  submodules: (repo) => repo.submodules(),
  worktrees: (repo) => repo.worktrees(),
  inventory: (repo) => allIds(catFileStore(repo.git, { idBytes: 20 })),
  objects: async (repo) => {
    const store = catFileStore(repo.git, { idBytes: 20 });
    return readAll(store, [...(await allIds(store)), "0".repeat(39).concat("1")]);
  },
  refs: readRefs,
  reflogs: readReflogs,
  "pseudo refs": readPseudoRefs,
  "shallow commits": shallowCommits,
  "a range": (repo) => resolveRange(repo, { range: "HEAD~1..HEAD" }),
  "a branch": (repo) => resolveRange(repo, { branch: "-*" }),
  "a date": (repo) => resolveRange(repo, { since: "2024-01-02" }),
  index: (repo) => readIndex(repo),
  "untracked files": (repo) => untracked(repo, { ignored: true }),
  "other files": (repo) => untracked(repo, { ignored: false }),
};

describe("a hostile repository", () => {
  it.each(Object.keys(actions))("runs nothing and writes nothing: %s", async (action) => {
    const dir = recipe("hostile");
    const before = sh(dir, "find . -type f | sort");
    await actions[action]?.(await open(dir));
    expect(existsSync(join(dir, "pwned"))).toBe(false);
    expect(sh(dir, "find . -type f | sort")).toBe(before);
  });

  it("is really hostile to those who trust it", () => {
    const dir = recipe("hostile");
    sh(dir, "git --work-tree=. status > /dev/null 2>&1 || true");
    expect(existsSync(join(dir, "pwned"))).toBe(true);
  });

  it("runs nothing when it is cloned", async () => {
    const dir = recipe("hostile");
    sh(dir, "rm .git/info/grafts"); // git itself sends too little from a repository with grafts
    await clone(`file://${dir}`, join(tempDir(), "clone"));
    expect(existsSync(join(dir, "pwned"))).toBe(false);
  });

  it("is read as it is, not as its replacements, grafts and settings would have it", async () => {
    const dir = recipe("hostile");
    const repo = await open(dir);
    const { commits } = await resolveRange(repo, { range: "refs/heads/main" });
    expect(commits).toHaveLength(3);
    expect((await untracked(repo, { ignored: false })).map(({ path }) => path)).toEqual(["untracked.env"]);
    expect((await readIndex(repo)).map(({ path }) => path)).toEqual(["--output=pwned", ".gitattributes", "app.env"]);
    const store = catFileStore(repo.git, { idBytes: 20 });
    const [head] = commits;
    const [answer]: Kept[] = await readAll(store, head === undefined ? [] : [head]);
    expect(answer).toMatchObject({ bytes: expect.stringContaining("\n\nThird\n") });
  });
});

describe("the environment of whoever starts us", () => {
  const marks = { dir: "" };
  beforeEach(() => {
    marks.dir = tempDir();
    const elsewhere = story("git init -q -b main .\necho wrong > wrong\ncommit Wrong");
    const evil = join(marks.dir, "evil");
    sh(marks.dir, `printf '#!/bin/sh\\ntouch ${marks.dir}/pwned\\n' > evil; chmod +x evil`);
    for (const [name, value] of Object.entries({
      GIT_DIR: join(elsewhere, ".git"),
      GIT_WORK_TREE: elsewhere,
      GIT_COMMON_DIR: join(elsewhere, ".git"),
      GIT_INDEX_FILE: join(elsewhere, ".git/index"),
      GIT_OBJECT_DIRECTORY: join(elsewhere, ".git/objects"),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(elsewhere, ".git/objects"),
      GIT_NAMESPACE: "other",
      GIT_SHALLOW_FILE: join(elsewhere, "wrong"),
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: evil,
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${evil}'`,
      GIT_EXTERNAL_DIFF: evil,
      GIT_PAGER: evil,
      GIT_SSH_COMMAND: evil,
      GIT_ASKPASS: evil,
      GIT_EDITOR: evil,
      GIT_EXEC_PATH: marks.dir,
      GIT_TRACE: join(marks.dir, "trace"),
      GIT_TRACE2: join(marks.dir, "trace2"),
      GIT_TRACE_SETUP: join(marks.dir, "setup"),
    })) {
      vi.stubEnv(name, value);
    }
    return () => vi.unstubAllEnvs();
  });

  it.each(Object.keys(actions))("bends nothing and is written to by nobody: %s", async (action) => {
    const dir = recipe("reflog");
    sh(dir, "git branch ./-x 2> /dev/null || git update-ref refs/heads/-x HEAD");
    const bent = await actions[action]?.(await open(dir));
    vi.unstubAllEnvs();
    expect(bent).toEqual(await actions[action]?.(await open(dir)));
    expect(readdirSync(marks.dir)).toEqual(["evil"]);
  });

  it("bends no clone", async () => {
    const target = join(tempDir(), "clone");
    await clone(`file://${recipe("tags")}`, target);
    expect((await readRefs(await open(target))).map(({ name }) => name)).toContain("refs/tags/v1");
    expect(readdirSync(marks.dir)).toEqual(["evil"]);
  });
});

it("an include of a device or a folder of devices is not followed by us", async () => {
  const dir = story("git init -q -b main .\necho x > x\ncommit X\ngit config include.path /absent/file");
  expect((await open(dir)).config).toContainEqual({ key: "include.path", value: "/absent/file" });
  expect(await readRefs(await open(dir))).toHaveLength(2);
});

it("an alternate that points nowhere is named and costs nothing else", async () => {
  const dir = story("git init -q -b main .\necho x > x\ncommit X\necho /absent/objects > .git/objects/info/alternates");
  const repo = await open(dir);
  const inventory = await catFileStore(repo.git, { idBytes: 20 }).inventory(new AbortController().signal);
  expect(inventory.count).toBe(3);
  expect(inventory.complaints.join()).toContain("/absent/objects");
});
