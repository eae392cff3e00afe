/**
 * Reads the commits and trees of packs a family at a time, in the kernel. Of a tree what it has from its base is taken
 * over, and only entries that touch new bytes are looked at: all trees of a large repository are fifty times as long
 * as what the pack holds of them. What the kernel cannot do is left to whoever reads objects one by one.
 */
import { closeSync, openSync } from "node:fs";
import { type CommitParts, HistoryKernel, walkState } from "../../kernel/history.ts";
import { type FamilyGroup, families } from "../pack/families.ts";
import type { PackLayout } from "../pack/layout.ts";
import { GroupLoader, nodeBytes, roomFor } from "../pack/load-group.ts";
import type { HistoryRecord } from "./record.ts";
import type { Targets } from "./targets.ts";

/** Git's numbers. */
const types = { commit: 1, tree: 2 } as const;

/** Room for the objects on the way from the root of a family to one of its leaves; one that needs more is left. */
const arenaBytes = 128 << 20;

/** Commits or trees that are read together. */
export interface WalkLot {
  readonly type: keyof typeof types;
  readonly layout: PackLayout;
  readonly group: FamilyGroup;
}

/** What became of a lot. */
export interface LotRead {
  /** Object indices of all that were read. */
  readonly objects: readonly number[];
  /** Their bytes. */
  readonly bytes: number;
  /** Object indices of trees that end in the middle of an entry; what comes before that was kept. */
  readonly cutShort: readonly number[];
}

export type { CommitParts };

/** Told of each commit; its bytes are good until the function returns. */
export type ShowCommit = (object: number, bytes: Uint8Array, parts: CommitParts | undefined) => void;

export interface WalkWatcher {
  /** Whether something was matched in a file or folder name. Called once for each. */
  readonly name: Targets["name"];
  readonly file: Targets["file"];
  readonly commit: ShowCommit;
}

export class PackWalk {
  readonly #record: HistoryRecord;
  readonly #packs: readonly PackLayout[];
  readonly #kernel: HistoryKernel;
  readonly #loaders: ReadonlyMap<PackLayout, GroupLoader>;
  readonly #absentIds: string[] = [];
  readonly #absentNumbers = new Map<string, number>();
  /** 1 for each object that was read, by index. */
  readonly #done: Uint8Array;
  /** Object index of each node of the lot in hand; -1 for a copy that does not count. */
  #objects: Int32Array = new Int32Array(0);

  constructor(record: HistoryRecord, packs: readonly PackLayout[], { name, file, commit }: WalkWatcher) {
    this.#record = record;
    this.#packs = packs;
    this.#done = new Uint8Array(record.inventory.count);
    this.#loaders = new Map(packs.map((layout) => [layout, new GroupLoader(layout)]));
    const targets: Targets = { content: () => false, name, file };
    this.#kernel = new HistoryKernel({
      learn: (bytes) => record.learnName(bytes, targets),
      absent: (id) => this.#absent(Buffer.from(id).toString("hex")),
      showTree: (node, kept) => {
        const object = this.#objects[node] ?? -1;
        if (object >= 0) record.addKept(object, kept, this.#absentIds);
      },
      showCommit: (node, bytes, parts) => {
        const object = this.#objects[node] ?? -1;
        if (object >= 0) commit(object, bytes, parts);
      },
    });
  }

  /**
   * The lots of one type, to be read one after another before those of another type are asked for; none where there is
   * not memory enough. `followed` has 1 for each blob, by its index, that is a target.
   */
  lots(type: WalkLot["type"], followed: Uint8Array): readonly WalkLot[] {
    const { inventory } = this.#record;
    const lots = this.#packs.flatMap((layout) =>
      families(layout, types[type]).map((group) => ({ type, layout, group })),
    );
    const rooms = lots.map(({ layout, group }) => roomFor(layout, group));
    const room = {
      nodes: Math.max(0, ...rooms.map(({ nodes }) => nodes)),
      input: Math.max(0, ...rooms.map(({ input }) => input)),
      arena: arenaBytes,
    };
    return lots.length > 0 && this.#kernel.begin(inventory.table.parts, followed, room) ? lots : [];
  }

  /** Reads a lot. Where its file went away nothing of it is read. */
  read(lot: WalkLot): LotRead {
    const { layout, type } = lot;
    const kernel = this.#kernel;
    const positions = this.#load(lot);
    this.#objects = positions.map((position) => layout.object[position] ?? -1);
    for (let node = 0; node < positions.length; node++) {
      if ((layout.parent[positions[node] ?? 0] ?? 0) >= 0) continue;
      if (type === "tree") kernel.walkTrees(node);
      else kernel.walkCommits(node);
    }
    return this.#outcome();
  }

  /** Those of `objects` that are left, after all lots. */
  left(objects: Int32Array): Int32Array {
    return objects.filter((object) => this.#done[object] === 0);
  }

  #load({ layout, group }: WalkLot): Int32Array {
    const { bytes, words, nodesAt, inputAt } = this.#kernel;
    let descriptor = -1;
    try {
      descriptor = openSync(layout.file, "r");
      const loaded = this.#loaders.get(layout)?.load(group, descriptor, { bytes, words, nodesAt, inputAt });
      return loaded ?? new Int32Array(0);
    } catch {
      // A `git gc` has moved it; the store that reads objects one by one knows where else to look.
      return new Int32Array(0);
    } finally {
      if (descriptor >= 0) closeSync(descriptor);
    }
  }

  #outcome(): LotRead {
    const { words, nodesAt } = this.#kernel;
    const objects: number[] = [];
    const cutShort: number[] = [];
    let bytes = 0;
    for (const [node, object] of this.#objects.entries()) {
      const at = (nodesAt + node * nodeBytes) >>> 2;
      const state = words[at + 5];
      if (object < 0 || (state !== walkState.read && state !== walkState.cutShort)) continue;
      this.#done[object] = 1;
      objects.push(object);
      bytes += (words[at + 6] ?? 0) >>> 0;
      if (state === walkState.cutShort) cutShort.push(object);
    }
    return { objects, bytes, cutShort };
  }

  #absent(id: string): number {
    const known = this.#absentNumbers.get(id);
    if (known !== undefined) return known;
    const number = this.#absentIds.push(id) - 1;
    this.#absentNumbers.set(id, number);
    return number;
  }
}
