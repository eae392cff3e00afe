import { join } from "node:path";
import { expect, it } from "vitest";
import { openTarget } from "../../src/sources/open.ts";
import { recipe, sh, story } from "../kit.ts";
import { readToy, wanted } from "./toy-target.ts";

/** Folder and label of every part of a target. */
async function partsOf(dir: string): Promise<string[]> {
  const { parts } = await openTarget({ ...wanted, paths: [dir] });
  return parts.map(({ prefix, source }) => `${prefix} ${source.label}`);
}

const all = (prefix: string): string[] => ["history", "settings", "working tree"].map((label) => `${prefix} ${label}`);

it("a submodule whose `.git` leads nowhere is read from its git folder, and what is above it only once", async () => {
  const dir = join(recipe("submodule"), "main");
  expect(await partsOf(dir)).toEqual([...all(""), ...all("vendor/lib/"), ...all("vendor/lib/core/")]);
  sh(dir, "echo 'gitdir: ../nowhere' > vendor/lib/.git; echo 'gitdir: ../nowhere' > vendor/lib/core/.git");
  const bare = ["vendor/lib/", "vendor/lib/core/"].flatMap((prefix) => all(prefix).slice(0, 2));
  // A part of the repository above says that the files of the first were not read.
  expect(await partsOf(dir)).toEqual([...all(""), " submodule", ...bare]);
});

it("a repository inside a submodule inside a submodule is read, each once", async () => {
  const dir = story(`
    git init -q -b main; git init -q -b main one; git init -q -b main one/two
    (cd one/two; echo secret-two > b; commit Two; echo secret-now > b)
    (cd one; echo secret-one > a; git add . 2> /dev/null; git commit -q -m One)
    git add . 2> /dev/null; git commit -q -m Main`);
  expect(await readToy({ paths: [dir] })).toMatchObject({
    found: ["one/a one present", "one/two/b now uncommitted", "one/two/b two present"],
    skips: [],
  });
});

it("what is excluded is named from the top, in a submodule too", async () => {
  const dir = story(`
    git init -q -b main; git init -q -b main one; (cd one; echo clean > a; commit One; echo secret-a > a)
    git add . 2> /dev/null; git commit -q -m Main`);
  const { found, skips } = await readToy({ paths: [dir], excluded: (path) => path === "one/a" });
  expect({ found, skips }).toEqual({ found: [], skips: ["policy one/a excluded by the configuration"] });
});
