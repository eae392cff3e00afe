import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catFileStore } from "../../src/git/cat-file.ts";
import { openGit } from "../../src/git/git.ts";
import { looseFirst } from "../../src/git/loose-first.ts";
import type { ObjectStore } from "../../src/git/object-store.ts";
import { sh, story } from "../kit.ts";
import { allIds, objectStoreContract, readAll } from "./object-store.contract.ts";

const objectsOf = (dir: string): string => join(dir, ".git/objects");

const storeAt = (dir: string): ObjectStore =>
  looseFirst(catFileStore(openGit({ gitDir: join(dir, ".git") }), { idBytes: 20 }), objectsOf(dir));

/** A store that fails a test by being asked. */
const nothingElse: ObjectStore = {
  inventory: () => Promise.reject(new Error("asked for all")),
  // biome-ignore lint/correctness/useYield: it never comes to that
  async *read() {
    throw new Error("asked for what lies loose");
  },
};

describe("all objects loose", () => {
  const made = () =>
    story("git init -q -b main .; for i in 1 2; do seq $i 500 > a; commit $i; done; git tag -am Tag v1");
  objectStoreContract(() => {
    const dir = made();
    return { store: storeAt(dir), git: openGit({ gitDir: join(dir, ".git") }), idBytes: 20 };
  });

  it("git is not asked", async () => {
    const dir = made();
    const ids = await allIds(storeAt(dir));
    const answers = await readAll(looseFirst(nothingElse, objectsOf(dir)), ids);
    expect(answers.map(({ oid }) => oid)).toEqual(ids);
  });
});

it("what lies in a pack, is large or broken comes from the other store, behind the rest", async () => {
  const dir = story(`git init -q -b main .; echo packed > packed; commit One; git repack -dq
    echo broken > broken; echo loose > loose; seq 1 300000 > large; commit Two`);
  const id = (name: string): string => sh(dir, `git rev-parse HEAD:${name}`).trim();
  const broken = join(objectsOf(dir), id("broken").slice(0, 2), id("broken").slice(2));
  chmodSync(broken, 0o600);
  writeFileSync(broken, "no object");
  const names = ["packed", "broken", "large", "loose"];
  const answers = await readAll(storeAt(dir), names.map(id));
  expect(answers.map(({ oid }) => names.find((name) => id(name) === oid))).toEqual([
    "loose",
    "packed",
    "broken",
    "large",
  ]);
  expect(answers.map(({ kind }) => kind)).toEqual(["whole", "whole", "unreadable", "whole"]);
});
