import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObjectStore, ObjectType } from "../../../src/git/object-store.ts";
import { objectHash } from "../../../src/git/pack/object-hash.ts";
import { openRepository } from "../../../src/git/repository.ts";
import { gitStoreOf, storeOf } from "../../../src/sources/history.ts";
import { recipe, sh, story } from "../../kit.ts";
import { type Kept, readAll, signal } from "../object-store.contract.ts";

/** What a store has and says of each object: type and bytes, or that it cannot be read. */
async function contents(store: ObjectStore): Promise<Map<string, string>> {
  const { table, count, unreadable } = await store.inventory(signal());
  const said = new Map(unreadable.map(({ oid }) => [oid, "unreadable"]));
  const ids = Array.from({ length: count }, (_, index) => table.hex(index));
  for (const answer of await readAll(store, ids)) said.set(answer.oid, told(answer));
  return said;
}

const told = (answer: Kept): string => (answer.kind === "unreadable" ? "unreadable" : `${answer.type} ${answer.bytes}`);

/** Both stores of a repository say the same, and what they read is what its id says. */
async function compare(path: string): Promise<number> {
  const repository = await openRepository(path);
  if (!repository) throw new Error(`no repository at ${path}`);
  const idBytes = repository.objectFormat === "sha256" ? 32 : 20;
  const read = await contents(storeOf(repository));
  expect(sorted(read)).toEqual(sorted(await contents(gitStoreOf(repository))));
  for (const [oid, text] of read) {
    if (text === "unreadable") continue;
    const type = text.slice(0, text.indexOf(" "));
    const bytes = Buffer.from(text.slice(type.length + 1), "latin1");
    expect(
      objectHash(type as ObjectType, bytes.length, idBytes)
        .update(bytes)
        .digest("hex"),
    ).toBe(oid);
  }
  return read.size;
}

const sorted = (said: ReadonlyMap<string, string>): [string, string][] =>
  [...said].sort(([a], [b]) => (a < b ? -1 : 1));

const recipes = readdirSync("fixtures/repos").filter((name) => name.endsWith(".sh"));

it.each(recipes)("reads every object of %s as git does", async (name) => {
  const dir = recipe(name.replace(/\.sh$/, ""));
  const repositories = sh(dir, "find . -name HEAD -not -path '*/logs/*' -not -path '*/refs/*' | sed 's#/HEAD$##'")
    .split("\n")
    .filter((path) => existsSync(join(dir, path, "objects")));
  expect(repositories.length).toBeGreaterThan(0);
  for (const path of repositories) await compare(join(dir, path));
});

/** Versions of a few files, and how they are packed in between. */
const packings = [
  "",
  "git repack -dq",
  "git repack -adfq --depth=3",
  "git -c repack.useDeltaBaseOffset=false repack -adfq --window=50",
  "git -c pack.indexVersion=1 repack -dq",
  "git repack -aq",
  "git repack -adq --cruft --cruft-expiration=never",
  "git prune-packed -q",
] as const;

const made = fc.array(
  fc.record({
    file: fc.constantFrom("a", "b", "d/c"),
    lines: fc.array(fc.nat(40), { maxLength: 60 }),
    keep: fc.nat(80),
    packing: fc.constantFrom(...packings),
  }),
  { minLength: 1, maxLength: 8 },
);

describe("generated repositories", () => {
  it("are read as git reads them, however they were packed", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(made, async (steps) => {
        const dir = story("git init -q -b main .");
        const texts: Record<string, string[]> = {};
        for (const [i, { file, lines, keep, packing }] of steps.entries()) {
          texts[file] = [...(texts[file] ?? []).slice(0, keep), ...lines.map((n) => `line ${n} of ${file}`)];
          const from = i > 0 ? "from refs/heads/main^0\n" : "";
          const text = `${texts[file].join("\n")}\n`;
          execFileSync(
            "git",
            ["--git-dir", join(dir, ".git"), "-c", "fastimport.unpackLimit=100", "fast-import", "--quiet"],
            {
              input: `commit refs/heads/main\ncommitter A <a@example.org> ${1_700_000_000 + i} +0000\ndata 1\nx\n${from}M 100644 inline ${file}\ndata ${text.length}\n${text}\n`,
            },
          );
          if (packing !== "") sh(dir, packing);
        }
        expect(await compare(dir)).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: Number(process.env.RUNS ?? 8) },
    );
  });
});
