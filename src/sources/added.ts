/**
 * What a push adds, as a source: the added objects alone, without an inventory of the repository. They are read in one
 * pass, and the trees, whose turn comes when it is known which blobs matter, are kept meanwhile as far as they are few.
 */

import type { NamedFiles } from "../bytes/named-files.ts";
import type { Added } from "../git/added.ts";
import type { Git } from "../git/git.ts";
import type { CommitHeader } from "../git/history/objects.ts";
import { HistoryRecord } from "../git/history/record.ts";
import { type Tip, walk } from "../git/history/tips.ts";
import { traceHistory } from "../git/history/trace.ts";
import { nearStore } from "../git/loose-first.ts";
import type { Answer, Inventory, ObjectType, StoredObject } from "../git/object-store.ts";
import type { OidTable } from "../git/oid-table.ts";
import type { Batch, Holds, Skip, Source, Traced } from "../terms.ts";
import { blobLot } from "./blobs.ts";
import { followedBlobs, type Gathered, type Lot, unreadSkips } from "./gathered.ts";
import { commitLot, tagLot, treeLot } from "./texts.ts";
import { refLot } from "./tips.ts";

/** A ref as it will be on the other side. */
export interface PushedTip {
  /** Full name on the other side. */
  readonly name: string;
  readonly oid: string;
  /** The other side has no ref of this name yet, so that the name is added, too. */
  readonly isNew: boolean;
}

export interface AddedOptions {
  readonly git: Git;
  readonly commonDir: string;
  readonly tips: readonly PushedTip[];
  readonly added: Promise<Added>;
  /** Ids of commits whose parents a shallow clone has not got. */
  readonly shallow: ReadonlySet<string>;
  /** Bytes; larger blobs are skipped by policy. Absent: no limit. */
  readonly maxFileSize?: number;
  readonly allowShallow: boolean;
  /** Why absent objects of the push don't count, where the other side is known to have promised them. */
  readonly promised?: boolean;
}

/** Bytes of trees that are kept in memory until their turn comes; what is more is read again. */
const mostTreeBytes = 64 << 20;

export class AddedSource implements Source {
  readonly label = "push";
  readonly #options: AddedOptions;
  #gathered: Gathered | undefined;
  #tips: readonly Tip[] = [];

  constructor(options: AddedOptions) {
    this.#options = options;
  }

  async *batches(signal: AbortSignal, named?: NamedFiles): AsyncIterable<Batch> {
    const { git, commonDir, tips, added, maxFileSize = Number.POSITIVE_INFINITY } = this.#options;
    const listed = await added;
    const ids = idsOf(listed.table, listed.table.count);
    const skips = await this.#absentSkips(listed);
    const inventory = new AddedInventory(listed.table);
    const record = new AddedRecord(inventory, new Set(listed.missing));
    const gathered: Gathered = {
      repository: { commonDir },
      inventory,
      record,
      chosen: undefined,
      maxFileSize,
      matched: new Set(),
      unread: new Map(),
      texts: [],
      ...(named && { named }),
      signal,
    };
    this.#gathered = gathered;
    this.#tips = tips.map(({ name, oid }): Tip => ({ kind: "ref", name, object: inventory.table.indexOf(oid) }));
    const fresh = tips.filter(({ isNew }) => isNew).map(({ name }): Tip => ({ kind: "ref", name, object: -1 }));
    yield { ...refLot(fresh, gathered), skips, progress: 0 };
    const store = await nearStore(git, inventory.table);
    const trees = new KeptTrees();
    let done = 0;
    for await (const answers of store.read(ids, signal)) {
      for (const answer of answers) inventory.learn(answer);
      done += answers.length;
      trees.keep(answers.filter(isTree));
      yield { ...mixedLot(answers, gathered), progress: done / inventory.count };
    }
    if (trees.kept.length > 0) yield { ...treeLot(trees.kept, gathered), progress: 1 };
    for await (const answers of store.read(trees.left, signal)) yield { ...treeLot(answers, gathered), progress: 1 };
    if (named === undefined) return;
    const { followBelow } = await import("./named.ts"); // hardly any push has rules that look at paths
    yield* followBelow(gathered, { store, signal, followed: new Set() });
  }

