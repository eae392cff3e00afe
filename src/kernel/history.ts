/**
 * The kernel's walker of history, seen from outside: a WebAssembly module of its own, `dist/history.wasm`, written in
 * AssemblyScript (`assembly/history/`). It rebuilds families of trees and commits and tells what is worth keeping of
 * each. An instance belongs to one driver.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The ids of a repository as a table that finds them; `OidTable.parts`. */
export interface IdTable {
  readonly idBytes: number;
  readonly ids: Uint8Array;
  readonly slots: Int32Array;
  readonly seeds: readonly [number, number];
}

/** How many nodes, and how many bytes, must find room. */
export interface WalkRoom {
  readonly nodes: number;
  readonly input: number;
  readonly arena: number;
}

/** Who is told of what the walker meets. Bytes are the kernel's own: they are good until the function returns. */
export interface HistoryWatcher {
  /** A name that was not met before. Answers its number, and whether the name itself is to be followed. */
  learn(name: Uint8Array): { readonly number: number; readonly isFollowed: boolean };
  /** An entry, not a submodule's, whose id the repository does not have. Answers a number for the id, from 0. */
  absent(id: Uint8Array): number;
  /**
   * A tree in which something is kept: four numbers each, the entry's place, its object (an index; for an absent one
   * -2 less its number), its name's number and what it is, one of `keptKinds`.
   */
  showTree(node: number, kept: Int32Array): void;
  /** A commit. `parts` is what was read of it; absent where it is not written as git writes commits. */
  showCommit(node: number, bytes: Uint8Array, parts: CommitParts | undefined): void;
}

/** What a commit says of history; places are in its bytes. All that it names is here. */
export interface CommitParts {
  /** Index of its tree. */
  readonly tree: number;
  /** Indices of its parents. */
  readonly parents: readonly number[];
  /** Committer's date in seconds since 1970. */
  readonly time: number;
  readonly authorStart: number;
  readonly authorEnd: number;
  readonly committerEnd: number;
  readonly message: number;
}

/** What a kept entry is: a folder, a file whose content is followed, a name that is followed, what no store holds. */
export const keptKinds = { folder: 0, content: 1, path: 2, absent: 3 } as const;

/** What became of a node. */
export const walkState = { unread: 0, read: 1, broken: 2, tooLarge: 3, cutShort: 4 } as const;

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly idsAt: WebAssembly.Global;
  readonly slotsAt: WebAssembly.Global;
  readonly followedAt: WebAssembly.Global;
  readonly nodesAt: WebAssembly.Global;
  readonly inputAt: WebAssembly.Global;
  initInflate(): void;
  layOut(objects: number, idBytes: number, slots: number, nodes: number, input: number, arena: number): number;
  setIds(idBytes: number, slots: number, first: number, second: number): void;
  beginNames(objects: number, seed: number): void;
  walkTrees(root: number): void;
  walkCommits(root: number): void;
}

export class HistoryKernel {
  readonly #exports: Exports;
  #bytes: Uint8Array;
  #words: Int32Array;

  constructor(watcher: HistoryWatcher) {
    const absent = (id: number, _name: number): number =>
      -2 - watcher.absent(this.bytes.subarray(id >>> 0, (id >>> 0) + this.#idBytes));
    const showTree = (node: number, kept: number, count: number): void =>
      watcher.showTree(node, this.words.subarray(kept >>> 2, (kept >>> 2) + 4 * count));
    const show = (node: number, at: number, length: number, parts: number): void =>
      watcher.showCommit(node, this.bytes.subarray(at >>> 0, (at >>> 0) + length), this.#parts(parts >>> 2));
    const learn = (at: number, length: number): number => {
      const { number, isFollowed } = watcher.learn(this.bytes.subarray(at >>> 0, (at >>> 0) + length));
      return number * 2 + (isFollowed ? 1 : 0);
    };
    const instance = new WebAssembly.Instance(historyModule(), {
      names: { learn },
      entries: { absent },
      family: { showTree },
      commit: { show },
    });
    this.#exports = instance.exports as Exports;
    this.#exports.initInflate();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#words = new Int32Array(this.#exports.memory.buffer);
  }

  #idBytes = 20;

  /** All of the kernel's memory. Do not keep it: it grows with every new name. */
  get bytes(): Uint8Array {
    const { buffer } = this.#exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  /** The same memory in 32 bits. */
  get words(): Int32Array {
    const { buffer } = this.#exports.memory;
    if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer);
    return this.#words;
  }

  /** Where nodes begin; see `assembly/history/family.ts` for what is in them. */
  get nodesAt(): number {
    return this.#exports.nodesAt.value >>> 0;
  }

  /** Where compressed bytes may be written. */
  get inputAt(): number {
    return this.#exports.inputAt.value >>> 0;
  }

  /**
   * Lays its memory out for a repository; `followed` has 1 for each object whose content is followed. False where there
   * is not so much memory.
   */
  begin({ idBytes, ids, slots, seeds }: IdTable, followed: Uint8Array, { nodes, input, arena }: WalkRoom): boolean {
    this.#idBytes = idBytes;
    const exports = this.#exports;
    if (exports.layOut(ids.length / idBytes, idBytes, slots.length, nodes, input, arena) === 0) return false;
    const lay = (bytes: Uint8Array, at: WebAssembly.Global): void => this.bytes.set(bytes, at.value >>> 0);
    lay(ids, exports.idsAt);
    lay(new Uint8Array(slots.buffer, slots.byteOffset, slots.byteLength), exports.slotsAt);
    lay(followed, exports.followedAt);
    exports.setIds(idBytes, slots.length, ...seeds);
    exports.beginNames(ids.length / idBytes, seeds[0]);
    return true;
  }

  /** Walks the family of trees of the node `root`. */
  walkTrees(root: number): void {
    this.#exports.walkTrees(root);
  }

  /** Walks the family of commits of the node `root`. */
  walkCommits(root: number): void {
    this.#exports.walkCommits(root);
  }

  #parts(at: number): CommitParts | undefined {
    if (at === 0) return undefined;
    const { words } = this;
    const word = (number: number): number => words[at + number] ?? 0;
    return {
      tree: word(0),
      parents: Array.from(words.subarray(at + 8, at + 8 + word(7))),
      time: word(5) * 1e6 + word(6),
      authorStart: word(1),
      authorEnd: word(2),
      committerEnd: word(3),
      message: word(4),
    };
  }
}

function historyModule(): WebAssembly.Module {
  // The bundler decides whether this file lies in dist/ or in a folder of it; from source it is in the build's.
  const file = ["history.wasm", "../history.wasm", "../../dist/history.wasm"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  if (file === undefined) throw new Error("history.wasm is not beside the program: run npm run build");
  return new WebAssembly.Module(readFileSync(file));
}
