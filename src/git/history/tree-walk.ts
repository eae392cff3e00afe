/**
 * Reads the trees of packs a family at a time, in the kernel: what a tree has from its base is taken over, and only
 * entries that touch new bytes are looked at. All trees of a large repository are fifty times as long as what the pack
 * holds of them. What the kernel cannot do is left to whoever reads trees one by one.
 */
import { closeSync, openSync } from "node:fs";
import { TreeKernel, treeState } from "../../kernel/trees.ts";
import { type FamilyGroup, families } from "../pack/families.ts";
import type { PackLayout } from "../pack/layout.ts";
import { GroupLoader, nodeBytes, roomFor } from "../pack/load-group.ts";
import type { HistoryRecord, Targets } from "./record.ts";

/** Git's number for trees. */
const treeType = 2;

/** Room for the trees on the way from the root of a family to one of its leaves; a tree that needs more is left. */
const arenaBytes = 128 << 20;

/** Trees that are read together. */
export interface TreeLot {
  readonly layout: PackLayout;
  readonly group: FamilyGroup;
}

/** What became of a lot. */
export interface TreesRead {
  /** Bytes of all trees that were read. */
  readonly bytes: number;
  /** Object indices of trees that end in the middle of an entry; what comes before that was kept. */
  readonly cutShort: readonly number[];
}

export class TreeWalk {
  /** The lots, to be read one after another. */
  readonly lots: readonly TreeLot[];
  readonly #record: HistoryRecord;
  readonly #kernel: TreeKernel;
  readonly #loaders: ReadonlyMap<PackLayout, GroupLoader>;
  readonly #absentIds: string[] = [];
  readonly #absentNumbers = new Map<string, number>();
  /** 1 for each object that was read, by index. */
  readonly #done: Uint8Array;
  /** Object index of each node of the lot in hand; -1 for a copy that does not count. */
  #objects: Int32Array = new Int32Array(0);

  /** `followed` has 1 for each blob, by its index, that is a target. */
  constructor(
    record: HistoryRecord,
    packs: readonly PackLayout[],
    { followed, name }: { followed: Uint8Array; name: Targets["name"] },
  ) {
    this.#record = record;
    this.#done = new Uint8Array(record.inventory.count);
    const lots = packs.flatMap((layout) => families(layout, treeType).map((group) => ({ layout, group })));
    const targets: Targets = { content: (object) => followed[object] === 1, name };
    this.#kernel = new TreeKernel({
      learn: (bytes) => record.learnName(bytes, targets),
      absent: (id) => this.#absent(Buffer.from(id).toString("hex")),
      visit: (node, kept) => this.#visit(node, kept),
    });
    this.#loaders = new Map(packs.map((layout) => [layout, new GroupLoader(layout)]));
    const rooms = lots.map(({ layout, group }) => roomFor(layout, group));
    const room = {
      nodes: Math.max(0, ...rooms.map(({ nodes }) => nodes)),
      input: Math.max(0, ...rooms.map(({ input }) => input)),
      arena: arenaBytes,
    };
    // Without the memory all trees are left to be read one by one.
    this.lots = this.#kernel.begin(record.inventory.table.parts, followed, room) ? lots : [];
  }

  /** Reads a lot into the record. Where its file went away nothing of it is read. */
  read({ layout, group }: TreeLot): TreesRead {
    const kernel = this.#kernel;
    const positions = this.#load({ layout, group });
    this.#objects = positions.map((position) => layout.object[position] ?? -1);
    for (let node = 0; node < positions.length; node++) {
      if ((layout.parent[positions[node] ?? 0] ?? 0) < 0) kernel.walk(node);
    }
    const cutShort: number[] = [];
    let bytes = 0;
    for (const [node, object] of this.#objects.entries()) {
      const at = (kernel.nodesAt + node * nodeBytes) >>> 2;
      const state = kernel.words[at + 5];
      if (object < 0 || (state !== treeState.read && state !== treeState.cutShort)) continue;
      this.#done[object] = 1;
      bytes += (kernel.words[at + 6] ?? 0) >>> 0;
      if (state === treeState.cutShort) cutShort.push(object);
    }
    return { bytes, cutShort };
  }

  /** Object indices of the trees that are left, after all lots, in the order in which they are cheapest to read. */
  left(): Int32Array {
    return this.#record.inventory.of("tree").filter((object) => this.#done[object] === 0);
  }

  #load({ layout, group }: TreeLot): Int32Array {
    const loader = this.#loaders.get(layout);
    const { bytes, words, nodesAt, inputAt } = this.#kernel;
    let descriptor = -1;
    try {
      descriptor = openSync(layout.file, "r");
      return loader?.load(group, descriptor, { bytes, words, nodesAt, inputAt }) ?? new Int32Array(0);
    } catch {
      // A `git gc` has moved it; the store that reads trees one by one knows where else to look.
      return new Int32Array(0);
    } finally {
      if (descriptor >= 0) closeSync(descriptor);
    }
  }

  #visit(node: number, kept: Int32Array): void {
    const object = this.#objects[node] ?? -1;
    if (object >= 0) this.#record.addKept(object, kept, this.#absentIds);
  }

  #absent(id: string): number {
    const known = this.#absentNumbers.get(id);
    if (known !== undefined) return known;
    const number = this.#absentIds.push(id) - 1;
    this.#absentNumbers.set(id, number);
    return number;
  }
}
