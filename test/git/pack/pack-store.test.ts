import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catFileStore } from "../../../src/git/cat-file.ts";
import { openGit } from "../../../src/git/git.ts";
import type { ObjectStore } from "../../../src/git/object-store.ts";
import type { OidBytes } from "../../../src/git/oid-table.ts";
import { packStore } from "../../../src/git/pack/pack-store.ts";
import { sh, story } from "../../kit.ts";
import { allIds, objectStoreContract, readAll, signal } from "../object-store.contract.ts";

/** A store that must not be asked: what is read is read without git. */
const nobody: ObjectStore = {
  inventory: () => Promise.reject(new Error("git was asked for its inventory")),
  // biome-ignore lint/correctness/useYield: it fails before it has anything to give.
  async *read(oids) {
    throw new Error(`git was asked for ${[...oids].join()}`);
  },
};

const storeAt = (
  dir: string,
  options: { wholeBytes?: number; baseBytes?: number; idBytes?: OidBytes; fallback?: ObjectStore } = {},
) => packStore({ gitDir: join(dir, ".git") }, { idBytes: 20, fallback: nobody, ...options });

const judgeAt = (dir: string): ObjectStore => catFileStore(openGit({ gitDir: join(dir, ".git") }), { idBytes: 20 });

const history = (format: "sha1" | "sha256", more: string): string => `
  git init -q -b main --object-format=${format} .
  seq 1 3000 > many; : > empty; printf 'no newline' > last; printf '\\000\\n\\n\\377' > bytes
  commit One
  mkdir deep; seq 2 2999 > deep/many; (seq 1 1500; echo other; seq 1500 3000) > many; commit Two
  git tag -a -m Tag v1
  ${more}`;

describe.each([
  ["loose objects", "", 20],
  ["one pack", "git gc -q", 20],
  ["one pack with an index of version 1", "git -c pack.indexVersion=1 repack -adq", 20],
  [
    "one pack with 64-bit offsets",
    "git repack -adq; p=$(ls .git/objects/pack/*.pack); rm -f .git/objects/pack/*.rev .git/objects/pack/*.idx; git index-pack --index-version=2,0xd $p",
    20,
  ],
  ["one pack whose deltas name their bases by id", "git -c repack.useDeltaBaseOffset=false repack -adfq", 20],
  ["several packs", "git repack -dq; echo more > more; commit More; git repack -dq", 20],
  ["packs and loose objects", "git repack -dq; echo more > more; commit More", 20],
  [
    "objects that are here three times",
    "git repack -dq; git repack -aq; mkdir x; mv .git/objects/pack/* x; for p in x/*.pack; do git unpack-objects -q < $p; done; mv x/* .git/objects/pack; rmdir x",
    20,
  ],
  ["a pack with a bitmap, kept", "git repack -adbq; touch $(ls .git/objects/pack/*.pack | sed s/pack$/keep/)", 20],
  [
    "a cruft pack",
    "git commit -q --amend -m Three; git reflog expire --expire=now --all; git repack -dq --cruft --cruft-expiration=never",
    20,
  ],
  ["32-byte ids", "git gc -q", 32],
  ["loose 32-byte ids", "", 32],
  [
    "borrowed objects",
    "git repack -adq; cd .. && git clone -qs repo borrower && rm -rf repo/.git/logs && mv repo lender && mv borrower repo && echo ../../../lender/.git/objects > repo/.git/objects/info/alternates",
    20,
  ],
] as const)("a pack store of %s", (_, more, idBytes) => {
  objectStoreContract(() => {
    const dir = story(history(idBytes === 32 ? "sha256" : "sha1", more));
    const git = openGit({ gitDir: join(dir, ".git") });
    return { git, idBytes, store: storeAt(dir, { idBytes }) };
  });
});

describe("an index of a kind that git would not use", () => {
  it.each([
    [
      "64-bit offsets for all",
      "p=$(ls .git/objects/pack/*.pack); rm -f .git/objects/pack/*.rev .git/objects/pack/*.idx; git index-pack --index-version=2,0 $p",
    ],
    ["a multi-pack index alone", "git multi-pack-index write; rm -f .git/objects/pack/*.idx"],
  ])("is read: %s", async (_, change) => {
    const dir = story(
      history("sha1", "git repack -dq; (seq 1 1600; seq 1500 3000) > many; commit More; git repack -dq"),
    );
    const judge = judgeAt(dir);
    const ids = await allIds(judge);
    const expected = await readAll(judge, ids);
    sh(dir, change.startsWith("p=") ? `git repack -adq; ${change}` : change);
    expect(await readAll(storeAt(dir), ids)).toEqual(expected);
  });

  it("is read although it leaves out a base that another pack has, too", async () => {
    const dir = story(history("sha1", "git repack -adq"));
    const judge = judgeAt(dir);
    const ids = await allIds(judge);
    const expected = await readAll(judge, ids);
    // Two packs with the same base: the index lists it for one of them only.
    sh(
      dir,
      `git rev-parse HEAD:many HEAD~1:many | git pack-objects -q .git/objects/pack/pack > /dev/null
       git multi-pack-index write; rm -f .git/objects/pack/*.idx`,
    );
    expect(await readAll(storeAt(dir), ids)).toEqual(expected);
  });
});

