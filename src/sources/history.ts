/** All that a repository's object stores hold, and where in its history each thing stands. Nothing here depends on diffs. */
import type { NamedFiles } from "../bytes/named-files.ts";
import { catFileStore } from "../git/cat-file.ts";
import { type AbsentObject, absentObjects } from "../git/history/absent.ts";
import { climber } from "../git/history/climb.ts";
import { HistoryRecord } from "../git/history/record.ts";
import { commitOf, type Tip, type Walked, walk } from "../git/history/tips.ts";
import { isBranch, traceHistory } from "../git/history/trace.ts";
import { readIndex } from "../git/index-file.ts";
import type { Inventory, ObjectStore } from "../git/object-store.ts";
import type { FamilySearch } from "../git/pack/family-search.ts";
import { packStore } from "../git/pack/pack-store.ts";
import { shallowCommits } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import { verifiedStore } from "../git/verified-store.ts";
import type { Batch, Holds, Skip, Source, Traced } from "../terms.ts";
import { Barren, type ObjectMemory } from "./barren.ts";
import { blobLot } from "./blobs.ts";
import type { ContentsCrew } from "./contents.ts";
import { followedBlobs, type Gathered, unreadSkips } from "./gathered.ts";
import { idsOf } from "./ids.ts";
import { followBelow } from "./named.ts";
import { ReadAll } from "./read-all.ts";
import { readSelection, type Selection } from "./selection.ts";
import { readBefore, readShown, waysTo } from "./surroundings.ts";
import { readTips, refLot } from "./tips.ts";

export interface HistoryOptions {
  readonly selection: Selection;
  /** Bytes; larger blobs are skipped by policy. Absent: no limit. */
  readonly maxFileSize?: number;
  /** The cut-off history of a shallow clone is a skip by policy, not by fault. */
  readonly allowShallow: boolean;
  /** So is an object that a partial clone was promised. */
  readonly allowPartial: boolean;
  /** Searches delta families of packs. Absent: every blob is shown to the engine whole. */
  readonly families?: FamilySearch;
  /** Searches blobs on other threads. Absent: nobody does. */
  readonly contents?: ContentsCrew;
  /** Remembers objects in which nothing is found. Absent: nobody does. */
  readonly objects?: ObjectMemory;
}

/** Git's own store of a repository, for a few objects: nothing is read that is not asked for. */
export const gitStoreOf = ({ git, objectFormat, partial }: Repository): ObjectStore =>
  catFileStore(git, { idBytes: objectFormat === "sha256" ? 32 : 20, partial });

/** The object store of a repository, for all of it: packs read where they lie, and git for what that cannot do. */
export function storeOf(
  repository: Repository,
  { verifyObjects = false }: { verifyObjects?: boolean } = {},
): ObjectStore {
  const { place } = repository.git;
  const idBytes = repository.objectFormat === "sha256" ? 32 : 20;
  const fallback = gitStoreOf(repository);
  const store = place ? packStore(place, { idBytes, fallback }) : fallback;
  return verifyObjects ? verifiedStore(store, idBytes) : store;
}

export class HistorySource implements Source {
  readonly label = "history";
  readonly #repository: Repository;
  readonly #store: ObjectStore;
  readonly #options: HistoryOptions;
  #gathered: Gathered | undefined;
  #tips: readonly Tip[] = [];
  #boundary: readonly string[] = [];
  /** Ids of absent objects that a range only passed on. */
  #untouched: ReadonlySet<string> = new Set();
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

