/**
 * All that a repository's object stores hold. The order of reading is the design: blobs first, since history follows
 * only those in which something was matched; then commits and tags; then trees, which are read once, and of which
 * only the folders and what must be followed stay in memory. Nothing here depends on diffs.
 */
import { catFileStore } from "../git/cat-file.ts";
import { absentObjects } from "../git/history/absent.ts";
import { pathsOf } from "../git/history/climb.ts";
import { HistoryRecord } from "../git/history/record.ts";
import { commitOf, type Tip, type Walked, walk } from "../git/history/tips.ts";
import { isBranch, traceHistory } from "../git/history/trace.ts";
import { readIndex } from "../git/index-file.ts";
import type { Inventory, ObjectStore } from "../git/object-store.ts";
import { shallowCommits } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import type { Batch, Holds, Skip, Source, Traced } from "../terms.ts";
import { blobLot } from "./blobs.ts";
import type { Gathered, MakeLot } from "./gathered.ts";
import { readSelection, type Selection } from "./selection.ts";
import { readSurroundings } from "./surroundings.ts";
import { commitLot, tagLot, treeLot } from "./texts.ts";
import { readTips, refLot } from "./tips.ts";

export interface HistoryOptions {
  readonly selection: Selection;
  /** Bytes; larger blobs are skipped by policy. Absent: no limit. */
  readonly maxFileSize?: number;
  /** The cut-off history of a shallow clone is a skip by policy, not by fault. */
  readonly allowShallow: boolean;
  /** So is an object that a partial clone was promised. */
  readonly allowPartial: boolean;
}

/** The object store of a repository: git's own `cat-file`. */
export const storeOf = ({ git, objectFormat, partial }: Repository): ObjectStore =>
  catFileStore(git, { idBytes: objectFormat === "sha256" ? 32 : 20, partial });

export class HistorySource implements Source {
  readonly label = "history";
  readonly #repository: Repository;
  readonly #store: ObjectStore;
  readonly #options: HistoryOptions;
  #gathered: Gathered | undefined;
  #tips: readonly Tip[] = [];
  #boundary: readonly string[] = [];
  /** All was read: what has no place has none, and not only because nobody came to look. */
  #finished = false;

  constructor(repository: Repository, store: ObjectStore, options: HistoryOptions) {
    this.#repository = repository;
    this.#store = store;
    this.#options = options;
  }

  /** Whether this history holds an object with this id, so that its content needs no second look. */
  has(oid: string): boolean {
    return (this.#gathered?.inventory.table.indexOf(oid) ?? -1) >= 0;
  }

  /** Whether something was matched in the object with this id. */
  matched(oid: string): boolean {
    return this.#gathered?.matched.has(this.#gathered.inventory.table.indexOf(oid)) ?? false;
  }

  async *batches(signal: AbortSignal): AsyncIterable<Batch> {
    const inventory = await this.#store.inventory(signal);
    const { objects: chosen, boundary } = await readSelection(this.#repository, inventory, {
      ...this.#options.selection,
      signal,
    });
    const gathered: Gathered = {
      repository: this.#repository,
      inventory,
      record: new HistoryRecord(inventory),
      chosen,
      maxFileSize: this.#options.maxFileSize ?? Number.POSITIVE_INFINITY,
      matched: new Set(),
      unread: new Map(),
      texts: [],
    };
    this.#gathered = gathered;
    this.#boundary = boundary;
    const { tips, skips } = await readTips(this.#repository, inventory);
    this.#tips = tips;
    yield { ...refLot(tips, gathered), skips: [...skips, ...complaintSkips(inventory)], progress: 0 };
    yield* this.#readAll(gathered, signal);
    if (this.#options.selection.kind === "range" && gathered.matched.size > 0) {
      yield* this.#readSurroundings(gathered, boundary, signal);
    }
    this.#finished = true;
  }

  async *#readAll(gathered: Gathered, signal: AbortSignal): AsyncIterable<Batch> {
    const { inventory, chosen } = gathered;
    const isChosen = (object: number): boolean => chosen?.[object] !== 0;
    const lots: readonly (readonly [Int32Array, MakeLot])[] = [
      [inventory.of("blob").filter(isChosen), blobLot],
      // All commits, since who reaches whom does not end where a range does.
      [inventory.of("commit"), commitLot],
      [inventory.of("tag").filter(isChosen), tagLot],
      [inventory.of("tree").filter(isChosen), treeLot],
    ];
    const all = lots.reduce((sum, [objects]) => sum + bytesOf(inventory, objects), 1);
    let done = 0;
    for (const [objects, makeLot] of lots) {
      for await (const answers of this.#store.read(idsOf(inventory, objects), signal)) {
        for (const answer of answers) done += answer.kind === "unreadable" ? 0 : answer.size;
        yield { ...makeLot(answers, gathered), progress: done / all };
      }
    }
  }

