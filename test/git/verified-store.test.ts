import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catFileStore } from "../../src/git/cat-file.ts";
import { openGit } from "../../src/git/git.ts";
import type { ObjectStore } from "../../src/git/object-store.ts";
import type { OidBytes } from "../../src/git/oid-table.ts";
import { packStore } from "../../src/git/pack/pack-store.ts";
import { verifiedStore } from "../../src/git/verified-store.ts";
import { leaksweep, sh, story } from "../kit.ts";
import { allIds, readAll, signal } from "./object-store.contract.ts";

const storeAt = (dir: string, idBytes: OidBytes, wholeBytes?: number): ObjectStore => {
  const place = { gitDir: join(dir, ".git") };
  const fallback = catFileStore(openGit(place), { idBytes });
  return verifiedStore(
    packStore(place, { idBytes, fallback, ...(wholeBytes !== undefined && { wholeBytes }) }),
    idBytes,
  );
};

/** A loose object that lies under another one's name: its bytes are fine, and it is not what its id says. */
const forged = `
  git init -q -b main .
  seq 1 300000 > big; echo true > small; echo other > other; commit One
  path() { id=$(git rev-parse "HEAD:$1"); echo ".git/objects/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-)"; }
  swap() { rm -f "$(path "$1")"; cp "$(git hash-object -w "$2" | sed 's#^\\(..\\)#.git/objects/\\1/#')" "$(path "$1")"; }`;

describe("objects held against their ids", () => {
  it.each([20, 32] as const)("are all as they should be in a sound repository: %i bytes", async (idBytes) => {
    const format = idBytes === 20 ? "sha1" : "sha256";
    const dir = story(`
      git init -q -b main --object-format=${format} .
      for i in 1 2 3; do seq $i 3000 > a; commit $i; done; git repack -dq; git tag -a -m Tag v1; seq 1 300000 > big; commit Big`);
    const store = storeAt(dir, idBytes, 100_000);
    const kinds = (await readAll(store, await allIds(store))).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(["whole", "large"]));
  });

  it("are told apart from what lies under another's name", async () => {
    const dir = story(`${forged}\necho false > x; swap small x`);
    const oid = sh(dir, "git rev-parse HEAD:small");
    expect(await readAll(storeAt(dir, 20), [oid])).toEqual([
      { kind: "unreadable", oid, reason: "is not what its id says" },
    ]);
  });

  it("are named after their parts when they are large, taken or not", async () => {
    const dir = story(`${forged}\nseq 2 300001 > x; swap big x`);
    const oid = sh(dir, "git rev-parse HEAD:big");
    expect((await readAll(storeAt(dir, 20, 1000), [oid])).map(({ kind }) => kind)).toEqual(["large", "unreadable"]);
    const kinds: string[] = [];
    for await (const [answer] of storeAt(dir, 20, 1000).read([oid], signal())) kinds.push(answer?.kind ?? "");
    expect(kinds).toEqual(["large", "unreadable"]);
  });
});

it("--verify-objects makes a forged object a skip by fault, named by path", async () => {
  const dir = story(`${forged}\necho false > x; swap small x`);
  expect(await leaksweep(["git", dir])).toMatchObject({ code: 0 });
  const { code, stdout } = await leaksweep(["git", dir, "--verify-objects", "-f", "json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    complete: false,
    skips: [{ path: "small", by: "fault", reason: "is not what its id says" }],
  });
});
