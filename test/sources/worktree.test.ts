import { expect, it } from "vitest";
import { sh, story } from "../kit.ts";
import { readToy } from "./toy-target.ts";

it.each([
  ["was deleted", "rm -r a"],
  ["lies below a link to another folder", "rm -r a; mkdir ../out; echo secret-out > ../out/b; ln -s ../out a"],
  ["is a folder now", "rm a/b; mkdir a/b"],
  ["has a file where its folder was", "rm -r a; echo clean > a"],
])("a tracked file that %s is no fault and not read", async (_state, change) => {
  const dir = story(`git init -q -b main; mkdir a; echo clean > a/b; commit One; ${change}`);
  expect(await readToy({ paths: [dir] })).toMatchObject({ found: [], skips: [] });
});

it("the files of a nested repository that git does not track are read, its history is told as not read", async () => {
  const dir = story(`
    git init -q -b main; echo clean > a; commit One
    git init -q deep/nested; cd deep/nested; echo secret-gone > b; commit Two; echo secret-here > b`);
  expect(await readToy({ paths: [dir] })).toMatchObject({
    found: ["deep/nested/b here uncommitted"],
    skips: [`policy deep/nested/.git is a folder of git's own, which "leaksweep git" reads`],
  });
});

it("a file in conflict is read once", async () => {
  const dir = story(`
    git init -q -b main; echo base > a; commit Base
    git checkout -q -b other; echo other > a; commit Other
    git checkout -q main; echo main > a; commit Main
    git merge -q other > merge.log || true; rm merge.log; echo secret-a >> a`);
  expect(sh(dir, "git ls-files --stage a | wc -l")).toBe("3");
  // The other one is `.git/config`.
  expect(await readToy({ paths: [dir] })).toMatchObject({ found: ["a a uncommitted"], files: 2 });
});