  /** Looks at the same paths before the range and in the branches. */
  async *#readSurroundings(gathered: Gathered, boundary: readonly string[], signal: AbortSignal): AsyncIterable<Batch> {
    const { record, inventory, matched, chosen } = gathered;
    const { table } = inventory;
    const commits = [
      ...boundary.map((id) => record.number(table.indexOf(id))),
      ...this.#tips.filter(isBranchTip).map(({ object }) => commitOf(record, object)),
    ];
    const roots = commits.map((commit) => record.trees.at(commit)).filter((tree) => tree >= 0);
    const paths = new Set(
      [...pathsOf(record, matched).values()].map(({ path }) => Buffer.from(path).toString("latin1")),
    );
    const found = await readSurroundings(
      this.#store,
      roots.map((tree) => table.hex(tree)),
      { paths, idBytes: table.idBytes, signal },
    );
    const fresh = [...found.blobs].filter((id) => chosen?.[table.indexOf(id)] !== 1);
    for await (const answers of this.#store.read(fresh, signal)) {
      yield { ...blobLot(answers, gathered), tally: {}, progress: 1 };
    }
    for (const [id, bytes] of found.trees) {
      const tree = table.indexOf(id);
      const targets = { content: (blob: number) => matched.has(blob), name: () => false };
      if (chosen?.[tree] !== 1) record.addTree(tree, bytes, targets);
    }
  }

  async trace(holds: Holds): Promise<Traced> {
    if (!this.#gathered) return { marks: new Map(), skips: [] };
    const { record, inventory, texts, matched, chosen } = this.#gathered;
    const isRange = this.#options.selection.kind === "range";
    const walked = walk(record, this.#tips);
    const { marks, cut } = traceHistory(walked, {
      texts,
      blobs: [...matched],
      index: this.#finished ? await this.#indexEntries(this.#gathered) : [],
      holds,
      isWhole: this.#finished,
      ...(isRange && { speaks: (commit: number) => chosen?.[record.commits.at(commit)] === 1 }),
      boundary: this.#boundary.map((id) => record.number(inventory.table.indexOf(id))),
    });
    const brought = new Map([...marks].filter(([, { introduced }]) => !isRange || !this.#finished || introduced));
    const skips = [...unreadSkips(this.#gathered), ...(await this.#absentSkips(this.#gathered, walked))];
    return { marks: brought, skips: [...skips, ...cut.map(cutSkip)] };
  }

  async #indexEntries({ inventory, matched }: Gathered): Promise<{ path: string; object: number }[]> {
    if (matched.size === 0 || this.#options.selection.kind === "range") return [];
    const repository = this.#repository;
    const entries = [...(await readIndex(repository, repository.git.place?.indexFile))];
    for (const worktree of await repository.worktrees()) entries.push(...(await readIndex(worktree)));
    return entries
      .map(({ path, oid }) => ({ path, object: inventory.table.indexOf(oid) }))
      .filter(({ object }) => matched.has(object));
  }

  async #absentSkips({ unread, inventory }: Gathered, walked: Walked): Promise<Skip[]> {
    if (this.#options.selection.kind === "range") return [];
    const { allowShallow, allowPartial } = this.#options;
    const shallow = await shallowCommits(this.#repository);
    const skips: Skip[] = shallow.map((commit) => ({
      commit,
      by: allowShallow ? "policy" : "fault",
      reason: "the clone is shallow: what came before was not fetched (git fetch --unshallow)",
    }));
    const promised = this.#repository.partial;
    const broken = new Map(inventory.unreadable.map(({ oid, reason }) => [oid, reason]));
    for (const { id, kind, path } of absentObjects(walked, new Set(shallow))) {
      if (unread.has(inventory.table.indexOf(id))) continue;
      const why = promised ? "a partial clone: the remote promised it and it was not fetched" : "is missing";
      skips.push({
        ...(kind === "parent" ? { commit: id } : { blob: id }),
        ...(path !== "" && { path }),
        by: promised && allowPartial && !broken.has(id) ? "policy" : "fault",
        reason: broken.get(id) ?? why,
      });
      broken.delete(id);
    }
    return [...skips, ...[...broken].map(([blob, reason]): Skip => ({ blob, by: "fault", reason }))];
  }
}

const cutSkip = (path: string): Skip => ({
  path,
  by: "fault",
  reason: "lies too deep or at too many places for all of them to be told",
});

const isBranchTip = ({ kind, name }: Tip): boolean => kind === "ref" && isBranch(name);

function* idsOf({ table }: Inventory, objects: Int32Array): Iterable<string> {
  for (const object of objects) yield table.hex(object);
}

function bytesOf(inventory: Inventory, objects: Int32Array): number {
  let bytes = 0;
  for (const object of objects) bytes += inventory.size(object);
  return bytes;
}

const complaintSkips = ({ complaints }: Inventory): Skip[] =>
  complaints.map((reason): Skip => ({ by: "fault", reason }));

function unreadSkips({ record, unread, inventory }: Gathered): Skip[] {
  const paths = pathsOf(record, new Set(unread.keys()));
  return [...unread].map(([object, { by, reason }]) => {
    const path = paths.get(object)?.path;
    return { ...(path !== undefined && { path }), blob: inventory.table.hex(object), by, reason };
  });
}