describe("a delta whose base is elsewhere", () => {
  /** Thin packs hold deltas of objects that the receiver has. */
  const thin = `
    git repack -adq
    (seq 1 1400; echo third; seq 1500 3000) > many; commit Three
    printf '%s\\n^%s\\n' $(git rev-parse HEAD HEAD~1) | git pack-objects -q --thin --revs --stdout > ../thin.pack
    find .git/objects -type d -name '??' | xargs rm -rf`;

  it("is found in another pack", async () => {
    const dir = story(history("sha1", thin));
    // Git completes thin packs; a copy that names the base by id is made by asking for no completion.
    sh(
      dir,
      "git index-pack --fix-thin --stdin -q < ../thin.pack > /dev/null || git index-pack --fix-thin --stdin < ../thin.pack",
    );
    const ids = await allIds(judgeAt(dir));
    expect(await readAll(storeAt(dir), ids)).toEqual(await readAll(judgeAt(dir), ids));
  });
});

describe("chains of deltas", () => {
  it("thousands long are read without a call for each link, whatever fits in memory", async () => {
    const dir = story(`
      git init -q .
      git config pack.depth 4095; git config pack.window 2
      { for i in $(seq 1 300); do echo "commit refs/heads/main"; echo "committer A <a@b.c> $((1700000000 + i)) +0000"; echo "data 1"; echo x
        echo "M 100644 inline f"; echo "data <<END"; seq 1 200; seq 1 $i; echo END; done; } | git fast-import --quiet --depth=4095`);
    const ids = await allIds(judgeAt(dir));
    const expected = await readAll(judgeAt(dir), ids);
    expect(await readAll(storeAt(dir, { baseBytes: 0 }), ids)).toEqual(expected);
    expect(await readAll(storeAt(dir), ids)).toEqual(expected);
  });
});

describe("large objects", () => {
  const big = "git init -q .\nseq 1 300000 > big\necho after > after\ncommit Big";

  it.each([
    ["loose", ""],
    ["packed", "git gc -q"],
  ])("that are %s come in parts, each in its turn", async (_, more) => {
    const dir = story(`${big}\n${more}`);
    const [oid = "", after = ""] = sh(dir, "git rev-parse HEAD:big HEAD:after").split("\n");
    const answers = await readAll(storeAt(dir, { wholeBytes: 100_000 }), [after, oid, after]);
    expect(answers.map(({ kind }) => kind)).toEqual(["whole", "large", "whole"]);
    expect(answers[1]).toMatchObject({ bytes: expect.stringMatching(/^1\n2\n[\s\S]*\n300000\n$/) });
  });

  it("that are deltas are left to git", async () => {
    const dir = story(`${big}\n(seq 1 300000; echo end) > big; commit More; git repack -adfq`);
    const ids = await allIds(judgeAt(dir));
    const judge = catFileStore(openGit({ gitDir: join(dir, ".git") }), { idBytes: 20, wholeBytes: 100_000 });
    const sorted = async (store: ObjectStore) => (await readAll(store, ids)).sort((a, b) => (a.oid < b.oid ? -1 : 1));
    expect(await sorted(storeAt(dir, { wholeBytes: 100_000, fallback: judge }))).toEqual(await sorted(judge));
  });

  it("that nobody takes, or not all of, hold nothing up", async () => {
    const dir = story(big);
    const [oid = "", after = ""] = sh(dir, "git rev-parse HEAD:big HEAD:after").split("\n");
    const kinds: string[] = [];
    for await (const [answer] of storeAt(dir, { wholeBytes: 100_000 }).read([oid, after, oid, after], signal())) {
      if (answer?.kind === "large" && kinds.length > 0) for await (const _ of answer.parts) break;
      kinds.push(answer?.kind ?? "");
    }
    expect(kinds).toEqual(["large", "whole", "large", "whole"]);
  });

  it("that are broken end early and are then named", async () => {
    const dir = story(`
      git init -q .
      git config core.compression 0
      seq 1 300000 > big; echo after > after; commit Big
      git gc -q
      chmod u+w .git/objects/pack/*.pack
      printf '\\377\\377\\377\\377\\377\\377\\377\\377' | dd of=$(ls .git/objects/pack/*.pack) bs=1 seek=1500000 conv=notrunc 2> /dev/null`);
    const [oid = "", after = ""] = sh(dir, "git rev-parse HEAD:big HEAD:after").split("\n");
    const answers = await readAll(storeAt(dir, { wholeBytes: 100_000 }), [oid, after]);
    expect(answers.map((answer) => [answer.oid, answer.kind])).toEqual([
      [oid, "large"],
      [oid, "unreadable"],
      [after, "whole"],
    ]);
    expect(answers[0]).toMatchObject({ bytes: expect.stringMatching(/^1\n2\n/) });
  });
});

describe("a format that only a newer git knows", () => {
  it.each([
    ["index", "idx", 7, 3],
    ["pack", "pack", 7, 9],
  ])("leaves all to git: %s", async (_, ending, at, version) => {
    const dir = story(history("sha1", "git gc -q"));
    sh(
      dir,
      `f=$(ls .git/objects/pack/*.${ending}); chmod u+w $f; printf '\\${version}' | dd of=$f bs=1 seek=${at} conv=notrunc 2> /dev/null`,
    );
    await expect(allIds(storeAt(dir))).rejects.toThrow("git was asked");
  });
});
