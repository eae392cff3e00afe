import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveRange } from "../../src/git/range.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { sh, story } from "../kit.ts";

/** main: A-B-D(merge of B and C)-E, side: A-C, release/1: B; each commit is a tag, a day apart from 2024-01-01 on. */
const shape = `
  git init -q -b main .
  tick() { at "2024-01-0$1T12:00:00+00:00"; }
  mark() { echo "$1" > "$1"; commit "$1"; git tag "$1"; }
  tick 1; mark A
  tick 2; mark B
  git branch release/1
  git checkout -q -b side A
  tick 3; mark C
  git checkout -q main
  tick 4; git merge -q --no-ff -m D side; git tag D
  tick 5; mark E
`;

async function open(dir: string): Promise<Repository> {
  const found = await openRepository(dir);
  if (!found) expect.fail(`no repository at ${dir}`);
  return found;
}

/** The chosen commits by the letters of their tags. */
async function letters(options: Parameters<typeof resolveRange>[1]): Promise<{ commits: string; boundary: string }> {
  const dir = story(shape);
  const tags = sh(dir, "git for-each-ref --format='%(objectname) %(refname:short)' refs/tags").split("\n");
  const names = new Map(tags.map((line) => [line.slice(0, 40), line.slice(41)]));
  const { commits, boundary } = await resolveRange(await open(dir), options);
  const spell = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? "?").join("");
  return { commits: spell(commits), boundary: [...spell(boundary)].sort().join("") };
}

describe("a range", () => {
  it.each([
    [{}, "EDCBA", ""],
    [{ range: "B..D" }, "DC", "AB"],
    [{ range: "D~1" }, "BA", ""],
    [{ range: "E ^D" }, "E", "D"],
    [{ range: "B...C" }, "CB", "A"],
    [{ range: "main~1..main" }, "E", "D"],
    [{ branch: "side" }, "CA", ""],
    [{ branch: "rel*/*" }, "BA", ""],
    [{ since: "D" }, "E", "D"],
    [{ since: "2024-01-04" }, "ED", "BC"],
    [{ since: "2024-01-04", branch: "side" }, "", ""],
    [{ range: "main", since: "B" }, "EDC", "AB"],
    [{ range: "E..B" }, "", ""],
  ])("%j is %s after %s", async (options, commits, boundary) => {
    expect(await letters(options)).toEqual({ commits, boundary });
  });

  it("by date does not stop at a commit with a wrong clock", async () => {
    const dir = story(`${shape}
      at 2020-01-01T12:00:00+00:00; mark F
      tick 7; mark G`);
    const { commits } = await resolveRange(await open(dir), { since: "2024-01-05" });
    expect(commits).toEqual(["G", "E"].map((tag) => sh(dir, `git rev-parse ${tag}`)));
  });

  it("does not stand on an old commit that comes after a chosen one", async () => {
    const dir = story(`${shape}
      at 2020-01-01T12:00:00+00:00; mark F
      tick 7; mark G`);
    const { boundary } = await resolveRange(await open(dir), { since: "2024-01-05" });
    expect(boundary).toEqual([sh(dir, "git rev-parse D")]);
  });

  it("names its annotated tags, down to the last", async () => {
    const dir = story(`${shape} git tag -a -m v1 v1; git tag -a -m v2 v2 v1 2>&1; git tag -a -m v0 v0 A`);
    const { tags } = await resolveRange(await open(dir), { range: "v0..v2" });
    expect([...tags].sort()).toEqual(sh(dir, "git rev-parse v1 v2").split("\n").sort());
  });

  it("takes more branches than a command line has room for", async () => {
    const dir = story(`
      git init -q -b main .
      seq 60000 | awk '{ print "commit refs/heads/main\\ncommitter A <a@b> " $1 " +0000\\ndata 0\\n" }' | git fast-import --quiet
      git rev-list main | awk '{ print $1 " refs/heads/b" NR }' > .git/packed-refs`);
    expect((await resolveRange(await open(dir), { branch: "b*" })).commits).toHaveLength(60_000);
  }, 60_000);

  it("is empty in a repository without commits", async () => {
    const repo = await open(story("git init -q ."));
    expect(await resolveRange(repo, {})).toEqual({ commits: [], boundary: [], tags: [] });
  });

  it.each([
    [{ range: "nowhere..main" }, 'Cannot resolve range "nowhere..main": it names nothing in this repository'],
    [{ range: "--output=pwned" }, "Cannot resolve range"],
    [{ range: "main --output=pwned" }, "Cannot resolve range"],
    [{ range: "A" + ".txt" }, "Cannot resolve range"],
    [{ range: " " }, "Cannot resolve range"],
    [{ since: "--output=pwned" }, "Cannot resolve start"],
    [{ since: "the day before" }, "Cannot resolve start"],
    [{ branch: "no-such" }, 'Cannot resolve branch "no-such"'],
    [{ branch: "--output=pwned" }, "Cannot resolve branch"],
  ])("%j names nothing", async (options, message) => {
    const dir = story(shape);
    const failure = resolveRange(await open(dir), options);
    await expect(failure).rejects.toMatchObject({ code: "usage.invalid", message: expect.stringContaining(message) });
    expect(existsSync(join(dir, "pwned")) || existsSync("pwned") || existsSync("/pwned")).toBe(false);
  });

  it("takes refs that begin with a dash by their full name", async () => {
    const dir = story(`${shape} git update-ref refs/heads/--all B`);
    const { commits } = await resolveRange(await open(dir), { range: "refs/heads/--all" });
    expect(commits).toHaveLength(2);
    expect((await resolveRange(await open(dir), { branch: "--all" })).commits).toEqual(commits);
  });
});
