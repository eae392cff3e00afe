/**
 * A *holding* is a shape at a commit: the same folders and targets, and with each target the runs it belongs to.
 * Holdings share all that did not change with those of their parents, so a commit costs what it changed.
 */
import type { Holds, Mark, Place } from "../../terms.ts";
import { type MarkSet, MarkSets, noMarks } from "./mark-sets.ts";
import type { HistoryRecord } from "./record.ts";
import { OpenRun } from "./runs.ts";
import { emptyShape, type ShapeEntry, type Shapes } from "./shape.ts";

/** A target at a path, with the run of each mark it carries there. */
export interface Leaf {
  readonly object: number;
  readonly runs: readonly OpenRun[];
}

export interface Holding {
  readonly shape: number;
  /** Every mark at or below this folder. */
  readonly marks: MarkSet;
  readonly folders: ReadonlyMap<number, Holding>;
  /** By `leafKey`, since a file name and what the file holds can both be a target. */
  readonly leaves: ReadonlyMap<number, Leaf>;
  /** The marks of the leaves. */
  readonly own: MarkSet;
}

export const nothingHeld: Holding = {
  shape: emptyShape,
  marks: noMarks,
  folders: new Map(),
  leaves: new Map(),
  own: noMarks,
};

const leafKey = ({ kind, name }: LeafEntry): number => 2 * name + (kind === "path" ? 1 : 0);

type LeafEntry = Exclude<ShapeEntry, { readonly kind: "folder" }>;

/** The commit whose holding is being grown. */
export interface Growth {
  readonly commit: number;
  readonly order: number;
  /** `note` in the history of refs/notes, where file contents are notes. */
  readonly where: "content" | "note";
}

/** Folders below folders that are followed. Git itself refuses trees that are some deeper. */
const deepest = 1000;

/** Places in one commit that are followed: seven trees can be built that have more than there are atoms. */
const mostPlaces = 100_000;

/** Places told of those that were not followed. */
const mostCuts = 10;

export class Grower {
  readonly sets = new MarkSets();
  /** Every run that was ever opened; several may have become one. */
  readonly runs: OpenRun[] = [];
  /** Objects that lay at a path of some commit. */
  readonly placed = new Set<number>();
  /** Places that were not followed: below too many folders, or too many in one commit. */
  readonly cut = new Set<string>();
  #places = 0;
  readonly #record: HistoryRecord;
  readonly #shapes: Shapes;
  readonly #holds: Holds;

  constructor(record: HistoryRecord, shapes: Shapes, holds: Holds) {
    this.#record = record;
    this.#shapes = shapes;
    this.#holds = holds;
  }

  /** What a tree of this shape holds, given what its parents held; a parent's own holding where nothing changed. */
  grow(shape: number, parents: readonly Holding[], growth: Growth): Holding {
    this.#places = 0;
    return this.#grow(shape, parents, { ...growth, path: "", depth: 0 });
  }

  #grow(shape: number, parents: readonly Holding[], growth: Growth & { path: string; depth: number }): Holding {
    const [first] = parents;
    if (first?.shape === shape && parents.every((parent) => parent === first)) return first;
    if (shape === emptyShape) return nothingHeld;
    const { path, depth } = growth;
    if (depth > deepest || this.#places > mostPlaces) {
      if (this.cut.size < mostCuts) this.cut.add(utf8(path.slice(0, 200)));
      return nothingHeld;
    }
    const folders = new Map<number, Holding>();
    const leaves = new Map<number, Leaf>();
    let below = noMarks;
    for (const entry of this.#shapes.entries(shape)) {
      if (entry.kind !== "folder") {
        const key = leafKey(entry);
        leaves.set(key, this.#leaf(entry, { parents, key }, growth));
        continue;
      }
      const before = parents.flatMap((parent) => parent.folders.get(entry.name) ?? []);
      const at = `${path}${this.#record.names[entry.name] ?? ""}/`;
      const folder = this.#grow(entry.shape, before, { ...growth, path: at, depth: depth + 1 });
      folders.set(entry.name, folder);
      below = this.sets.union(below, folder.marks);
    }
    const own = first !== undefined && sameLeaves(leaves, first.leaves) ? first.own : this.sets.of(marksOf(leaves));
    return { shape, marks: this.sets.union(below, own), folders, leaves, own };
  }

  #leaf(
    entry: LeafEntry,
    { parents, key }: { readonly parents: readonly Holding[]; readonly key: number },
    { path, where, commit, order }: Growth & { path: string },
  ): Leaf {
    // A name stays itself whatever the file below it becomes, so all its versions are one.
    const object = entry.kind === "path" ? -1 - entry.name : entry.object;
    this.#places++;
    const [only] = parents;
    const kept = parents.length === 1 ? only?.leaves.get(key) : undefined;
    if (kept?.object === object) return kept;
    const before = parents.flatMap((parent) => parent.leaves.get(key) ?? []);
    this.placed.add(object);
    const same = before.find((leaf) => leaf.object === object);
    if (same && before.every((leaf) => leaf === same)) return same;
    if (same) {
      for (const run of same.runs) this.#joinAll(run, before);
      return same;
    }
    const at = utf8(path + (this.#record.names[entry.name] ?? ""));
    const place: Place = { where: entry.kind === "path" ? "path" : where, path: at };
    const runs = this.#holds(contentId(this.#record, object), place).map((mark) => {
      const run = this.#joinAll(undefined, before, mark) ?? this.#open(mark, place);
      run.add({ commit, order, object });
      return run;
    });
    return { object, runs };
  }

  /** Joins every run of the same mark in `before`; returns one of them. */
  #joinAll(run: OpenRun | undefined, before: readonly Leaf[], mark: Mark | undefined = run?.mark): OpenRun | undefined {
    let joined = run;
    for (const leaf of before) {
      for (const other of leaf.runs) {
        if (other.mark !== mark) continue;
        if (joined) joined.join(other);
        else joined = other;
      }
    }
    return joined;
  }

  #open(mark: Mark, place: Place): OpenRun {
    const run = new OpenRun(mark, place);
    this.runs.push(run);
    return run;
  }
}

function sameLeaves(one: ReadonlyMap<number, Leaf>, other: ReadonlyMap<number, Leaf>): boolean {
  if (one.size !== other.size) return false;
  for (const [key, leaf] of one) if (other.get(key) !== leaf) return false;
  return true;
}

function* marksOf(leaves: ReadonlyMap<number, Leaf>): Iterable<Mark> {
  for (const { runs } of leaves.values()) for (const { mark } of runs) yield mark;
}

/** The content that an object index, or a name (as -1 - number), stands for. */
export function contentId(record: HistoryRecord, object: number): string {
  return object >= 0 ? record.inventory.table.hex(object) : nameContent(record.names[-1 - object] ?? "");
}

/** Content id of a file name, which is a text of its own: no object id contains a colon. */
export const nameContent = (name: string): string => `name:${name}`;

/** Paths are bytes to git; names were read as latin1 to keep every byte. */
const utf8 = (path: string): string => Buffer.from(path, "latin1").toString("utf8");
