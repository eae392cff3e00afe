import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { catFileStore } from "../../src/git/cat-file.ts";
import { openGit } from "../../src/git/git.ts";
import type { ObjectStore } from "../../src/git/object-store.ts";
import { recipe, sh, story } from "../kit.ts";
import { allIds, objectStoreContract, readAll, signal } from "./object-store.contract.ts";

const storeAt = (dir: string, options: { wholeBytes?: number; partial?: boolean } = {}): ObjectStore =>
  catFileStore(openGit({ gitDir: join(dir, ".git") }), { idBytes: 20, ...options });

describe.each([
  ["loose objects", "", 20],
  ["packed objects", "git gc -q", 20],
  ["32-byte ids", "", 32],
  [
    "borrowed objects",
    "cd .. && git clone -qs repo borrower && rm -rf repo/.git/logs && mv repo lender && mv borrower repo && echo $PWD/lender/.git/objects > repo/.git/objects/info/alternates",
    20,
  ],
] as const)("a cat-file store of %s", (_, more, idBytes) => {
  objectStoreContract(() => {
    const dir = story(`
      git init -q -b main --object-format=${idBytes === 32 ? "sha256" : "sha1"} .
      seq 1 3000 > many; : > empty; printf 'no newline' > last; printf '\\000\\n\\n\\377' > bytes
      commit One
      mkdir deep; seq 2 2999 > deep/many; commit Two
      git tag -a -m Tag v1
      ${more}`);
    const git = openGit({ gitDir: join(dir, ".git") });
    return { git, idBytes, store: catFileStore(git, { idBytes }) };
  });
});

describe("batches", () => {
  it("hold about 4 MiB and spare the memory of the ones before", async () => {
    const dir = story("git init -q .\nfor i in 1 2 3 4 5 6; do seq $i 250000 > $i; done\ncommit Six");
    const sizes: number[] = [];
    const buffers = new Set<ArrayBufferLike>();
    const store = storeAt(dir);
    for await (const batch of store.read(await allIds(store), signal())) {
      const whole = batch.flatMap((answer) => (answer.kind === "whole" ? answer : []));
      sizes.push(whole.reduce((sum, { size }) => sum + size, 0));
      for (const { bytes } of whole) if (bytes.length > 1e6) buffers.add(bytes.buffer);
    }
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(6 << 20);
    expect(buffers.size).toBe(1);
  });

  it("take an object that is larger than themselves", async () => {
    const dir = story("git init -q .\nseq 1 900000 > big\ncommit Big");
    const [answer] = await readAll(storeAt(dir), [sh(dir, "git rev-parse HEAD:big")]);
    expect(answer).toMatchObject({ kind: "whole", bytes: expect.stringMatching(/^1\n2\n[\s\S]*\n900000\n$/) });
    expect(answer).toHaveProperty("bytes.length", 6_188_895);
  });
});

