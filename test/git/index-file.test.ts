import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readIndex, untracked } from "../../src/git/index-file.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { recipe, sh, story } from "../kit.ts";

async function open(dir: string): Promise<Repository> {
  const found = await openRepository(dir);
  if (!found) expect.fail(`no repository at ${dir}`);
  return found;
}

describe("the index", () => {
  it("has each entry with its id, mode and stage, whatever its name", async () => {
    const dir = story(`
      git init -q -b main .
      echo plain > plain
      echo run > run; chmod +x run
      ln -s plain link
      echo dash > ./--dash
      printf x > "$(printf 'tab\\tline\\nend')"
      echo x > näme
      git add -A ./
      git update-index --add --cacheinfo 160000,${"1".repeat(40)},sub`);
    const entries = await readIndex(await open(dir));
    expect(entries.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
      ["--dash", "100644"],
      ["link", "120000"],
      ["näme", "100644"],
      ["plain", "100644"],
      ["run", "100755"],
      ["sub", "160000"],
      ["tab\tline\nend", "100644"],
    ]);
    expect(entries.find(({ path }) => path === "plain")).toEqual({
      path: "plain",
      bytes: Buffer.from("plain"),
      oid: sh(dir, "git rev-parse :plain"),
      mode: 0o100644,
      stage: 0,
    });
  });

  it("has the sides of a conflict as stages", async () => {
    const dir = story(`
      git init -q -b main .
      echo base > f; commit Base
      git checkout -q -b side; echo side > f; commit Side
      git checkout -q main; echo main > f; commit Main
      git merge -q side > /dev/null 2>&1 || true`);
    expect((await readIndex(await open(dir))).map(({ stage }) => stage)).toEqual([1, 2, 3]);
  });

  it("can be another file", async () => {
    const dir = story("git init -q .\necho a > a\necho b > b\ngit add a\nGIT_INDEX_FILE=.git/other git add b");
    const repo = await open(dir);
    expect((await readIndex(repo)).map(({ path }) => path)).toEqual(["a"]);
    expect((await readIndex(repo, { indexFile: join(dir, ".git/other") })).map(({ path }) => path)).toEqual(["b"]);
    expect(await readIndex(repo, { indexFile: join(dir, ".git/absent") })).toEqual([]);
  });

  it("of another work tree is read through that work tree", async () => {
    const dir = recipe("worktree");
    const [linked] = await (await open(join(dir, "main"))).worktrees();
    expect(linked && (await readIndex(linked)).map(({ path }) => path)).toEqual([
      "draft.env",
      "main.env",
      "staged.env",
    ]);
  });

  it("of a bare repository is empty, and there is nothing untracked in it", async () => {
    const repo = await open(join(recipe("bare"), "bare.git"));
    expect(await readIndex(repo)).toEqual([]);
    expect(await untracked(repo, { ignored: true })).toEqual([]);
  });

  it("that is broken is an error", async () => {
    const repo = await open(story("git init -q .\necho broken > .git/index"));
    await expect(readIndex(repo)).rejects.toMatchObject({ code: "git.failed" });
  });
});

describe("untracked files", () => {
  const files = `
    git init -q -b main .
    printf '*.log\\nout/\\n' > .gitignore
    commit Ignore
    mkdir -p out deep/er nested
    touch a.log out/made deep/er/new -- --dash
    printf x > "$(printf 'b\\377')"
    (cd nested && git init -q && touch inner)`;
  const paths = async (ignored: boolean): Promise<string[]> =>
    (await untracked(await open(story(files)), { ignored })).map(({ path }) => path);

  it("are those that git does not ignore, and another repository as a folder", async () => {
    expect(await paths(false)).toEqual(["--dash", "b\ufffd", "deep/er/new", "nested/"]);
  });

  it("are all of them when ignored ones are wanted", async () => {
    expect(await paths(true)).toEqual(["--dash", "a.log", "b\ufffd", "deep/er/new", "nested/", "out/made"]);
  });

  it("carry their names as bytes", async () => {
    const found = await untracked(await open(story(files)), { ignored: false });
    expect(found[1]?.bytes).toEqual(Buffer.from([0x62, 0xff]));
  });

  it("are found from a folder inside the work tree, too", async () => {
    const repo = await open(join(story(files), "deep"));
    expect(await untracked(repo, { ignored: false })).toHaveLength(4);
  });
});
