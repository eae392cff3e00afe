/**
 * The kernel, seen from outside: one WebAssembly module that inflates, rebuilds and prefilters in a memory of its own.
 * It is written in AssemblyScript (`assembly/`, where each export is documented) and built to `dist/kernel.wasm`.
 * Whoever drives it says how much memory it may lay out, writes to the regions that are the host's to write, and reads
 * what it left. An instance belongs to one thread and to one driver at a time.
 */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** How many of each kind, and how many bytes, must find room. */
export interface Regions {
  readonly entries: number;
  readonly links: number;
  readonly keywords: number;
  readonly gates: number;
  readonly nodes: number;
  readonly input: number;
  readonly arena: number;
}

/** An object that the host must look at; addresses are places in the kernel's memory, good until the visitor returns. */
export interface Visit {
  readonly node: number;
  readonly at: number;
  readonly length: number;
  /** What to notice in it, `noticeBytes` each; none where all objects are shown. */
  readonly notices: number;
  readonly count: number;
  /** Ancestors that are before it. */
  readonly depth: number;
  /** It may hold UTF-16. */
  readonly wide: boolean;
}

export type Visitor = (visit: Visit) => void;

/** Numbers of the keywords that stand for what is encoded. */
export interface SeenEncoded {
  /** A run of digits of base64 or hexadecimal. */
  readonly run: number;
  /** Marks behind a keyword. */
  readonly mark: number;
  /** Marks in a row. */
  readonly dense: number;
  /** Percent codes in a row that are marks in a row. */
  readonly codes: number;
}

/** Bytes of a node and of a notice; see `assembly/family.ts` for what is in them. */
export const nodeBytes = 32;
export const noticeBytes = 32;

/** Flag of a hit's keyword: something is claimed there. */
export const held = 1 << 30;

/** What became of a node. */
export const nodeState = { unread: 0, read: 1, broken: 2, tooLarge: 3, packed: 4 } as const;

interface Imports {
  visit(node: number, at: number, length: number, notices: number, count: number, depth: number, wide: number): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly slots: WebAssembly.Global;
  readonly heads: WebAssembly.Global;
  readonly entriesAt: WebAssembly.Global;
  readonly linksAt: WebAssembly.Global;
  readonly keywordsAt: WebAssembly.Global;
  readonly gatesAt: WebAssembly.Global;
  readonly nodesAt: WebAssembly.Global;
  readonly inputAt: WebAssembly.Global;
  readonly arenaAt: WebAssembly.Global;
  readonly foundAt: WebAssembly.Global;
  initInflate(): void;
  initRuns(): void;
  initAhead(): void;
  seedMemo(low: number, high: number): void;
  seeEncoded(run: number, mark: number, dense: number, codes: number): void;
  layOut(
    entries: number,
    links: number,
    keywords: number,
    gates: number,
    nodes: number,
    input: number,
    arena: number,
  ): number;
  setFurthest(bytes: number): void;
  seePacked(yes: number): void;
  inflate(from: number, fromEnd: number, to: number, length: number): number;
  searchFamily(root: number, all: number): void;
  forgetWide(): void;
  lineEnds(from: number, to: number): number;
  searchText(length: number, from: number, to: number): number;
  isSilent(length: number): number;
}

/** The compiled module. It can be handed to other threads. Throws when the build left it out. */
function kernelModule(): WebAssembly.Module {
  // The bundler decides whether this file lies in dist/ or in a folder of it; from source it is in the build's.
  const file = ["kernel.wasm", "../kernel.wasm", "../../dist/kernel.wasm"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  if (file === undefined) throw new Error("kernel.wasm is not beside the program: run npm run build");
  return new WebAssembly.Module(readFileSync(file));
}

export class Kernel {
  readonly #exports: Exports;
  #visitor: Visitor = () => {};
  #bytes: Uint8Array;
  #words: Int32Array;

  constructor(module: WebAssembly.Module = kernelModule()) {
    const visit = (...[node, at, length, notices, count, depth, wide]: Parameters<Imports["visit"]>): void =>
      this.#visitor({
        node,
        at: at >>> 0,
        length: length >>> 0,
        notices: notices >>> 0,
        count,
        depth,
        wide: wide !== 0,
      });
    const instance = new WebAssembly.Instance(module, { family: { visit } });
    this.#exports = instance.exports as Exports;
    this.#exports.initInflate();
    this.#exports.initRuns();
    this.#exports.initAhead();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#words = new Int32Array(this.#exports.memory.buffer);
  }

  /** All of the kernel's memory. Do not keep it: `layOut` makes another when it grows. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same memory in 32 bits. */
  get words(): Int32Array {
    return this.#words;
  }

  /** Lays out its memory anew; what was there is lost. False where there is not so much memory. */
  layOut({ entries, links, keywords, gates, nodes, input, arena }: Regions): boolean {
    if (nodes > 0) {
      const { randomInt } = process.getBuiltinModule("node:crypto"); // a small run has no nodes, and loads it in vain
      this.#exports.seedMemo(randomInt(2 ** 32), randomInt(2 ** 32));
    }
    const done = this.#exports.layOut(entries, links, keywords, gates, nodes, input, arena) !== 0;
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#words = new Int32Array(this.#exports.memory.buffer);
    return done;
  }

  /** Where a region begins. */
  at(
    region:
      | "slots"
      | "heads"
      | "entriesAt"
      | "linksAt"
      | "keywordsAt"
      | "gatesAt"
      | "nodesAt"
      | "inputAt"
      | "arenaAt"
      | "foundAt",
  ): number {
    return this.#exports[region].value >>> 0;
  }

  /** Says which keywords stand for what is encoded. See `encoded.ts`. */
  seeEncoded({ run, mark, dense, codes }: SeenEncoded): void {
    this.#exports.seeEncoded(run, mark, dense, codes);
  }

  /** Says whether objects that may be containers are to be told from others. */
  seePacked(yes: boolean): void {
    this.#exports.seePacked(yes ? 1 : 0);
  }

  /** Says how far behind a keyword's start its quad can lie, in bytes. */
  setFurthest(bytes: number): void {
    this.#exports.setFurthest(bytes);
  }

  /** Inflates a zlib stream between two places of the input region to `length` bytes at the arena. Bytes taken, or < 0. */
  inflate(from: number, end: number, length: number): number {
    return this.#exports.inflate(from, end, this.at("arenaAt"), length);
  }

  /** Searches the family of the node `root`; `all` shows every object of it and looks for no keyword. */
  searchFamily(root: number, { visit, all }: { readonly visit: Visitor; readonly all: boolean }): void {
    this.#visitor = visit;
    this.#exports.searchFamily(root, all ? 1 : 0);
  }

  /**
   * Says of the object in hand that its UTF-16, if there is any, came to nothing: of what is made of it only changes
   * are looked at. To be called by a visitor.
   */
  forgetWide(): void {
    this.#exports.forgetWide();
  }

  /** How many lines end in [from, to) of memory, at LF, CR LF or CR. */
  lineEnds(from: number, to: number): number {
    return this.#exports.lineEnds(from, to);
  }

  /** Number of hits in the text at the arena that start in [from, to), written to `foundAt`; -1 where there are too many. */
  searchText(length: number, from: number, to: number): number {
    return this.#exports.searchText(length, from, to);
  }

  /** Whether nothing in the text at the arena needs another look. */
  isSilent(length: number): boolean {
    return this.#exports.isSilent(length) !== 0;
  }
}