  async *batches(signal: AbortSignal, named?: NamedFiles): AsyncIterable<Batch> {
    const inventory = await this.#store.inventory(signal);
    const {
      objects: chosen,
      boundary,
      untouched,
    } = await readSelection(this.#repository, inventory, {
      ...this.#options.selection,
      signal,
    });
    const barren = await this.#barren(inventory);
    const gathered: Gathered = {
      repository: this.#repository,
      inventory,
      record: new HistoryRecord(inventory),
      chosen,
      maxFileSize: this.#options.maxFileSize ?? Number.POSITIVE_INFINITY,
      matched: new Set(),
      unread: new Map(),
      texts: [],
      ...(barren && { barren }),
      ...(named && { named }),
      signal,
    };
    this.#gathered = gathered;
    this.#boundary = boundary;
    this.#untouched = untouched;
    const { tips, skips } = await readTips(this.#repository, inventory);
    this.#tips = tips;
    yield { ...refLot(tips, gathered), skips: [...skips, ...complaintSkips(inventory)], progress: 0 };
    const { families, contents } = this.#options;
    const reading = new ReadAll(gathered, { store: this.#store, families, contents, signal });
    yield* reading.batches();
    const following = { store: this.#store, signal, followed: new Set<number>() };
    yield* followBelow(gathered, following);
    if (this.#options.selection.kind === "range" && gathered.record.targets.count > 0) {
      yield* this.#readSurroundings(gathered, boundary, signal);
      yield* followBelow(gathered, following);
    }
    this.#finished = true;
    const { commonDir } = this.#repository;
    if (barren?.isWorthKeeping) await this.#options.objects?.keep(commonDir, barren.bytes);
  }

  /** What earlier scans say of objects; a range has too few of them to ask. */
  async #barren({ table }: Inventory): Promise<Barren | undefined> {
    const { objects, selection } = this.#options;
    if (objects === undefined || selection.kind === "range") return undefined;
    return new Barren(table, await objects.recall(this.#repository.commonDir));
  }

  /** Looks at what the range changed as it was before, and at what the branches have under the same names. */
  async *#readSurroundings(gathered: Gathered, boundary: readonly string[], signal: AbortSignal): AsyncIterable<Batch> {
    const { record, inventory, matched, chosen, named } = gathered;
    const { table } = inventory;
    // Only what the inventory lists is asked for, so that even a partial clone needs no second inventory.
    const reading = { store: catFileStore(this.#repository.git, { idBytes: table.idBytes }), inventory, signal };
    const before = boundary.map((id) => record.number(table.indexOf(id)));
    const within = allCommits(record).filter((commit) => chosen?.[record.commits.at(commit)] === 1);
    const tips = this.#tips.filter(isBranchTip).map(({ object }) => commitOf(record, object));
    const earlier = await readBefore({ before: treesOf(record, before), after: treesOf(record, within) }, reading);
    const shown = await readShown(treesOf(record, tips), waysTo(record, followedBlobs(gathered)), reading);
    const fresh = [...new Set([...earlier.blobs, ...shown.blobs])].filter((blob) => chosen?.[blob] !== 1);
    for await (const answers of this.#store.read(idsOf(inventory, fresh), signal)) {
      yield { ...blobLot(answers, gathered), tally: {}, progress: 1 };
    }
    const targets = { content: (blob: number) => matched.has(blob), name: () => false, file: named?.fileMay };
    for (const [tree, bytes] of new Map([...earlier.trees, ...shown.trees])) {
      if (chosen?.[tree] !== 1) record.addTree(tree, bytes, targets);
    }
  }

  async trace(holds: Holds): Promise<Traced> {
    if (!this.#gathered) return { marks: new Map(), skips: [] };
    const { record, inventory, texts, chosen } = this.#gathered;
    const isRange = this.#options.selection.kind === "range";
    const walked = walk(record, this.#tips);
    const { marks, cut } = traceHistory(walked, {
      texts,
      blobs: [...followedBlobs(this.#gathered)],
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

  async #indexEntries({ inventory, matched, named, chosen }: Gathered): Promise<{ path: string; object: number }[]> {
    // Of what the index alone names somebody who asked for some commits has heard nothing.
    const isNamed = chosen === undefined ? named?.has : undefined;
    if ((matched.size === 0 && isNamed === undefined) || this.#options.selection.kind === "range") return [];
    const repository = this.#repository;
    const entries = [...(await readIndex(repository, { indexFile: repository.git.place?.indexFile }))];
    for (const worktree of await repository.worktrees()) entries.push(...(await readIndex(worktree)));
    return entries
      .map(({ path, oid }) => ({ path, object: inventory.table.indexOf(oid) }))
      .filter(({ path, object }) => matched.has(object) || (object >= 0 && isNamed?.(path)));
  }

  async #absentSkips({ unread, inventory, record, chosen }: Gathered, walked: Walked): Promise<Skip[]> {
    const { allowShallow, allowPartial, selection } = this.#options;
    const isRange = selection.kind === "range";
    const isOurs = (object: number): boolean => !isRange || chosen?.[object] === 1;
    const shallow = await shallowCommits(this.#repository);
    const skips = shallow
      .filter((commit) => isOurs(inventory.table.indexOf(commit)))
      .map((commit) => cutOff(commit, allowShallow));
    const promised = this.#repository.partial;
    const broken = new Map(inventory.unreadable.map(({ oid, reason }) => [oid, reason]));
    const absent = isRange ? absentBelow(record, isOurs) : absentObjects(walked, new Set(shallow));
    for (const { id, kind, path } of absent) {
      if (this.#untouched.has(id) || unread.has(inventory.table.indexOf(id))) continue;
      const why = promised ? "a partial clone: the remote promised it and it was not fetched" : "is missing";
      skips.push({
        ...(kind === "parent" ? { commit: id } : { blob: id }),
        ...(path !== "" && { path }),
        by: promised && allowPartial && !broken.has(id) ? "policy" : "fault",
        reason: broken.get(id) ?? why,
      });
      broken.delete(id);
    }
    // Of what cannot even be listed, and nothing chosen names, a range has nothing to say.
    if (isRange) return skips;
    return [...skips, ...[...broken].map(([blob, reason]): Skip => ({ blob, by: "fault", reason }))];
  }
}

const cutOff = (commit: string, allowShallow: boolean): Skip => ({
  commit,
  by: allowShallow ? "policy" : "fault",
  reason: "the clone is shallow: what came before was not fetched (git fetch --unshallow)",
});

/** Absent objects that a commit, tree or tag of ours names. */
function absentBelow(record: HistoryRecord, isOurs: (object: number) => boolean): AbsentObject[] {
  const named = [...record.absent].filter(({ namedBy }) => namedBy.some(isOurs));
  if (named.length === 0) return [];
  const climb = climber(record);
  return named.map(({ id, namedBy, path }) => {
    const namer = namedBy.find(isOurs) ?? -1;
    return { id, kind: "object", path: path === "" ? "" : climb(namer, path).path };
  });
}

const allCommits = ({ commits }: HistoryRecord): number[] => Array.from({ length: commits.length }, (_, at) => at);

/** Object indices of the trees of those commits, by number, that are here with their tree. */
const treesOf = (record: HistoryRecord, commits: readonly number[]): number[] =>
  commits
    .filter((commit) => commit >= 0)
    .map((commit) => record.trees.at(commit))
    .filter((tree) => tree >= 0);

const cutSkip = (path: string): Skip => ({
  path,
  by: "fault",
  reason: "lies too deep or at too many places for all of them to be told",
});

const isBranchTip = ({ kind, name }: Tip): boolean => kind === "ref" && isBranch(name);

const complaintSkips = ({ complaints }: Inventory): Skip[] =>
  complaints.map((reason): Skip => ({ by: "fault", reason }));
