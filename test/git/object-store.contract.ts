import { expect, it } from "vitest";
import type { Git } from "../../src/git/git.ts";
import type { Answer, ObjectStore } from "../../src/git/object-store.ts";
import type { OidBytes } from "../../src/git/oid-table.ts";

export const signal = (): AbortSignal => new AbortController().signal;

/** An answer that outlives its batch; `bytes` is latin1. */
export type Kept =
  | { readonly kind: "whole" | "large"; readonly oid: string; readonly type: string; readonly bytes: string }
  | { readonly kind: "unreadable"; readonly oid: string; readonly reason: string };

/** All answers of a reading, copied before the next batch is taken. */
export async function readAll(store: ObjectStore, oids: Iterable<string>): Promise<Kept[]> {
  const kept: Kept[] = [];
  for await (const batch of store.read(oids, signal())) for (const answer of batch) kept.push(await keep(answer));
  return kept;
}

async function keep(answer: Answer): Promise<Kept> {
  if (answer.kind === "unreadable") return answer;
  const { kind, oid, type } = answer;
  if (kind === "whole") return { kind, oid, type, bytes: Buffer.from(answer.bytes).toString("latin1") };
  const parts: Buffer[] = [];
  for await (const part of answer.parts) parts.push(Buffer.from(part));
  return { kind, oid, type, bytes: Buffer.concat(parts).toString("latin1") };
}

/** Ids of the objects of a store, in the order of its inventory. */
export async function allIds(store: ObjectStore): Promise<string[]> {
  const { table, count } = await store.inventory(signal());
  return Array.from({ length: count }, (_, index) => table.hex(index));
}

/** What every object store must do, whatever repository it stands on. `git` is the judge. */
export function objectStoreContract(
  open: () => { readonly store: ObjectStore; readonly git: Git; readonly idBytes: OidBytes },
): void {
  it("lists every object once, with the type that git gives it", async () => {
    const { store, git, idBytes } = open();
    const inventory = await store.inventory(signal());
    const listed = Array.from({ length: inventory.count }, (_, i) => {
      expect(inventory.stored(i)).toBeGreaterThan(0);
      return `${inventory.table.hex(i)} ${inventory.type(i)}\n`;
    });
    expect(inventory.table.idBytes).toBe(idBytes);
    expect(listed.sort().join("")).toBe(
      await git.run(["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]),
    );
    expect(inventory).toMatchObject({ unreadable: [], complaints: [] });
  });

  it("gives the objects of one type by index, and of all types together each object once", async () => {
    const inventory = await open().store.inventory(signal());
    const types = ["commit", "tree", "blob", "tag"] as const;
    for (const type of types) expect([...inventory.of(type)].every((i) => inventory.type(i) === type)).toBe(true);
    expect(types.flatMap((type) => [...inventory.of(type)]).sort((a, b) => a - b)).toEqual([
      ...Array(inventory.count).keys(),
    ]);
  });

  it("answers for each id in turn with the bytes that git gives it", async () => {
    const { store, git } = open();
    const ids = await allIds(store);
    const answers = await readAll(store, ids);
    expect(answers.map(({ oid }) => oid)).toEqual(ids);
    for (const answer of answers) {
      if (answer.kind === "unreadable") expect.fail(`${answer.oid} ${answer.reason}`);
      expect(answer.bytes).toBe(await git.run(["cat-file", answer.type, answer.oid]));
    }
  });

  it("answers for ids that are asked twice, and for those that are not here", async () => {
    const { store, idBytes } = open();
    const [first = ""] = await allIds(store);
    const absent = "0123456789".repeat(7).slice(0, 2 * idBytes);
    const kinds = (await readAll(store, [first, absent, first])).map(({ oid, kind }) => `${oid} ${kind}`);
    // One store may have had to ask another for what it has not got.
    expect(kinds.sort()).toEqual([`${first} whole`, `${first} whole`, `${absent} unreadable`].sort());
  });

  it("answers for more ids than it can ask for at once", async () => {
    const { store } = open();
    const ids = await allIds(store);
    const many = Array.from({ length: 5000 }, (_, i) => ids[(i * 7) % ids.length] ?? "");
    expect((await readAll(store, many)).map(({ oid }) => oid)).toEqual(many);
  });

  it("answers nothing when asked for nothing", async () => {
    expect(await readAll(open().store, [])).toEqual([]);
  });
}
