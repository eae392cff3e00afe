import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openGit, printable } from "../../src/git/git.ts";
import { sh, story, tempDir } from "../kit.ts";

const repo = (): { dir: string; gitDir: string } => {
  const dir = story("git init -q -b main .\nseq 1 200000 > numbers\ncommit Numbers");
  return { dir, gitDir: join(dir, ".git") };
};

it("gives a command's whole output", async () => {
  const { dir, gitDir } = repo();
  expect(await openGit({ gitDir }).run(["rev-parse", "HEAD"])).toBe(`${sh(dir, "git rev-parse HEAD")}\n`);
});

it("gives output in parts that add up, however slowly they are taken", async () => {
  let length = 0;
  for await (const part of openGit({ gitDir: repo().gitDir }).stream(["cat-file", "blob", "HEAD:numbers"])) {
    length += part.length;
    await new Promise((done) => setTimeout(done, 1));
  }
  expect(length).toBe(1_288_895);
});

it("writes input from any iterable", async () => {
  async function* lines(): AsyncGenerator<string> {
    yield "HEAD\n";
    yield "HEAD:numbers\n";
  }
  const git = openGit({ gitDir: repo().gitDir });
  expect(await git.run(["cat-file", "--batch-check=%(objecttype)"], { input: lines() })).toBe("commit\nblob\n");
});

it("passes on what goes wrong in its input", async () => {
  function* broken(): Generator<string> {
    yield "HEAD\n";
    throw new Error("no more ids");
  }
  const git = openGit({ gitDir: repo().gitDir });
  await expect(git.run(["cat-file", "--batch-check"], { input: broken() })).rejects.toThrow("no more ids");
});

it("bears a git that stops reading its input", async () => {
  const git = openGit({ gitDir: repo().gitDir });
  const input = Array.from({ length: 1000 }, () => "x".repeat(10_000));
  expect(await git.run(["rev-parse", "--git-dir"], { input })).not.toBe("");
});

describe("a git that fails", () => {
  it("is an error with git's last words, once its output has been taken", async () => {
    const git = openGit({ gitDir: repo().gitDir });
    const failure = git.run(["cat-file", "blob", "HEAD:absent"]);
    await expect(failure).rejects.toMatchObject({ code: "git.failed" });
    await expect(failure).rejects.toThrow('Cannot run "git cat-file": fatal: path');
  });

  it("is none where its exit code was expected", async () => {
    const git = openGit({ gitDir: repo().gitDir });
    expect(await git.run(["rev-parse", "--quiet", "--verify", "absent"], { okCodes: [0, 1] })).toBe("");
  });

  it("shows neither passwords nor control characters", async () => {
    const git = openGit({ gitDir: repo().gitDir });
    const failure = git.run(["rev-parse", "--verify", "https://ann:hush@host/\x1b[31m"]);
    await expect(failure).rejects.toThrow(/^[ -~]*$/);
    await expect(failure).rejects.not.toThrow("hush");
  });
});

it("makes any line printable", () => {
  expect(printable("fatal: https://u:p@h/x \x1b]0;\x07\u202e\x00")).toBe(
    "fatal: https://…@h/x \\x1b]0;\\x07\\u202e\\x00",
  );
  expect(printable("x".repeat(1000))).toHaveLength(500);
});

it("hands on complaints even when git ends well", async () => {
  const { gitDir } = repo();
  mkdirSync(join(gitDir, "objects/info"), { recursive: true });
  writeFileSync(join(gitDir, "objects/info/alternates"), "/nowhere/at/all\n");
  const said: string[] = [];
  await openGit({ gitDir }).run(["cat-file", "-t", "HEAD"], { onComplaint: (line) => said.push(line) });
  expect(said.join()).toContain("/nowhere/at/all");
});

it("ends git when the loop over its output is left", async () => {
  const git = openGit({ gitDir: repo().gitDir });
  const list = ["cat-file", "--batch-all-objects", "--batch", "--buffer"];
  for await (const part of git.stream(list)) if (part.length > 0) break;
  expect(sh("/", "ps -o args= --ppid $PPID")).not.toContain("cat-file");
});

describe("a signal", () => {
  it("ends git and throws its reason", async () => {
    const stop = new AbortController();
    const git = openGit({ gitDir: repo().gitDir });
    const reading = async (): Promise<void> => {
      for await (const _ of git.stream(["cat-file", "blob", "HEAD:numbers"], { signal: stop.signal })) stop.abort();
    };
    await expect(reading()).rejects.toMatchObject({ name: "AbortError" });
  });

  it("ends a git that waits for input which never comes", async () => {
    async function* endless(): AsyncGenerator<string> {
      yield "HEAD\n";
      await new Promise(() => {});
    }
    const signal = AbortSignal.timeout(100);
    const git = openGit({ gitDir: repo().gitDir });
    const waiting = git.run(["cat-file", "--batch-check"], { input: endless(), signal });
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("that came before keeps git from being started", async () => {
    const git = openGit({ gitDir: "/nonexistent" }, { signal: AbortSignal.abort() });
    await expect(git.run(["version"])).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("the version", () => {
  const fake = (script: string): void => {
    const dir = tempDir();
    writeFileSync(join(dir, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    vi.stubEnv("PATH", dir);
  };

  it("is that of the git on PATH", async () => {
    const { major, minor, patch } = await openGit().version();
    expect(sh("/", "git version")).toContain(`${major}.${minor}.${patch}`);
  });

  it.each([
    ["git version 2.31.0.windows.1", { major: 2, minor: 31, patch: 0 }],
    ["git version 2.50.rc1", { major: 2, minor: 50, patch: 0 }],
    ["git version 3.0.2 (Apple Git-200)", { major: 3, minor: 0, patch: 2 }],
  ])("can be read from %j", async (text, version) => {
    fake(`echo "${text}"`);
    expect(await openGit().version()).toEqual(version);
    vi.unstubAllEnvs();
  });

  it("of an old git is refused by name", async () => {
    fake('echo "git version 2.30.9"');
    await expect(openGit().version()).rejects.toMatchObject({
      code: "git.too-old",
      message: "Cannot use git 2.30.9: 2.31 is the oldest that will do",
    });
    vi.unstubAllEnvs();
  });

  it("of no git at all is an error of its own", async () => {
    vi.stubEnv("PATH", tempDir());
    await expect(openGit().version()).rejects.toMatchObject({ code: "git.missing" });
    vi.unstubAllEnvs();
  });
});

it("starts no git anywhere but at the root", async () => {
  const { dir, gitDir } = repo();
  const log = join(tempDir(), "cwd");
  sh(dir, `git config alias.where '!pwd > ${log}'`);
  await openGit({ gitDir }).run(["where"]);
  expect(readFileSync(log, "utf8")).toBe("/\n");
});