  async trace(holds: Holds): Promise<Traced> {
    if (!this.#gathered) return { marks: new Map(), skips: [] };
    const { record, texts } = this.#gathered;
    const walked = walk(
      record,
      this.#tips.filter(({ object }) => object >= 0),
    );
    const request = { texts, blobs: [...followedBlobs(this.#gathered)], index: [], holds, isWhole: true, boundary: [] };
    const { marks, cut } = traceHistory(walked, request);
    const reason = "lies too deep or at too many places for all of them to be told";
    return {
      marks,
      skips: [...unreadSkips(this.#gathered), ...cut.map((path): Skip => ({ path, by: "fault", reason }))],
    };
  }

  /** What of the push is not here, and what a shallow clone keeps from us. */
  async #absentSkips({ table, missing }: Added): Promise<Skip[]> {
    const { git, tips, shallow, allowShallow, promised = false } = this.#options;
    const unlisted = [...new Set(tips.map(({ oid }) => oid))].filter((oid) => table.indexOf(oid) < 0);
    const gone = await absentAmong(git, unlisted);
    const absent = (blob: string): Skip => ({ blob, by: promised ? "policy" : "fault", reason: whyAbsent(promised) });
    return [
      ...[...missing, ...gone].map(absent),
      ...[...shallow]
        .filter((commit) => table.indexOf(commit) >= 0)
        .map((commit): Skip => {
          const reason = "the clone is shallow: what came before was not fetched (git fetch --unshallow)";
          return { commit, by: allowShallow ? "policy" : "fault", reason };
        }),
    ];
  }
}

const whyAbsent = (promised: boolean): string =>
  promised ? "a partial clone: the remote promised it, so it is there already" : "is missing";

/** Those of `oids` that no store holds. */
async function absentAmong(git: Git, oids: readonly string[]): Promise<string[]> {
  if (oids.length === 0) return [];
  const said = await git.run(["cat-file", "--batch-check"], { input: [`${oids.join("\n")}\n`] });
  return said.split("\n").flatMap((line) => (line.endsWith(" missing") ? [line.slice(0, -" missing".length)] : []));
}

/** The ids of the first `count` objects of a table. */
function* idsOf(table: OidTable, count: number): Iterable<string> {
  for (let index = 0; index < count; index++) yield table.hex(index);
}

const isTree = (answer: Answer): answer is StoredObject => answer.kind === "whole" && answer.type === "tree";

const isLargeTree = (answer: Answer): boolean => answer.kind === "large" && answer.type === "tree";

/** Blobs, commits and tags as they come; what cannot be read is told once, as what it was listed. */
function mixedLot(answers: readonly Answer[], gathered: Gathered): Lot {
  const of = (type: ObjectType): Answer[] =>
    answers.filter((answer) => (answer.kind === "unreadable" ? type === "blob" : answer.type === type));
  const lots = [
    blobLot(of("blob"), gathered),
    commitLot(of("commit"), gathered),
    tagLot(of("tag"), gathered),
    treeLot(answers.filter(isLargeTree), gathered), // not kept: only to say that none is so large
  ];
  const sum = (count: (lot: Lot) => number | undefined): number =>
    lots.reduce((total, lot) => total + (count(lot) ?? 0), 0);
  return {
    tally: {
      blobs: sum(({ tally }) => tally.blobs),
      commits: sum(({ tally }) => tally.commits),
      texts: sum(({ tally }) => tally.texts),
      bytes: sum(({ tally }) => tally.bytes),
    },
    get skips() {
      return lots.flatMap(({ skips }) => skips);
    },
    async *search(engine) {
      for (const lot of lots) yield* lot.search(engine);
    },
  };
}

/** Trees between the pass that meets them and their turn. */
class KeptTrees {
  readonly kept: StoredObject[] = [];
  /** Ids of those that there was no room for. */
  readonly left: string[] = [];
  #bytes = 0;

  keep(trees: readonly StoredObject[]): void {
    for (const tree of trees) {
      this.#bytes += tree.size;
      if (this.#bytes > mostTreeBytes) this.left.push(tree.oid);
      else this.kept.push({ ...tree, bytes: Uint8Array.from(tree.bytes) });
    }
  }
}

const types: readonly ObjectType[] = ["commit", "tree", "blob", "tag"];

/** The added objects, whose types are learnt while they are read, and one tree more: `elsewhere`. */
class AddedInventory implements Inventory {
  readonly table: Inventory["table"];
  readonly count: number;
  readonly unreadable = [];
  readonly complaints = [];
  /** Id that stands for every tree of the other side: nothing in them is followed. */
  readonly elsewhere: string;
  readonly #types: Uint8Array;
  readonly #sizes: Float64Array;

  constructor(table: OidTable) {
    this.elsewhere = "0".repeat(2 * table.idBytes);
    table.addHex(this.elsewhere);
    this.table = table;
    this.count = table.count;
    this.#types = new Uint8Array(this.count).fill(types.indexOf("tree"));
    this.#sizes = new Float64Array(this.count);
  }

  learn(answer: Answer): void {
    const object = this.table.indexOf(answer.oid);
    if (answer.kind === "unreadable" || object < 0) return;
    this.#types[object] = types.indexOf(answer.type);
    this.#sizes[object] = answer.size;
  }

  type(index: number): ObjectType {
    return types[this.#types[index] ?? 0] ?? "tree";
  }

  stored(index: number): number {
    return this.#sizes[index] ?? 0;
  }

  of(type: ObjectType): Int32Array {
    const wanted = types.indexOf(type);
    return Int32Array.from(this.#types.keys()).filter((index) => this.#types[index] === wanted);
  }
}

/** A commit can have a tree of the other side again, as a revert does: it then holds nothing of what was added. */
class AddedRecord extends HistoryRecord {
  readonly #inventory: AddedInventory;
  readonly #missing: ReadonlySet<string>;

  constructor(inventory: AddedInventory, missing: ReadonlySet<string>) {
    super(inventory);
    this.#inventory = inventory;
    this.#missing = missing;
  }

  override addCommit(object: number, header: CommitHeader): void {
    const { table, elsewhere } = this.#inventory;
    const isElsewhere = table.indexOf(header.tree) < 0 && !this.#missing.has(header.tree);
    super.addCommit(object, isElsewhere ? { ...header, tree: elsewhere } : header);
  }
}
