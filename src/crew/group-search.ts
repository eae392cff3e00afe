/**
 * Searches one group of delta families: its compressed bytes are read into the kernel's memory, the kernel walks each
 * family, and the sieve makes matches of what the kernel shows it.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { fastFinder, loadTable } from "../detect/engine/fast.ts";
import { Sieve } from "../detect/engine/sieve.ts";
import type { Table } from "../detect/engine/table.ts";
import { type EngineOptions, recognizer } from "../detect/match.ts";
import type { FamilyGroup } from "../git/pack/families.ts";
import type { FamilyReport } from "../git/pack/family-search.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import { visitFamily } from "../git/pack/lineage.ts";
import { Kernel, nodeBytes, nodeState, type Visit } from "../kernel/kernel.ts";
import type { Match, Rulepack } from "../terms.ts";
import { pointer } from "./prefilter.ts";

/** Bytes of an object on its way through memory that its bases and it may take up together. */
const arenas = { usual: 64 << 20, most: 768 << 20 };

/** Compressed bytes of a group beyond which it is left to who can stream. */
const mostInput = 512 << 20;

/** Bytes between two ranges in the input: what reads past the end of one reads nothing of another. */
const margin = 16;

interface Family {
  /** Numbers of its nodes, end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly root: number;
}

export interface SearchOptions extends Pick<EngineOptions, "decodeDepth"> {
  /** How many containers deep whoever reads what is left will open them; 0: no container is left to him. */
  readonly archiveDepth?: number;
}

export class GroupSearch {
  readonly #kernel = new Kernel();
  readonly #table: Table;
  readonly #sieve: Sieve;
  readonly #files = new Map<string, number>();
  /** Number of the node of each position of the pack, for those in hand. */
  #numbers = new Int32Array(0);
  #room = { nodes: 0, input: 0, arena: 0 };

  /**
   * Throws `rule.invalid` for a rule whose checksum nobody knows.
   *
   * @param table Of the same rulepack; see `tableFor`.
   */
  constructor(rulepack: Rulepack, table: Table, { archiveDepth = 0, ...options }: SearchOptions = {}) {
    this.#table = table;
    this.#kernel.seePacked(archiveDepth > 0);
    const finder = fastFinder(rulepack, { kernel: new Kernel(), table: this.#table });
    this.#sieve = new Sieve({
      kernel: this.#kernel,
      table: this.#table,
      recognizer: recognizer(rulepack, finder, options),
    });
  }

