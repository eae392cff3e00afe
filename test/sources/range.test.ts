import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/git/repository.ts";
import { HistorySource, storeOf } from "../../src/sources/history.ts";
import type { Selection } from "../../src/sources/selection.ts";
import { sh, story } from "../kit.ts";
import { traceToy } from "./toy-engine.ts";

interface Read {
  /** Letters of the secrets that the range brought in. */
  readonly brought: string[];
  /** `fault …` or `policy …`, with the path or name of what is amiss. */
  readonly skips: string[];
}

type Range = Omit<Selection & { kind: "range" }, "kind">;

/** What a range scan of the repository at `dir` says. */
async function read(dir: string, range: Range, { allow = false } = {}): Promise<Read> {
  const repository = await openRepository(dir);
  if (!repository) throw new Error("no repository");
  const selection = { kind: "range", ...range } as const;
  const source = new HistorySource(repository, storeOf(repository), {
    selection,
    allowShallow: allow,
    allowPartial: allow,
  });
  const { traced, name, skips } = await traceToy(source);
  const spell = ({ by, path, blob, commit, reason }: (typeof traced.skips)[number]): string =>
    `${by} ${path ?? (blob === undefined ? sh(dir, `git log -1 --format=%s ${commit}`) : "object")} ${reason.split(":")[0]}`;
  return { brought: [...traced.marks.keys()].map(name).sort(), skips: (skips as typeof traced.skips).map(spell) };
}

/** Takes a loose object away. */
const lose = (revision: string): string =>
  `id=$(git rev-parse ${revision}); rm -f ".git/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)"`;

const damaged = (lost: string): string =>
  story(`
    git init -q -b main
    mkdir d; echo one > old; echo two > d/keep; commit base; git tag base
    echo three > new; echo four > d/new; commit work
    ${lose(lost)}
  `);

describe("a range with something missing", () => {
  it.each([
    ["HEAD:new", ["fault new is missing"]],
    ["HEAD:d/new", ["fault d/new is missing"]],
    ["HEAD:d", ["fault d is missing"]],
    ["HEAD^{tree}", ["fault object is missing"]],
    ["base:old", []],
    ["base:d/keep", []], // the range stands on it, and did not bring it
  ])("says so when it is %s", async (lost, skips) => {
    expect((await read(damaged(lost), { range: "base..HEAD" })).skips).toEqual(skips);
  });

  it("is what a partial clone promised, by policy when that is allowed", async () => {
    const dir = damaged("HEAD:new");
    sh(dir, "git config remote.origin.url x; git config remote.origin.promisor true");
    const range = { range: "base..HEAD" };
    expect((await read(dir, range)).skips).toEqual(["fault new a partial clone"]);
    expect((await read(dir, range, { allow: true })).skips).toEqual(["policy new a partial clone"]);
  });

  it("says so when the history of a shallow clone ends inside it", async () => {
    const dir = story(`
      git init -q -b main full
      cd full; for n in 1 2 3; do echo $n > f; commit $n; done; cd ..
      git clone -q --depth 2 "file://$PWD/full" cut
    `);
    const cut = `${dir}/cut`;
    expect((await read(cut, { since: "2020-01-01" })).skips).toEqual(["fault 2 the clone is shallow"]);
    expect((await read(cut, { since: "2020-01-01" }, { allow: true })).skips).toEqual([
      "policy 2 the clone is shallow",
    ]);
    expect((await read(cut, { range: "HEAD~1..HEAD" })).skips).toEqual([]);
  });
});

describe("what a range brings in", () => {
  it("is found below a commit with a wrong clock", async () => {
    const dir = story(`
      git init -q -b main
      echo one > a; commit base
      at 2024-06-01T12:00:00+00:00; echo secret-a > a; commit add
      at 2020-01-01T12:00:00+00:00; echo two > b; commit skewed
      at 2024-06-03T12:00:00+00:00; echo secret-c > c; commit more
    `);
    expect((await read(dir, { since: "2024-05-01" })).brought).toEqual(["a", "c"]);
  });

  it.each([
    ["with an edit", "git rm -q old; echo edited secret-a > new; commit move"],
    ["with an edit, away and back", "git mv old new; echo edited >> new; commit move; git mv new old; commit back"],
    [
      "with an edit, after a commit that left it",
      "touch x; commit x; git rm -q old; echo edited secret-a > n; commit m",
    ],
    ["with an edit, into two folders", "mkdir p q; git rm -q old; echo 1 secret-a | tee p/n > q/n; commit m"],
    ["in a folder", "git mv d e; echo edited >> e/f; commit move"],
    [
      "in a folder that is gone later",
      "mkdir e; echo edited secret-b > e/f; touch x; commit copy; git rm -rq d; commit rm",
    ],
    [
      "by taking an old version up again",
      "git checkout -q base~1 -- .; commit back; git checkout -q base -- .; commit on",
    ],
  ])("is not a secret that moves %s", async (_, change) => {
    const dir = story(`
      git init -q -b main
      mkdir d; echo secret-a > old; echo secret-b > d/f; commit start
      echo more secret-a > old; commit base; git tag base
      ${change}
    `);
    expect((await read(dir, { range: "base..HEAD" })).brought).toEqual([]);
  });

  it("is not a name that was there before", async () => {
    const dir = story(`
      git init -q -b main
      echo 1 > secret-a; commit base
      echo 2 > b; echo 1 > secret-b; commit work
    `);
    expect((await read(dir, { range: "HEAD~1..HEAD" })).brought).toEqual(["b"]);
  });

  it("includes the message of an annotated tag that the range names", async () => {
    const dir = story(`
      git init -q -b main
      echo 1 > f; commit base; git tag -a -m 'secret-z' v0
      echo 2 > f; commit work; git tag -a -m 'secret-t' v1; git tag -a -m 'secret-u' v2 v1 2>/dev/null
    `);
    expect((await read(dir, { range: "v0..v1" })).brought).toEqual(["t"]);
    expect((await read(dir, { range: "v0..v2" })).brought).toEqual(["t", "u"]);
    expect((await read(dir, { range: "v0..HEAD" })).brought).toEqual([]);
  });

  it("is nothing when the range is empty", async () => {
    const dir = story("git init -q -b main; echo secret-a > f; commit base");
    expect(await read(dir, { range: "HEAD..HEAD" })).toEqual({ brought: [], skips: [] });
    expect(await read(dir, { since: "2099-01-01" })).toEqual({ brought: [], skips: [] });
    await expect(read(dir, { range: "nowhere..HEAD" })).rejects.toMatchObject({ code: "usage.invalid" });
  });

  it("is still said when a parent is not here", async () => {
    const dir = story(`
      git init -q -b main full
      cd full; echo 1 > f; commit base; echo secret-a > f; commit work; cd ..
      git clone -q --depth 1 "file://$PWD/full" cut
    `);
    expect((await read(`${dir}/cut`, { range: "HEAD" })).brought).toEqual(["a"]);
  });
});
