/**
 * How a pack is built, learned from entry headers alone: which entry is a delta of which, and where the compressed
 * bytes of each lie. All of it is flat arrays over shared memory, by *position*: an entry's number in the order of
 * offsets. So threads can work on one pack without a copy, and a million entries take 45 MB.
 */
import type { OidBytes } from "../oid-table.ts";
import type { PackIndex } from "./pack-index.ts";

/** A `parent` that is no position. */
export const parents = {
  /** The entry is a whole object. */
  none: -1,
  /** Its base is not in this pack; `bases` has its id. */
  elsewhere: -2,
  /** Its header cannot be true, or it is its own ancestor. */
  broken: -3,
} as const;

export interface PackLayout {
  /** Absolute path of the `.pack` file. */
  readonly file: string;
  readonly idBytes: OidBytes;
  /** Number of entries; every array below has this many. */
  readonly count: number;
  /** Git's number (1 commit, 2 tree, 3 blob, 4 tag) of the whole object that the entry is built on; 0 if unknown. */
  readonly type: Uint8Array;
  /** Offset of the zlib stream. */
  readonly data: Float64Array;
  /** Offset where the next entry begins; of the last one, where the pack's checksum begins. */
  readonly end: Float64Array;
  /** Bytes that the stream inflates to: the object, or for a delta its instructions. */
  readonly size: Float64Array;
  /** Position of the delta's base, or one of `parents`. */
  readonly parent: Int32Array;
  /** Position of the first entry, in the pack's order, that has this one as its base; -1 for none. */
  readonly firstChild: Int32Array;
  /** Position of the next entry with the same base; -1 for none. */
  readonly nextSibling: Int32Array;
  /** Index of the object in the inventory; -1 where another copy of it counts, or where it has none. */
  readonly object: Int32Array;
  /** Ids, in hexadecimal, of the bases that are not in this pack, by position. */
  readonly bases: ReadonlyMap<number, string>;
}

/** A layout together with its index, and the way from one to the other. */
export interface IndexedLayout extends PackLayout {
  readonly index: PackIndex;
  /** Place in the index of each entry, by position; beyond its end for a base that the index does not list. */
  readonly order: Int32Array;
  /** Offset where each entry begins, by place. */
  readonly offsets: Float64Array;
  readonly bases: Map<number, string>;
}

/** Offset where the entry at `position` begins. */
export const startOf = ({ offsets, order }: IndexedLayout, position: number): number =>
  offsets[order[position] ?? 0] ?? 0;

/** Position of the entry that begins at `offset`, before `position`; -1 for none. Bases mostly lie near. */
export function positionBefore(layout: IndexedLayout, position: number, offset: number): number {
  let high = position - 1;
  let low = high;
  for (let step = 1; low > 0 && startOf(layout, low) > offset; step *= 2) {
    high = low;
    low = Math.max(0, low - step);
  }
  return search(layout, offset, { low, high });
}

/** Position of the entry at `place` of the index; -1 where another one claims the same offset. */
export function positionOf(layout: IndexedLayout, place: number): number {
  const found = search(layout, layout.offsets[place] ?? 0, { low: 0, high: layout.count - 1 });
  return layout.order[found] === place ? found : -1;
}

function search(layout: IndexedLayout, offset: number, range: { low: number; high: number }): number {
  let { low, high } = range;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = startOf(layout, middle);
    if (start === offset) return middle;
    if (start < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
