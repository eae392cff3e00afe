import { expect, it } from "vitest";
import { pathMatcher } from "../../src/bytes/glob.ts";
import { story } from "../kit.ts";
import { readToy } from "./toy-target.ts";

/** Shell that writes a Git LFS pointer to `file`, and `make`s what it points to at `$object`. */
const pointer = (file: string, make: string): string => `
  id=$(echo ${file} | sha256sum | cut -d' ' -f1)
  printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize 9\\n' "$id" > ${file}
  dir=.git/lfs/objects/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-4)
  mkdir -p "$dir"; object="$dir/$id"
  ${make}`;

const objects: [what: string, make: string, found: string[], reason: string | undefined][] = [
  ["here", "echo secret-large > $object", ["large"], undefined],
  ["not here", "", [], "is not in .git/lfs"],
  ["a folder", "mkdir $object", [], "is not a regular file"],
  ["a pipe", "mkfifo $object", [], "is not a regular file"],
  ["a link to another file", "echo secret-out > ../out; ln -s $PWD/../out $object", [], "is not a regular file"],
  ["below a file", "rmdir $dir; echo > $dir", [], "cannot be read: ENOTDIR"],
];

it.each(objects)(
  "a staged pointer is read as the Git LFS object that it stands for: %s",
  async (...[, make, found, reason]) => {
    const dir = story(`git init -q -b main; ${pointer("big", make)}\n git add big`);
    expect(await readToy({ command: "staged", paths: [dir] })).toMatchObject({
      found: found.map((name) => `big ${name} uncommitted`),
      skips: reason === undefined ? [] : [`fault big its Git LFS object ${reason}`],
    });
  },
);

it.each(objects)(
  "a committed pointer is read as the Git LFS object that it stands for: %s",
  async (...[, make, found, reason]) => {
    const dir = story(`git init -q -b main; ${pointer("big", make)}\n commit One`);
    expect(await readToy({ command: "git", paths: [dir] })).toMatchObject({
      found: found.map((name) => `big ${name} present`),
      skips: reason === undefined ? [] : [`fault big its Git LFS object ${reason}`],
    });
  },
);

it("a staged Git LFS object above the limit is skipped by policy", async () => {
  const dir = story(`git init -q -b main; ${pointer("big", "yes secret-large | head -1000 > $object")}\n git add big`);
  expect(await readToy({ command: "staged", paths: [dir], maxFileSize: 500 })).toMatchObject({
    found: [],
    skips: ["policy big larger than 500 bytes"],
  });
});

it("staged files that are excluded are skipped by policy", async () => {
  const dir = story("git init -q -b main; mkdir v; echo secret-a > v/a; echo secret-b > b; git add .");
  expect(await readToy({ command: "staged", paths: [dir], excluded: pathMatcher(["v"]) })).toMatchObject({
    found: ["b b uncommitted"],
    skips: ["policy v/a excluded by the configuration"],
  });
});

it("a blob that several stages of a conflict name is told of once", async () => {
  const dir = story(`
    git init -q -b main; echo base > a; commit Base
    git rm -q --cached a; oid=$(echo secret-a | git hash-object -w --stdin)
    printf '100644 %s 2\\ta\\n100644 %s 3\\ta\\n' $oid $oid | git update-index --index-info`);
  expect(await readToy({ command: "staged", paths: [dir] })).toMatchObject({ found: ["a a uncommitted"], skips: [] });
});
