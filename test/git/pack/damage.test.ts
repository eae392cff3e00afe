/** Damage of every kind, made by a program: nothing may crash, hang, or be believed. */
import { chmodSync, cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catFileStore } from "../../../src/git/cat-file.ts";
import { openGit } from "../../../src/git/git.ts";
import { Damage, UnknownFormat } from "../../../src/git/pack/damage.ts";
import { applyDelta } from "../../../src/git/pack/delta.ts";
import { readMultiIndex } from "../../../src/git/pack/multi-index.ts";
import { readPackIndex } from "../../../src/git/pack/pack-index.ts";
import { packStore } from "../../../src/git/pack/pack-store.ts";
import { verifiedStore } from "../../../src/git/verified-store.ts";
import { sh, story, tempDir } from "../../kit.ts";
import { allIds, readAll, signal } from "../object-store.contract.ts";

const packed = `
  git init -q -b main .
  for i in 1 2 3 4 5 6; do seq $i 400 > a; seq 1 $((100 * i)) > b; commit $i; done
  git repack -adfq; git multi-pack-index write`;

const folder = (dir: string): string => join(dir, ".git/objects/pack");
const fileOf = (dir: string, ending: string): string =>
  join(folder(dir), readdirSync(folder(dir)).find((name) => name.endsWith(ending)) ?? "");

/** Some bytes changed, the file cut short or made longer. */
const damage = fc.record({
  flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
  keep: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  ),
});

function damaged(bytes: Buffer, { flips, keep }: { flips: [number, number][]; keep: number }): Buffer {
  const copy = Buffer.from(bytes.subarray(0, Math.ceil(bytes.length * keep)));
  for (const [at, byte] of flips) if (copy.length > 0) copy[at % copy.length] = byte;
  return copy;
}

const known = (error: unknown): boolean => error instanceof Damage || error instanceof UnknownFormat;

it("an index that is damaged is refused in words or read within its bounds", () => {
  const dir = story(packed);
  const [index, multi] = [readFileSync(fileOf(dir, ".idx")), readFileSync(join(folder(dir), "multi-pack-index"))];
  fc.assert(
    fc.property(damage, fc.boolean(), (how, isMulti) => {
      try {
        const bytes = damaged(isMulti ? multi : index, how);
        const indexes = isMulti ? [...readMultiIndex(bytes, 20).values()] : [readPackIndex(bytes, 20)];
        for (const { count, ids, offsets } of indexes)
          expect([ids.length, offsets.length]).toEqual([20 * count, count]);
      } catch (error) {
        if (!known(error)) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

it("a delta that is made up ends in an object of the size that it says, or is refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 40 }), (base, ops) => {
      const delta = Uint8Array.from([base.length, 20, ...ops]);
      try {
        expect(applyDelta(base, delta)).toHaveLength(20);
      } catch (error) {
        if (!known(error)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

it("of a damaged pack every object is read as it was or named as unreadable, if its ids are held against it", async () => {
  const origin = story(packed);
  const git = catFileStore(openGit({ gitDir: join(origin, ".git") }), { idBytes: 20 });
  const ids = await allIds(git);
  const truth = new Map((await readAll(git, ids)).map((answer) => [answer.oid, answer]));
  const dir = join(tempDir(), "copy");
  cpSync(origin, dir, { recursive: true });
  const file = fileOf(dir, ".pack");
  const bytes = readFileSync(file);
  chmodSync(file, 0o644);
  await fc.assert(
    fc.asyncProperty(damage, async (how) => {
      writeFileSync(file, damaged(bytes, how));
      const place = { gitDir: join(dir, ".git") };
      const fallback = catFileStore(openGit(place), { idBytes: 20 });
      const store = verifiedStore(packStore(place, { idBytes: 20, fallback }), 20);
      const { unreadable } = await store.inventory(signal());
      for (const answer of await readAll(store, ids)) {
        if (answer.kind === "whole") expect(answer).toEqual(truth.get(answer.oid));
        else expect(answer).toMatchObject({ kind: "unreadable", reason: expect.stringMatching(/./) });
      }
      for (const { reason } of unreadable) expect(reason).not.toBe("");
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});

describe("a broken object", () => {
  /** Flips bytes in an entry that others are deltas of, after doing `more` with its id, `$base`. */
  const broken = (more: string) => {
    const dir = story(`
      git init -q -b main .
      seq 1 3000 > a; commit One
      (seq 1 2999; echo two) > a; commit Two
      echo apart > apart; commit Three
      git repack -adfq
      base=$(git verify-pack -v .git/objects/pack/*.idx | awk 'NF == 7 { print $7 }' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }')
      echo $base > ../base
      ${more}
      pack=$(ls .git/objects/pack/*.pack | head -1)
      at=$(git show-index < \${pack%.pack}.idx | grep $base | cut -d' ' -f1)
      chmod u+w $pack
      printf '\\377\\377\\377\\377' | dd of=$pack bs=1 seek=$((at + 40)) conv=notrunc 2> /dev/null`);
    const store = packStore(
      { gitDir: join(dir, ".git") },
      { idBytes: 20, fallback: catFileStore(openGit({ gitDir: join(dir, ".git") }), { idBytes: 20 }) },
    );
    return { store, base: readFileSync(join(dir, "../base"), "utf8").trim() };
  };

  it("costs itself and what is built on it, each named, and nothing else", async () => {
    const { store, base } = broken("");
    const answers = await readAll(store, await allIds(store));
    const lost = answers.flatMap((answer) => (answer.kind === "unreadable" ? `${answer.oid} ${answer.reason}` : []));
    expect(lost.length).toBeGreaterThan(1);
    expect(lost.length).toBeLessThan(answers.length);
    expect(lost).toContain(`${base} is corrupt: its compressed bytes are broken`);
    for (const line of lost) expect(line).toMatch(new RegExp(`^${base} |is a delta of ${base}, which is corrupt`));
  });

  it("is read from another copy, and so is what is built on it", async () => {
    const { store } = broken(
      "git cat-file blob $base > ../blob; git init -q --bare ../loose; id=$(git --git-dir=../loose hash-object -w ../blob); cp -r ../loose/objects/?? .git/objects/",
    );
    const answers = await readAll(store, await allIds(store));
    expect(answers.filter(({ kind }) => kind === "unreadable")).toEqual([]);
  });
});

it("a pack that goes away while it is read is looked for by git", async () => {
  const dir = story(packed);
  const place = { gitDir: join(dir, ".git") };
  const store = packStore(place, { idBytes: 20, fallback: catFileStore(openGit(place), { idBytes: 20 }) });
  const ids = await allIds(store);
  // As after a `git gc`: the same objects under another name.
  for (const name of readdirSync(folder(dir)).filter((name) => name.startsWith("pack-"))) {
    renameSync(
      join(folder(dir), name),
      join(folder(dir), `pack-${"0".repeat(40)}${name.slice(name.lastIndexOf("."))}`),
    );
  }
  sh(dir, "rm -f .git/objects/pack/multi-pack-index");
  const answers = await readAll(store, ids);
  expect(answers.map(({ kind }) => kind)).toEqual(ids.map(() => "whole"));
});
