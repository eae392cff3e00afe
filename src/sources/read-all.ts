/**
 * Reads all objects of a history that were chosen, each by the cheapest way. The order is the design: blobs first, since
 * history follows only those in which something was matched; then commits and tags; then trees, which are read once,
 * and of which only the folders and what must be followed stay in memory.
 */
import { setImmediate } from "node:timers/promises";
import type { Inventory, ObjectStore } from "../git/object-store.ts";
import type { FamilySearch } from "../git/pack/family-search.ts";
import type { Batch } from "../terms.ts";
import { blobLot } from "./blobs.ts";
import { type ContentsCrew, contentsLot, sortOut, worthCrew } from "./contents.ts";
import { barrenLot, familyLot, worthFamilies } from "./families.ts";
import type { Gathered, MakeLot } from "./gathered.ts";
import { idsOf } from "./ids.ts";
import { PackLots } from "./pack-lots.ts";
import { commitLot, tagLot, treeLot } from "./texts.ts";

export interface ReadOptions {
  readonly store: ObjectStore;
  /** Searches delta families of packs. Absent: every blob is shown to the engine whole. */
  readonly families: FamilySearch | undefined;
  /** Searches on other threads what is not searched by families. Absent: all that is searched here. */
  readonly contents: ContentsCrew | undefined;
  readonly signal: AbortSignal;
}

export class ReadAll {
  readonly #gathered: Gathered;
  readonly #options: ReadOptions;
  readonly #blobs: Int32Array;
  readonly #commits: Int32Array;
  readonly #tags: Int32Array;
  readonly #trees: Int32Array;
  /** 1 for each blob, by object index, that needs no further search. */
  readonly #searched: Uint8Array;
  /** Stored bytes of all that is to be read, and of what has been. */
  readonly #all: number;
  #done = 0;

  constructor(gathered: Gathered, options: ReadOptions) {
    const { inventory, chosen } = gathered;
    const isChosen = (object: number): boolean => chosen?.[object] !== 0;
    this.#gathered = gathered;
    this.#options = options;
    this.#blobs = inventory.of("blob").filter(isChosen);
    // All commits, since who reaches whom does not end where a range does.
    this.#commits = inventory.of("commit");
    this.#tags = inventory.of("tag").filter(isChosen);
    this.#trees = inventory.of("tree").filter(isChosen);
    this.#searched = new Uint8Array(inventory.count);
    const all = [this.#blobs, this.#commits, this.#tags, this.#trees];
    this.#all = all.reduce((sum, objects) => sum + storedBytes(inventory, objects), 1);
  }

  /** To be read once, and each batch searched before the next is asked for: what is matched decides what is read. */
  async *batches(): AsyncIterable<Batch> {
    const { inventory, chosen } = this.#gathered;
    yield* this.#skipBarren();
    yield* this.#searchFamilies();
    const isUnsearched = (blob: number): boolean => this.#searched[blob] === 0;
    yield* this.#readBlobs(this.#blobs.filter(isUnsearched));
    const packs = chosen === undefined && inventory.packs ? new PackLots(this.#gathered, inventory.packs) : undefined;
    if (packs) yield* this.#readPacks(packs, "commit");
    yield* this.#readLots(packs?.left(this.#commits) ?? this.#commits, commitLot);
    yield* this.#readLots(this.#tags, tagLot);
    if (packs) yield* this.#readPacks(packs, "tree");
    yield* this.#readLots(packs?.left(this.#trees) ?? this.#trees, treeLot);
  }

  /** Counts what an earlier scan found nothing in. */
  *#skipBarren(): Iterable<Batch> {
    const { barren, inventory } = this.#gathered;
    if (barren === undefined) return;
    const known = this.#blobs.filter((blob) => barren.has(blob));
    for (const blob of known) this.#searched[blob] = 1;
    yield { ...barrenLot(known, barren, this.#gathered), progress: this.#progress(storedBytes(inventory, known)) };
  }

  /** Searches what lies in packs by delta families. */
  async *#searchFamilies(): AsyncIterable<Batch> {
    const { inventory, chosen } = this.#gathered;
    const { packs } = inventory;
    const { families, signal } = this.#options;
    const isWanted = (object: number): boolean => this.#searched[object] === 0 && chosen?.[object] !== 0;
    if (!families || !packs || !worthFamilies(packs, this.#blobs.filter(isWanted).length)) return;
    for await (const report of families(packs, { signal, isWanted })) {
      const stored = storedBytes(inventory, report.objects.filter(isWanted));
      for (const object of report.objects) this.#searched[object] = 1;
      yield { ...familyLot(report, this.#gathered), progress: this.#progress(stored) };
    }
  }

  /** Looks at blobs one by one, on other threads where they are many. */
  async *#readBlobs(blobs: Int32Array): AsyncIterable<Batch> {
    const { inventory } = this.#gathered;
    const { contents, store, signal } = this.#options;
    if (!contents || !worthCrew(storedBytes(inventory, blobs))) return yield* this.#readLots(blobs, blobLot);
    const left: number[] = [];
    const sorted = async function* (gathered: Gathered) {
      for await (const answers of store.read(idsOf(inventory, blobs), signal)) {
        const { lots, here } = sortOut(answers, gathered);
        left.push(...here.map((oid) => inventory.table.indexOf(oid)));
        yield* lots;
      }
    };
    for await (const report of contents(sorted(this.#gathered), signal)) {
      const read = report.read.map(({ content }) => inventory.table.indexOf(content));
      yield { ...contentsLot(report, this.#gathered), progress: this.#progress(storedBytes(inventory, read)) };
    }
    yield* this.#readLots(Int32Array.from(left), blobLot);
  }

  async *#readPacks(packs: PackLots, type: "commit" | "tree"): AsyncIterable<Batch> {
    for (const { stored, ...lot } of packs.lots(type)) {
      this.#options.signal.throwIfAborted();
      yield { ...lot, progress: this.#progress(stored) };
      // A lot is read in one go: without this nobody else, ^C included, would get a turn.
      await setImmediate();
    }
  }

  async *#readLots(objects: Int32Array, makeLot: MakeLot): AsyncIterable<Batch> {
    const { inventory } = this.#gathered;
    const { store, signal } = this.#options;
    for await (const answers of store.read(idsOf(inventory, objects), signal)) {
      const read = answers.map(({ oid }) => inventory.table.indexOf(oid));
      yield { ...makeLot(answers, this.#gathered), progress: this.#progress(storedBytes(inventory, read)) };
    }
  }

  /** Notes that so many more stored bytes are read, and says which share of all that makes. */
  #progress(stored: number): number {
    this.#done += stored;
    return Math.min(1, this.#done / this.#all);
  }
}

function storedBytes(inventory: Inventory, objects: Iterable<number>): number {
  let bytes = 0;
  for (const object of objects) if (object >= 0) bytes += inventory.stored(object);
  return bytes;
}
