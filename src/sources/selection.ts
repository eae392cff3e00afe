/** Which objects of a repository a history source reads. */
import type { Known } from "../git/added.ts";
import { catFileStore } from "../git/cat-file.ts";
import { readCommit, visitTree } from "../git/history/objects.ts";
import type { Inventory, ObjectStore } from "../git/object-store.ts";
import { type RangeOptions, resolveRange } from "../git/range.ts";
import type { Repository } from "../git/repository.ts";
import { idsOf } from "./ids.ts";

/**
 * `all`: everything the stores hold. `reachable`: what refs, reflogs and indexes reach, or what is named by `from`.
 * `range`: what some commits have and the commits before them have not.
 */
export type Selection =
  | { readonly kind: "all" }
  | { readonly kind: "reachable"; readonly from?: Known }
  | ({ readonly kind: "range" } & Omit<RangeOptions, "signal">);

export interface Chosen {
  /** 1 for each chosen object, by index; absent when all are chosen. */
  readonly objects?: Uint8Array;
  /** Ids of the commits before a range; they need not be here. */
  readonly boundary: readonly string[];
  /** Ids of what the boundary's trees name and no store holds: a range that did not touch it does not miss it. */
  readonly untouched: ReadonlySet<string>;
}

/** The objects that `selection` chooses. Throws "usage.invalid" for a range that names nothing. */
export async function readSelection(
  repository: Repository,
  inventory: Inventory,
  selection: Selection & { readonly signal: AbortSignal },
): Promise<Chosen> {
  if (selection.kind === "all") return { boundary: [], untouched: new Set() };
  if (selection.kind === "range") return readRange(repository, inventory, selection);
  const { table, count } = inventory;
  const objects = new Uint8Array(count);
  const { oids, refs } = selection.from ?? { oids: [], refs: ["--all", "--reflog", "--indexed-objects"] };
  const list = ["rev-list", "--objects", "--missing=allow-any", "--no-object-names", "--ignore-missing"];
  const input = [[...oids, ""].join("\n")];
  for await (const id of lines(repository.git.stream([...list, "--stdin", ...refs], { input }))) {
    const object = table.indexOf(id);
    if (object >= 0) objects[object] = 1;
  }
  return { objects, boundary: [], untouched: new Set() };
}

/**
 * The commits of a range and all that their trees hold and those of the boundary do not. Git's own walk would leave
 * out what any ancestor of the boundary holds, and dies of a tree it cannot read.
 */
async function readRange(
  repository: Repository,
  inventory: Inventory,
  selection: RangeOptions & { readonly signal: AbortSignal },
): Promise<Chosen> {
  const { table, count } = inventory;
  const { commits, boundary, tags } = await resolveRange(repository, selection);
  // Only what the inventory lists is asked for, so that even a partial clone needs no second inventory.
  const walk = { store: catFileStore(repository.git, { idBytes: table.idBytes }), inventory, signal: selection.signal };
  const before = new Uint8Array(count);
  const untouched = new Set<string>();
  await markTrees(before, await rootsOf(boundary, walk), { ...walk, absent: (id) => untouched.add(id) });
  const objects = new Uint8Array(count);
  await markTrees(objects, await rootsOf(commits, walk), { ...walk, except: before });
  for (const id of [...commits, ...tags]) {
    const object = table.indexOf(id);
    if (object >= 0) objects[object] = 1;
  }
  return { objects, boundary, untouched };
}

interface Walk {
  readonly store: ObjectStore;
  readonly inventory: Inventory;
  readonly signal: AbortSignal;
  /** 1 for each object that is left alone, with all that it leads to. */
  readonly except?: Uint8Array;
  /** Is told of each id that a tree names and no store holds. */
  readonly absent?: (id: string) => void;
}

/** Object indices of the commits' trees, where both are here. */
async function rootsOf(commits: readonly string[], { store, inventory, signal }: Walk): Promise<number[]> {
  const { table } = inventory;
  const roots = new Set<number>();
  const here = commits.filter((commit) => table.indexOf(commit) >= 0);
  for await (const answers of store.read(here, signal)) {
    for (const answer of answers) {
      const tree = answer.kind === "whole" ? readCommit(answer.bytes)?.tree : undefined;
      if (tree !== undefined) roots.add(table.indexOf(tree));
    }
  }
  roots.delete(-1);
  return [...roots];
}

/** Marks, with 1, the trees `roots` and all that they lead to, level by level. */
async function markTrees(
  marks: Uint8Array,
  roots: readonly number[],
  { store, inventory: { table }, signal, except, absent }: Walk,
): Promise<void> {
  const isNew = (object: number): boolean => object >= 0 && marks[object] === 0 && except?.[object] !== 1;
  let level = roots.filter(isNew);
  for (const root of level) marks[root] = 1;
  while (level.length > 0) {
    const below: number[] = [];
    for await (const answers of store.read(idsOf({ table }, level), signal)) {
      for (const answer of answers) {
        if (answer.kind !== "whole" || answer.type !== "tree") continue;
        const { bytes } = answer;
        visitTree(bytes, table.idBytes, (kind, _start, _end, idStart) => {
          if (kind === "gitlink") return;
          const child = table.find(bytes, idStart);
          if (child < 0) absent?.(Buffer.from(bytes.subarray(idStart, idStart + table.idBytes)).toString("hex"));
          if (!isNew(child)) return;
          marks[child] = 1;
          if (kind === "tree") below.push(child);
        });
      }
    }
    level = below;
  }
}

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let rest = "";
  for await (const part of stream) {
    const all = (rest + Buffer.from(part).toString("latin1")).split("\n");
    rest = all.pop() ?? "";
    yield* all;
  }
  if (rest !== "") yield rest;
}
