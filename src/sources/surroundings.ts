/**
 * What a range of commits stands in. To say that a range brought a secret in, one must know that the commits before
 * it did not have it; so of those commits all is read that the range changed, moved or took away, wherever it lies. To
 * say that the secret is present, one must know what the branches show; there what lies under the same names is read.
 * Both walks go by trees and never list paths, of which a few hostile trees can make billions.
 */
import { visitTree } from "../git/history/objects.ts";
import type { HistoryRecord } from "../git/history/record.ts";
import type { Inventory, ObjectStore } from "../git/object-store.ts";

export interface Surroundings {
  /** Object indices of the blobs to read. */
  readonly blobs: ReadonlySet<number>;
  /** Raw trees on the way to them, by object index. */
  readonly trees: ReadonlyMap<number, Uint8Array>;
}

interface Reading {
  readonly store: ObjectStore;
  readonly inventory: Inventory;
  readonly signal: AbortSignal;
}

/** One path, as the set of trees that it is before the range and in it. */
interface Spot {
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
  /** Every commit of the range has a tree here. */
  readonly everywhere: boolean;
}

/** What a name in a spot's trees stands for. */
interface Named {
  readonly before: Set<number>;
  readonly after: Set<number>;
  /** How many of the spot's later trees have it. */
  count: number;
}

/** Of the root trees `before` a range, all that is not at the same path in every one of those `after`. */
export async function readBefore(
  { before, after }: { before: Iterable<number>; after: Iterable<number> },
  reading: Reading,
): Promise<Surroundings> {
  const blobs = new Set<number>();
  const trees = new Map<number, Uint8Array>();
  const seen = new Set<string>();
  let level: readonly Spot[] = [{ before: new Set(before), after: new Set(after), everywhere: true }];
  while (level.length > 0) {
    const below: Spot[] = [];
    for (const [spot, names] of await readSpots(level, trees, reading)) {
      for (const [key, { before, after, count }] of names) {
        const next: Spot = { before, after, everywhere: spot.everywhere && count === spot.after.size };
        if (isUnchanged(next)) continue;
        if (key.startsWith("blob")) for (const blob of before) blobs.add(blob);
        else if (before.size > 0 && isFresh(next, seen)) below.push(next);
      }
    }
    level = below;
  }
  return { blobs, trees };
}

const isUnchanged = ({ before, after, everywhere }: Spot): boolean =>
  everywhere && before.size === 1 && after.size === 1 && [...before].every((object) => after.has(object));

/** What comes of a spot depends on its trees alone, wherever they lie. */
function isFresh({ before, after, everywhere }: Spot, seen: Set<string>): boolean {
  const key = `${[...before].join()} ${[...after].join()} ${everywhere}`;
  return seen.size < seen.add(key).size;
}

/** Reads the trees of all spots, in one pass; keeps the bytes of the earlier ones in `trees`. */
async function readSpots(
  spots: readonly Spot[],
  trees: Map<number, Uint8Array>,
  reading: Reading,
): Promise<ReadonlyMap<Spot, ReadonlyMap<string, Named>>> {
  const named = new Map<Spot, Map<string, Named>>();
  const users = new Map<number, Spot[]>();
  for (const spot of spots) {
    named.set(spot, new Map());
    for (const tree of new Set([...spot.before, ...spot.after])) {
      const others = users.get(tree);
      if (others) others.push(spot);
      else users.set(tree, [spot]);
    }
  }
  await readTrees(users.keys(), reading, (tree, bytes, entries) => {
    for (const spot of users.get(tree) ?? []) {
      if (spot.before.has(tree)) trees.set(tree, bytes);
      addNames(named.get(spot) ?? new Map(), entries, { before: spot.before.has(tree), after: spot.after.has(tree) });
    }
  });
  return named;
}

function addNames(
  names: Map<string, Named>,
  entries: readonly Entry[],
  isIn: { readonly before: boolean; readonly after: boolean },
): void {
  for (const { kind, name, object } of entries) {
    const key = `${kind} ${name}`;
    const known = names.get(key) ?? { before: new Set(), after: new Set(), count: 0 };
    names.set(key, known);
    if (isIn.before) known.before.add(object);
    if (isIn.after) known.after.add(object);
    if (isIn.after) known.count++;
  }
}

/** What branches show, from the root trees `tips`, under the names of `ways`. */
export async function readShown(
  tips: Iterable<number>,
  { folders, files }: Ways,
  reading: Reading,
): Promise<Surroundings> {
  const blobs = new Set<number>();
  const trees = new Map<number, Uint8Array>();
  const seen = new Set(tips);
  let level = [...seen];
  while (level.length > 0) {
    const below: number[] = [];
    await readTrees(level, reading, (tree, bytes, entries) => {
      trees.set(tree, bytes);
      for (const { kind, name, object } of entries) {
        if (kind === "blob" && files.has(name)) blobs.add(object);
        if (kind !== "tree" || !folders.has(name) || seen.has(object)) continue;
        seen.add(object);
        below.push(object);
      }
    });
    level = below;
  }
  return { blobs, trees };
}

/** Names, in latin1 as trees have them, of files and of all folders on the way to them. */
export interface Ways {
  readonly folders: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

/** The names of all ways that lead to one of `blobs` in the trees of the record. */
export function waysTo(record: HistoryRecord, blobs: ReadonlySet<number>): Ways {
  const folders = new Set<string>();
  const files = new Set<string>();
  const leading = new Set<number>();
  for (const tree of record.targets.trees) {
    for (const { kind, object, name } of record.targets.of(tree)) {
      if (kind !== "content" || !blobs.has(object)) continue;
      files.add(record.names[name] ?? "");
      leading.add(tree);
    }
  }
  const trees = record.inventory.of("tree");
  for (let before = -1; before < leading.size; ) {
    before = leading.size;
    for (const tree of trees) {
      record.folders(tree, (child, name) => {
        if (!leading.has(child)) return;
        leading.add(tree);
        folders.add(record.names[name] ?? "");
      });
    }
  }
  return { folders, files };
}

interface Entry {
  readonly kind: "tree" | "blob";
  readonly name: string;
  readonly object: number;
}

/** Reads trees and tells of each, with a copy of its bytes and those of its entries that are here. */
async function readTrees(
  trees: Iterable<number>,
  { store, inventory: { table }, signal }: Reading,
  visit: (tree: number, bytes: Uint8Array, entries: readonly Entry[]) => void,
): Promise<void> {
  const ids = [...trees].map((tree) => table.hex(tree));
  for await (const answers of store.read(ids, signal)) {
    for (const answer of answers) {
      if (answer.kind !== "whole" || answer.type !== "tree") continue;
      const bytes = Uint8Array.from(answer.bytes);
      const entries: Entry[] = [];
      visitTree(bytes, table.idBytes, (kind, nameStart, nameEnd, idStart) => {
        const object = table.find(bytes, idStart);
        const name = Buffer.from(bytes.buffer, nameStart, nameEnd - nameStart).toString("latin1");
        if (kind !== "gitlink" && object >= 0) entries.push({ kind, name, object });
      });
      visit(table.indexOf(answer.oid), bytes, entries);
    }
  }
}
