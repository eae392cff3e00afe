/**
 * What one reading of all commits, tags and trees leaves behind, in typed arrays: enough to say afterwards which
 * commit brought any blob in and which took it out, without reading anything again.
 *
 * Of a tree it keeps the folders below it and, of its files, only those that are a *target*: a blob in which
 * something was matched, or a name that is itself a match. That is why blobs are scanned before trees are read, and
 * it is what keeps a history of a hundred million tree entries in a few dozen megabytes.
 */
import { type CommitParts, keptKinds } from "../../kernel/history.ts";
import type { Inventory } from "../object-store.ts";
import { Ints } from "./ints.ts";
import { Lines } from "./lines.ts";
import { type CommitHeader, visitTree } from "./objects.ts";
import { type TargetEntry, type Targets, TargetTable } from "./targets.ts";

/** An object that a tree, commit or tag names and that no store holds. */
export interface Absent {
  readonly id: string;
  /** Indices of the objects that name it. */
  readonly namedBy: readonly number[];
  readonly path: string;
}

/** Parents by commit number: those of commit `c` are `parents` from `starts[c]` up to `starts[c + 1]`. */
export interface Ancestry {
  readonly starts: Int32Array;
  readonly parents: Int32Array;
}

export class HistoryRecord {
  readonly inventory: Inventory;
  /** Object index of each commit, by commit number. */
  readonly commits = new Ints();
  /** Object index of each commit's tree, by commit number; -1 when absent. */
  readonly trees = new Ints();
  readonly names: string[] = [];
  /** Target entries of trees. */
  readonly targets = new TargetTable();
  /** Object indices of files that are followed for their names. */
  readonly named = new Set<number>();
  /** Annotated tags: object index of the tag to that of what it points to. */
  readonly tags = new Map<number, number>();
  readonly #numbers: Int32Array;
  readonly #times: number[] = [];
  readonly #authors = new Lines();
  readonly #parentStart = new Ints();
  readonly #parents = new Ints();
  #ancestry: Ancestry = { starts: new Int32Array(0), parents: new Int32Array(0) };
  readonly #absentParents = new Map<number, string[]>();
  readonly #nameIds = new Map<string, number>();
  readonly #nameIsTarget: boolean[] = [];
  readonly #nameIsFile: boolean[] = [];
  readonly #nameOf: Int32Array;
  readonly #edgeStart: Int32Array;
  readonly #edgeCount: Int32Array;
  readonly #edges = new Ints();
  readonly #absent = new Map<string, { id: string; namedBy: number[]; path: string }>();

  constructor(inventory: Inventory) {
    this.inventory = inventory;
    this.#numbers = new Int32Array(inventory.count).fill(-1);
    this.#nameOf = new Int32Array(inventory.count).fill(-1);
    this.#edgeStart = new Int32Array(inventory.count);
    this.#edgeCount = new Int32Array(inventory.count);
  }