describe("a large object", () => {
  const large = (): { store: ObjectStore; oid: string; after: string } => {
    const dir = story("git init -q .\nseq 1 300000 > big\necho after > after\ncommit Big");
    const [oid = "", after = ""] = sh(dir, "git rev-parse HEAD:big HEAD:after").split("\n");
    return { store: storeAt(dir, { wholeBytes: 100_000 }), oid, after };
  };

  it("comes in parts that add up", async () => {
    const { store, oid, after } = large();
    const answers = await readAll(store, [after, oid, after]);
    expect(answers.map(({ kind }) => kind)).toEqual(["whole", "large", "whole"]);
    expect(answers[1]).toMatchObject({ bytes: expect.stringMatching(/^1\n2\n[\s\S]*\n300000\n$/) });
    expect(answers[2]).toMatchObject({ bytes: "after\n" });
  });

  it("is passed over where nobody takes its parts, or not all", async () => {
    const { store, oid, after } = large();
    const kinds: string[] = [];
    for await (const [answer] of store.read([oid, after, oid, after], signal())) {
      if (answer?.kind === "large" && kinds.length > 0) for await (const _ of answer.parts) break;
      kinds.push(answer?.kind ?? "");
    }
    expect(kinds).toEqual(["large", "whole", "large", "whole"]);
  });

  it("that is broken ends early and is then named", async () => {
    const dir = story(`
      git init -q .
      git config core.compression 0
      seq 1 300000 > big; echo after > after; commit Big
      git gc -q
      chmod u+w .git/objects/pack/*.pack
      printf '\\377\\377\\377\\377\\377\\377\\377\\377' | dd of=$(ls .git/objects/pack/*.pack) bs=1 seek=1500000 conv=notrunc 2> /dev/null
      git config core.bigFileThreshold 100k`);
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

describe("a damaged repository", () => {
  const named = (dir: string): Map<string, string> =>
    new Map(
      sh(dir, "git ls-tree -r HEAD")
        .split("\n")
        .map((line) => [line.slice(line.indexOf("\t") + 1), line.split(/[ \t]/)[2] ?? ""]),
    );

  it("loses each broken object and no other", async () => {
    const dir = recipe("corrupt");
    const files = named(dir);
    const answers = await readAll(storeAt(dir), files.values());
    const kinds = Object.fromEntries([...files.keys()].map((file, i) => [file, answers[i]?.kind]));
    expect(kinds).toEqual({
      "fine.env": "whole",
      "loose-flipped.txt": "unreadable",
      "missing.txt": "unreadable",
      "packed-flipped.txt": "unreadable",
      "packed.env": "whole",
      "truncated.txt": "unreadable",
    });
  });

  it("loses no answer of the thousands that are asked for before and after a broken object", async () => {
    const dir = recipe("corrupt");
    const files = named(dir);
    const [fine = "", broken = ""] = [files.get("fine.env"), files.get("packed-flipped.txt")];
    const some = (count: number): string[] => Array<string>(count).fill(fine);
    const asked = [...some(9000), broken, ...some(3000), broken, ...some(1)];
    const answers = await readAll(storeAt(dir), asked);
    expect(answers.map(({ oid }) => oid)).toEqual(asked);
    expect(answers.flatMap(({ kind }, i) => (kind === "unreadable" ? i : []))).toEqual([9000, 12001]);
  });

  it("is listed with what is there and with what is wrong", async () => {
    const dir = recipe("corrupt");
    const files = named(dir);
    const { table, unreadable, complaints } = await storeAt(dir).inventory(signal());
    expect(table.indexOf(files.get("packed.env") ?? "")).toBeGreaterThanOrEqual(0);
    expect(unreadable.map(({ oid }) => oid).sort()).toEqual(
      [files.get("truncated.txt"), files.get("loose-flipped.txt")].sort(),
    );
    expect(complaints.join()).toContain("does not match index");
  });

  it("complains of a pack whose index cannot be read", async () => {
    const dir = story("git init -q .\necho x > x\ncommit X\ngit gc -q");
    const [index = ""] = readdirSync(join(dir, ".git/objects/pack")).filter((file) => file.endsWith(".idx"));
    sh(dir, `chmod u+w .git/objects/pack/${index} && echo broken > .git/objects/pack/${index}`);
    const { count, complaints } = await storeAt(dir).inventory(signal());
    expect(count).toBe(0);
    expect(complaints.join()).toContain(index);
  });

  it("costs a process for each broken object, however many stand in a row", async () => {
    const dir = story(`
      git init -q .
      for i in 1 2 3 4 5 6 7 8 9; do head -c 20000 /dev/urandom > r$i; done
      commit Random
      for i in 2 3 4 7; do
        id=$(git rev-parse HEAD:r$i)
        file=.git/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)
        chmod u+w $file
        printf '\\000\\000\\000\\000' | dd of=$file bs=1 seek=15000 conv=notrunc 2> /dev/null
      done`);
    const files = named(dir);
    const answers = await readAll(storeAt(dir), files.values());
    expect(answers.map(({ oid }) => oid)).toEqual([...files.values()]);
    expect(answers.map(({ kind }) => kind === "whole")).toEqual([
      true,
      false,
      false,
      false,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(answers[1]).toMatchObject({ reason: expect.stringMatching(/^makes git fail: ./) });
  });

  it("that git cannot open at all is an error and no list of broken objects", async () => {
    const dir = story("git init -q .\necho x > x\ncommit X\necho '[core' > .git/config");
    await expect(readAll(storeAt(dir), ["0".repeat(40)])).rejects.toMatchObject({ code: "git.failed" });
    await expect(storeAt(dir).inventory(signal())).rejects.toMatchObject({ code: "git.failed" });
  });
});

describe.each([{ partial: true }, { partial: false }])("in a partial clone, announced as such: %j", (options) => {
  it("a promised object that is missing is named and not fetched", async () => {
    const dir = join(recipe("partial"), "clone");
    const [absent = "", present = ""] = sh(dir, "git rev-parse HEAD~1:app.env HEAD:app.env").split("\n");
    const store = storeAt(dir, options);
    expect(await readAll(store, [absent, present, absent])).toMatchObject([
      { oid: absent, reason: "is missing" },
      { oid: present, kind: "whole" },
      { oid: absent, reason: "is missing" },
    ]);
    expect(await readAll(store, [absent])).toMatchObject([{ oid: absent, reason: "is missing" }]);
    expect(await allIds(store)).not.toContain(absent);
  });
});

it("replaced objects are read as they are", async () => {
  const dir = story(
    "git init -q .\necho old > f\ncommit Old\ngit replace HEAD:f $(echo new | git hash-object -w --stdin)",
  );
  const [answer] = await readAll(storeAt(dir), [sh(dir, "git rev-parse HEAD:f")]);
  expect(answer).toMatchObject({ bytes: "old\n" });
});

it("what is no object id is a mistake of the caller", async () => {
  const dir = story("git init -q .");
  await expect(readAll(storeAt(dir), ["HEAD\n--all"])).rejects.toThrow(RangeError);
});

it("a signal ends the reading with its reason", async () => {
  const dir = story("git init -q .\nfor i in 1 2 3 4; do seq $i 400000 > $i; done\ncommit Four");
  const stop = new AbortController();
  const store = storeAt(dir);
  const reading = async (): Promise<void> => {
    for await (const _ of store.read(await allIds(store), stop.signal)) stop.abort(new Error("enough"));
  };
  await expect(reading()).rejects.toThrow("enough");
});

it("ids are drawn only as fast as they are read", async () => {
  const dir = story("git init -q .\nseq 1 100000 > f\ncommit F");
  const oid = sh(dir, "git rev-parse HEAD:f");
  const drawn = vi.fn(() => oid);
  function* ids(): Generator<string> {
    for (let i = 0; i < 100_000; i++) yield drawn();
  }
  for await (const _ of storeAt(dir).read(ids(), signal())) break;
  expect(drawn.mock.calls.length).toBeLessThan(50_000);
});
