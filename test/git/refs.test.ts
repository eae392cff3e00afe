import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPseudoRefs, readReflogs, readRefs, shallowCommits } from "../../src/git/refs.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { recipe, sh, story } from "../kit.ts";

async function open(path: string): Promise<Repository> {
  const found = await openRepository(path);
  if (!found) expect.fail(`no repository at ${path}`);
  return found;
}

const base = "git init -q -b main .\necho x > x\ncommit X\n";
const rev = (dir: string, name: string): string => sh(dir, `git rev-parse '${name}'`);

describe("refs", () => {
  it("are those of all namespaces and HEAD, tags with what they lead to", async () => {
    const dir = recipe("tags");
    sh(dir, "git update-ref refs/odd/namespace HEAD; git update-ref refs/pull/7/head HEAD");
    const head = rev(dir, "HEAD");
    const tag = (name: string) => ({
      name: `refs/tags/${name}`,
      oid: rev(dir, name),
      peeled: rev(dir, `${name}^{}`),
    });
    expect(await readRefs(await open(dir))).toEqual([
      { name: "refs/heads/main", oid: head },
      { name: "refs/odd/namespace", oid: head },
      { name: "refs/pull/7/head", oid: head },
      tag("key"),
      { name: "refs/tags/light", oid: rev(dir, "light") },
      tag("tree"),
      tag("v1"),
      tag("v1-signed"),
      { name: "HEAD", oid: head },
    ]);
  });

  it("include the detached HEADs and own refs of other work trees", async () => {
    const dir = recipe("worktree");
    sh(join(dir, "linked"), "git update-ref refs/bisect/bad HEAD");
    const detached = rev(join(dir, "linked"), "HEAD");
    const refs = await readRefs(await open(join(dir, "main")));
    expect(refs).toContainEqual({ name: "worktrees/linked/HEAD", oid: detached });
    expect(refs).toContainEqual({ name: "worktrees/linked/refs/bisect/bad", oid: detached });
    const seen = (await readRefs(await open(join(dir, "linked")))).map(({ name }) => name);
    expect(seen).toEqual(expect.arrayContaining(["HEAD", "main-worktree/HEAD", "refs/bisect/bad"]));
  });

  it("are none in an empty repository", async () => {
    expect(await readRefs(await open(recipe("empty")))).toEqual([]);
  });

  it("are read although objects behind them are missing or broken", async () => {
    const dir = story(`${base}git tag -a -m Tag v1\necho ${"1".repeat(40)} > .git/refs/heads/lost`);
    const tag = rev(dir, "v1");
    sh(dir, `rm .git/objects/${tag.slice(0, 2)}/${tag.slice(2)}`);
    expect(await readRefs(await open(dir))).toEqual([
      { name: "refs/heads/lost", oid: "1".repeat(40) },
      { name: "refs/heads/main", oid: rev(dir, "main") },
      { name: "refs/tags/v1", oid: tag },
      { name: "HEAD", oid: rev(dir, "main") },
    ]);
  });

  it("keep names that look like options, commands or other alphabets", async () => {
    const names = ["refs/heads/-x", "refs/heads/--output=pwned", "refs/heads/$(id>pwned)", "refs/heads/näme"];
    const dir = story(base);
    for (const name of names) sh(dir, `git update-ref '${name}' HEAD`);
    const read = (await readRefs(await open(dir))).map(({ name }) => name);
    expect(read).toEqual(expect.arrayContaining(names));
    expect(existsSync(join(dir, "pwned"))).toBe(false);
  });
});

describe("reflogs", () => {
  it("give every entry, newest first, as git counts them", async () => {
    const dir = recipe("reflog");
    const log = (await readReflogs(await open(dir))).filter(({ ref }) => ref === "HEAD");
    expect(log.map(({ oid }) => oid).join("\n")).toBe(sh(dir, "git reflog show --format=%H HEAD"));
    expect(log.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(log.at(0)).toMatchObject({ message: "commit (amend): Amended", previous: log[1]?.oid });
    expect(log.at(-1)).not.toHaveProperty("previous");
  });

  it("give all stashes", async () => {
    const dir = recipe("stash");
    const stashes = (await readReflogs(await open(dir))).filter(({ ref }) => ref === "refs/stash");
    expect(stashes.map(({ oid }) => oid)).toEqual([rev(dir, "stash@{0}"), rev(dir, "stash@{1}")]);
  });

  it("of other work trees are told apart by name", async () => {
    const dir = recipe("worktree");
    const refs = (path: string) => open(path).then(readReflogs);
    const fromMain = new Set((await refs(join(dir, "main"))).map(({ ref }) => ref));
    expect(fromMain).toEqual(new Set(["HEAD", "refs/heads/main", "worktrees/linked/HEAD"]));
    const fromLinked = new Set((await refs(join(dir, "linked"))).map(({ ref }) => ref));
    expect(fromLinked).toEqual(new Set(["HEAD", "refs/heads/main", "main-worktree/HEAD"]));
  });

  it("pass over lines and files that are none", async () => {
    const dir = story(`${base}echo broken >> .git/logs/HEAD\nmkfifo .git/logs/pipe\nln -s /dev/zero .git/logs/zero`);
    expect((await readReflogs(await open(dir))).map(({ ref }) => ref)).toEqual(["HEAD", "refs/heads/main"]);
  });
});

it("what operations left behind is found, with each id in it", async () => {
  const dir = story(`${base}
    git checkout -q -b side; echo side > x; commit Side
    git checkout -q main; echo main > x; commit Main
    git merge -q side > /dev/null 2>&1 || true
    git fetch -q . side main
    printf 'text\\n' > .git/COMMIT_EDITMSG`);
  const [main, side] = [rev(dir, "main"), rev(dir, "side")];
  const found = (await readPseudoRefs(await open(dir))).map(({ name, oid }) => `${name} ${oid}`);
  expect(found).toEqual(
    expect.arrayContaining([`FETCH_HEAD ${side}`, `FETCH_HEAD ${main}`, `MERGE_HEAD ${side}`, `ORIG_HEAD ${main}`]),
  );
  expect(found.some((line) => line.includes("MSG"))).toBe(false);
});

it("a stopped rebase shows where it came from and what it holds, also in another work tree", async () => {
  const dir = recipe("worktree");
  const linked = join(dir, "linked");
  sh(linked, "git stash -q -u; echo other > main.env; commit Other; git reset -q --hard HEAD~1");
  sh(linked, "echo mine > main.env; commit Mine; git rebase -q HEAD@{2} > /dev/null 2>&1 || true");
  const names = (await readPseudoRefs(await open(join(dir, "main")))).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["worktrees/linked/rebase-merge/orig-head", "worktrees/linked/ORIG_HEAD"]),
  );
});

it("a shallow clone names the commits at which it was cut", async () => {
  const dir = join(recipe("shallow"), "clone");
  expect(await shallowCommits(await open(dir))).toEqual([rev(dir, "HEAD~1")]);
  expect(await shallowCommits(await open(story(base)))).toEqual([]);
});