  /** Searches the families of `group` in the pack at `layout`. What could not be read is left, never lost. */
  search(layout: PackLayout, group: FamilyGroup): FamilyReport {
    const first = this.#search(layout, group, arenas.usual);
    if (first.crowded.length === 0) return reportOf(layout, [first]);
    const again = { ...group, roots: Int32Array.from(first.crowded) };
    return reportOf(layout, [first, this.#search(layout, again, arenas.most)]);
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #search(layout: PackLayout, { roots, ranges }: FamilyGroup, arena: number): Searched {
    const { members, families } = membersOf(layout, roots);
    const input = sizeOf(ranges);
    if (input > mostInput || !this.#reserve({ nodes: members.length, input, arena })) return allLeft(members);
    if (!this.#load(layout, ranges, members)) return allLeft(members);
    const found: Searched = { read: [], left: [], sightings: [], crowded: [] };
    for (const family of families)
      this.#searchFamily(family, { layout, members, found, isLast: arena === arenas.most });
    return found;
  }

  #searchFamily(family: Family, { layout, members, found, isLast }: FamilyOptions): void {
    const sightings: Searched["sightings"] = [];
    /** Positions of objects that stand for other bytes: they are left to who can get at these. */
    const others = new Set<number>();
    const visit = (visit: Visit): void => {
      const matches = this.#sieve.look(visit);
      const position = members[visit.node] ?? 0;
      if (matches.length > 0) sightings.push({ position, matches });
      if (visit.length < pointer.longest && this.#isPointer(visit)) others.add(position);
    };
    this.#kernel.searchFamily(family.from, { visit, all: false });
    const { words } = this.#kernel;
    const nodes = this.#kernel.at("nodesAt") >>> 2;
    const states = Array.from({ length: family.to - family.from }, (_, at) => {
      const node = nodes + ((family.from + at) * nodeBytes) / 4;
      return { state: words[node + 5] ?? 0, size: (words[node + 6] ?? 0) >>> 0 };
    });
    if (!isLast && states.some(({ state }) => state === nodeState.tooLarge)) {
      found.crowded.push(family.root);
      return;
    }
    for (const [at, { state, size }] of states.entries()) {
      const position = members[family.from + at] ?? 0;
      if (state === nodeState.packed) others.add(position);
      if ((layout.object[position] ?? -1) < 0) continue;
      if (state === nodeState.read && !others.has(position)) found.read.push({ position, size });
      else found.left.push(position);
    }
    found.sightings.push(...sightings.filter(({ position }) => !others.has(position)));
  }

  #isPointer({ at, length }: Visit): boolean {
    const head = Buffer.from(this.#kernel.bytes.subarray(at, at + Math.min(length, 64))).toString("latin1");
    return head.startsWith("version https://git-lfs.github.com/spec/");
  }

  /** Makes room, and loads the table where that laid memory out anew. False where there is no such room. */
  #reserve(wanted: { nodes: number; input: number; arena: number }): boolean {
    const fits = (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) => wanted[key] <= this.#room[key]);
    if (fits) return true;
    const room = {
      nodes: Math.max(this.#room.nodes, wanted.nodes, 1 << 14),
      input: Math.max(this.#room.input, wanted.input, 16 << 20),
      arena: Math.max(this.#room.arena, wanted.arena),
    };
    this.#room = { nodes: 0, input: 0, arena: 0 };
    try {
      loadTable(this.#kernel, this.#table, room);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.#room = room;
    return true;
  }

  /** Reads the ranges and says to the kernel what lies where. False where the file is shorter than its index says, or gone. */
  #load(layout: PackLayout, ranges: Float64Array, members: Int32Array): boolean {
    const { bytes, words } = this.#kernel;
    const places = new Float64Array(ranges.length / 2);
    let next = this.#kernel.at("inputAt");
    for (let range = 0; range < places.length; range++) {
      const start = ranges[2 * range] ?? 0;
      const length = (ranges[2 * range + 1] ?? 0) - start;
      if (!this.#read(layout.file, start, bytes.subarray(next, next + length))) return false;
      places[range] = next;
      next += length + margin;
    }
    const nodes = this.#kernel.at("nodesAt") >>> 2;
    if (this.#numbers.length < layout.count) this.#numbers = new Int32Array(layout.count);
    for (let number = 0; number < members.length; number++) this.#numbers[members[number] ?? 0] = number;
    const link = (position: number): number => (position < 0 ? 0 : (this.#numbers[position] ?? 0) + 1);
    for (let number = 0; number < members.length; number++) {
      const position = members[number] ?? 0;
      const data = layout.data[position] ?? 0;
      const end = layout.end[position] ?? 0;
      const range = rangeAt(ranges, data);
      const at = (places[range] ?? 0) + data - (ranges[2 * range] ?? 0);
      const node = nodes + (number * nodeBytes) / 4;
      words[node] = at;
      words[node + 1] = at + end - data;
      words[node + 2] = Math.min(layout.size[position] ?? 0, 0xffff_ffff);
      words[node + 3] = link(layout.firstChild[position] ?? -1);
      words[node + 4] = link(layout.nextSibling[position] ?? -1);
      words[node + 5] = nodeState.unread;
    }
    return true;
  }

  #read(file: string, start: number, into: Uint8Array): boolean {
    try {
      const open = this.#files.get(file) ?? openSync(file, "r");
      this.#files.set(file, open);
      for (let filled = 0; filled < into.length; ) {
        const count = readSync(open, into, filled, into.length - filled, start + filled);
        if (count === 0) return false;
        filled += count;
      }
      return true;
    } catch {
      return false; // whoever reads what is left says what is wrong
    }
  }
}

interface FamilyOptions {
  readonly layout: PackLayout;
  /** Positions of the nodes, by number. */
  readonly members: Int32Array;
  readonly found: Searched;
  /** There is no more memory to be had: what finds no room is left. */
  readonly isLast: boolean;
}

/** What came of some families, by position. */
interface Searched {
  readonly read: { readonly position: number; readonly size: number }[];
  readonly left: number[];
  readonly sightings: { readonly position: number; readonly matches: readonly Match[] }[];
  /** Roots of families that ask for more memory. */
  readonly crowded: number[];
}

const allLeft = (members: Int32Array): Searched => ({ read: [], left: [...members], sightings: [], crowded: [] });

function reportOf({ object }: PackLayout, parts: readonly Searched[]): FamilyReport {
  const objectAt = (position: number): number => object[position] ?? -1;
  const read = parts.flatMap((part) => part.read);
  return {
    objects: Int32Array.from(read, ({ position }) => objectAt(position)),
    sizes: Float64Array.from(read, ({ size }) => size),
    sightings: parts
      .flatMap((part) => part.sightings)
      .map(({ position, matches }) => ({ object: objectAt(position), matches }))
      .filter(({ object }) => object >= 0),
    left: Int32Array.from(parts.flatMap((part) => part.left).map(objectAt)).filter((object) => object >= 0),
  };
}

/** Every entry of the families, each family's together and its root first. */
function membersOf(layout: PackLayout, roots: Int32Array): { members: Int32Array; families: Family[] } {
  const members: number[] = [];
  const families = Array.from(roots, (root): Family => {
    const from = members.length;
    visitFamily(layout, root, (position) => {
      members.push(position);
    });
    return { from, to: members.length, root };
  });
  return { members: Int32Array.from(members), families };
}

function sizeOf(ranges: Float64Array): number {
  let bytes = 0;
  for (let at = 0; at < ranges.length; at += 2) bytes += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0) + margin;
  return bytes;
}

/** The range that holds this offset. */
function rangeAt(ranges: Float64Array, offset: number): number {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ranges[2 * middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