  addCommit(object: number, { tree, parents, author, time }: CommitHeader): void {
    const { table } = this.inventory;
    const absent = parents.filter((id) => table.indexOf(id) < 0);
    if (absent.length > 0) this.#absentParents.set(this.commits.length, absent);
    const here = parents.map((id) => table.indexOf(id)).filter((parent) => parent >= 0);
    this.addParts(object, { tree: this.#indexOf(tree, object), parents: here, time }, Buffer.from(author));
  }

  /** Like `addCommit`, for a commit that names only what is here; `author` is the author's line. */
  addParts(
    object: number,
    { tree, parents, time }: Pick<CommitParts, "tree" | "parents" | "time">,
    author: Uint8Array,
  ): void {
    this.#numbers[object] = this.commits.length;
    this.commits.push(object);
    this.trees.push(tree);
    this.#parentStart.push(this.#parents.length);
    for (const parent of parents) this.#parents.push(parent);
    this.#times.push(time);
    this.#authors.push(author);
  }

  addTag(object: number, target: string): void {
    const index = this.#indexOf(target, object);
    if (index >= 0) this.tags.set(object, index);
  }

  /** Keeps what matters of a raw tree. Returns false where the tree is cut short. */
  addTree(object: number, bytes: Uint8Array, targets: Targets): boolean {
    const { table } = this.inventory;
    this.#edgeStart[object] = this.#edges.length;
    const kept: TargetEntry[] = [];
    const whole = visitTree(bytes, table.idBytes, (kind, nameStart, nameEnd, idStart) => {
      const child = table.find(bytes, idStart);
      // Nearly always the object had this name the last time too, which is cheap to see.
      const last = this.#nameOf[child] ?? -1;
      const known = last >= 0 && this.#isName(last, bytes, nameStart, nameEnd);
      const name = known ? last : this.learnName(bytes.subarray(nameStart, nameEnd), targets).number;
      if (child >= 0) this.#nameOf[child] = name;
      if (this.#nameIsTarget[name]) kept.push({ name, object: child, kind: "path" });
      if (kind === "gitlink") return;
      if (child < 0) this.#noteAbsent(hexOf(bytes, idStart, table.idBytes), object, this.names[name]);
      else if (kind === "tree") this.#addEdge(object, child, name);
      else if (this.#nameIsFile[name]) kept.push(this.#namedEntry(name, child));
      else if (targets.content(child)) kept.push({ name, object: child, kind: "content" });
    });
    if (kept.length > 0 && !this.targets.has(object)) this.targets.set(object, kept);
    return whole;
  }

  /** Follows all files of a raw tree that was added before. */
  followFiles(object: number, bytes: Uint8Array): void {
    const { table } = this.inventory;
    const kept = [...this.targets.of(object)].filter(({ kind }) => kind === "path");
    visitTree(bytes, table.idBytes, (kind, nameStart, nameEnd, idStart) => {
      const child = kind === "blob" ? table.find(bytes, idStart) : -1;
      const name = child < 0 ? undefined : this.#nameIds.get(latin1(bytes.subarray(nameStart, nameEnd)));
      if (name !== undefined) kept.push(this.#namedEntry(name, child));
    });
    if (kept.length > 0) this.targets.set(object, kept);
  }

  /**
   * Keeps what the kernel's walk has found in a tree: four numbers for each entry, as `HistoryWatcher.showTree` says;
   * `absentIds` are the ids behind the numbers of absent objects.
   */
  addKept(object: number, kept: Int32Array, absentIds: readonly string[]): void {
    this.#edgeStart[object] = this.#edges.length;
    const targets: TargetEntry[] = [];
    for (let at = 0; at < kept.length; at += 4) {
      const child = kept[at + 1] ?? -1;
      const name = kept[at + 2] ?? 0;
      const kind = kept[at + 3] ?? keptKinds.folder;
      if (kind === keptKinds.folder) this.#addEdge(object, child, name);
      else if (kind === keptKinds.absent) this.#noteAbsent(absentIds[-2 - child] ?? "", object, this.names[name]);
      else if (kind === keptKinds.content) targets.push({ name, object: child, kind: "content" });
      else targets.push(...this.#followedFor(name, child));
    }
    if (targets.length > 0 && !this.targets.has(object))
      this.targets.set(object, this.named.size > 0 ? distinct(targets) : targets);
  }

  /** Number of a name, given out now if it is new, and whether the name itself is a target. */
  learnName(bytes: Uint8Array, targets: Targets): { readonly number: number; readonly isFollowed: boolean } {
    const text = latin1(bytes);
    let number = this.#nameIds.get(text);
    if (number === undefined) {
      number = this.names.length;
      this.#nameIds.set(text, number);
      this.names.push(text);
      this.#nameIsTarget.push(targets.name(bytes));
      if (targets.file?.(text)) this.#nameIsFile[number] = true;
    }
    return { number, isFollowed: this.#nameIsTarget[number] === true || this.#nameIsFile[number] === true };
  }

  /** Number of the commit with this object index, or -1. */
  number(object: number): number {
    return this.#numbers[object] ?? -1;
  }

  /** Commit numbers of the parents that are here; for absent ones see `absentParents`. */
  parents(commit: number): Int32Array {
    const { starts, parents } = this.ancestry;
    return parents.subarray(starts[commit], starts[commit + 1]);
  }

  /** The parents of all commits, for whoever walks them all. Made anew when commits have been added. */
  get ancestry(): Ancestry {
    const count = this.commits.length;
    if (this.#ancestry.starts.length === count + 1) return this.#ancestry;
    const starts = new Int32Array(count + 1);
    const parents = new Int32Array(this.#parents.length);
    let next = 0;
    for (let commit = 0; commit < count; commit++) {
      const end = commit + 1 < count ? this.#parentStart.at(commit + 1) : this.#parents.length;
      for (let at = this.#parentStart.at(commit); at < end; at++) {
        const parent = this.number(this.#parents.at(at));
        if (parent >= 0) parents[next++] = parent;
      }
      starts[commit + 1] = next;
    }
    this.#ancestry = { starts, parents: parents.subarray(0, next) };
    return this.#ancestry;
  }

  /** Ids of parents that a commit names and that no store holds: those of a shallow clone's oldest commits. */
  absentParents(commit: number): readonly string[] {
    return this.#absentParents.get(commit) ?? [];
  }

  time(commit: number): number {
    return this.#times[commit] ?? 0;
  }

  author(commit: number): string {
    return this.#authors.at(commit);
  }

  id(commit: number): string {
    return this.inventory.table.hex(this.commits.at(commit));
  }

  /** Calls `visit` with each folder of a tree: object index and number of its name. */
  folders(tree: number, visit: (child: number, name: number) => void): void {
    const start = this.#edgeStart[tree] ?? 0;
    for (let edge = 0; edge < (this.#edgeCount[tree] ?? 0); edge++) {
      visit(this.#edges.at(start + 2 * edge), this.#edges.at(start + 2 * edge + 1));
    }
  }

  get absent(): Iterable<Absent> {
    return this.#absent.values();
  }

  /** What is followed of an entry for its name: that, or the file that has it. */
  #followedFor(name: number, object: number): TargetEntry[] {
    const isFile = this.#nameIsFile[name] === true && object >= 0 && this.inventory.type(object) === "blob";
    return [
      ...(this.#nameIsTarget[name] ? [{ name, object, kind: "path" } as const] : []),
      ...(isFile ? [this.#namedEntry(name, object)] : []),
    ];
  }

  #namedEntry(name: number, object: number): TargetEntry {
    this.named.add(object);
    return { name, object, kind: "content" };
  }

  #addEdge(tree: number, child: number, name: number): void {
    this.#edges.push(child);
    this.#edges.push(name);
    this.#edgeCount[tree] = (this.#edgeCount[tree] ?? 0) + 1;
  }

  #indexOf(id: string, namedBy: number): number {
    const index = this.inventory.table.indexOf(id);
    if (index < 0) this.#noteAbsent(id, namedBy, "");
    return index;
  }

  #noteAbsent(id: string, namedBy: number, path = ""): void {
    const known = this.#absent.get(id);
    if (known) known.namedBy.push(namedBy);
    else this.#absent.set(id, { id, namedBy: [namedBy], path });
  }

  #isName(name: number, bytes: Uint8Array, start: number, end: number): boolean {
    const text = this.names[name] ?? "";
    if (text.length !== end - start) return false;
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
    return true;
  }
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

/** Entries of a tree, each once: the content behind a name can be followed for what it holds and for the name. */
function distinct(entries: readonly TargetEntry[]): readonly TargetEntry[] {
  if (entries.length < 2) return entries;
  return [...new Map(entries.map((entry) => [`${entry.kind} ${entry.name}`, entry])).values()];
}

const hexOf = (bytes: Uint8Array, start: number, length: number): string =>
  Buffer.from(bytes.subarray(start, start + length)).toString("hex");
