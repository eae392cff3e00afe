/** Brings a group of delta families into a kernel's memory: their compressed bytes, and nodes that say how they hang together. */
import { readSync } from "node:fs";
import type { FamilyGroup } from "./families.ts";
import type { PackLayout } from "./layout.ts";
import { visitFamily } from "./lineage.ts";

/** Bytes of a node; the kernel's `family.ts` says what is in them. */
export const nodeBytes = 32;

/** A kernel's memory, and where in it nodes and compressed bytes may lie. */
export interface GroupRoom {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly nodesAt: number;
  readonly inputAt: number;
}

/** Bytes of input and number of nodes that a group needs. */
export function roomFor(layout: PackLayout, { roots, ranges }: FamilyGroup): { input: number; nodes: number } {
  let nodes = 0;
  for (const root of roots) visitFamily(layout, root, () => nodes++);
  let input = 0;
  for (let range = 0; range < ranges.length; range += 2) input += (ranges[range + 1] ?? 0) - (ranges[range] ?? 0);
  return { input, nodes };
}

/** Loads groups of one pack, again and again. */
export class GroupLoader {
  readonly #layout: PackLayout;
  /** Node of each position, for the group in hand. */
  readonly #nodes: Int32Array;

  constructor(layout: PackLayout) {
    this.#layout = layout;
    this.#nodes = new Int32Array(layout.count);
  }

  /**
   * Reads a group's bytes from the open file `descriptor` and writes its nodes, roots before all that is built on them.
   * Returns the position of each node. Throws the system's error, or a RangeError where the file ends too early.
   */
  load({ roots, ranges }: FamilyGroup, descriptor: number, room: GroupRoom): Int32Array {
    const starts = readRanges(ranges, descriptor, room);
    const layout = this.#layout;
    const positions: number[] = [];
    for (const root of roots) {
      visitFamily(layout, root, (position) => {
        this.#nodes[position] = positions.push(position) - 1;
      });
    }
    for (const [node, position] of positions.entries()) {
      const range = rangeOf(ranges, layout.data[position] ?? 0);
      const shift = (starts[range] ?? 0) - (ranges[2 * range] ?? 0);
      const at = (room.nodesAt + node * nodeBytes) >>> 2;
      room.words[at] = (layout.data[position] ?? 0) + shift;
      room.words[at + 1] = (layout.end[position] ?? 0) + shift;
      room.words[at + 2] = Math.min(layout.size[position] ?? 0, 0xffffffff);
      room.words[at + 3] = this.#linkTo(layout.firstChild[position] ?? -1);
      room.words[at + 4] = this.#linkTo(layout.nextSibling[position] ?? -1);
      room.words.fill(0, at + 5, at + 8);
    }
    return Int32Array.from(positions);
  }

  #linkTo(position: number): number {
    return position < 0 ? 0 : (this.#nodes[position] ?? 0) + 1;
  }
}

/** Reads all ranges, one behind the other; returns where each begins in memory. */
function readRanges(ranges: Float64Array, descriptor: number, { bytes, inputAt }: GroupRoom): Float64Array {
  const starts = new Float64Array(ranges.length / 2);
  let to = inputAt;
  for (let range = 0; range < starts.length; range++) {
    starts[range] = to;
    let from = ranges[2 * range] ?? 0;
    const end = ranges[2 * range + 1] ?? 0;
    while (from < end) {
      const count = readSync(descriptor, bytes, to, end - from, from);
      if (count === 0) throw new RangeError("a pack became shorter");
      from += count;
      to += count;
    }
  }
  return starts;
}

/** Number of the range that holds the offset `at`. */
function rangeOf(ranges: Float64Array, at: number): number {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ranges[2 * middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
