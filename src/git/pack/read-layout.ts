/** Reads the layout of a pack: one pass over its entry headers, in constant memory. */
import { type FileHandle, open } from "node:fs/promises";
import { entryTypes, longestHeader, newHeader, readHeader } from "./entry-header.ts";
import { entryOrder } from "./entry-order.ts";
import { type IndexedLayout, parents, positionBefore, positionOf, startOf } from "./layout.ts";
import { linkChildren, settleTypes } from "./lineage.ts";
import { findId, type PackIndex } from "./pack-index.ts";

/** Bytes read at a time: read-ahead is at its best, and memory does not grow with the pack. */
const blockBytes = 16 << 20;
/** Bytes before the first entry. */
const packHeader = 12;
/** How often a pack is read anew for bases that its index does not list. */
const mostRounds = 64;

/**
 * Reads every entry header of a pack. What is wrong with an entry is noted in its `parent`; throws the system's error
 * where the file cannot be read. A multi-pack index lists an object for one pack only, so that a base can be there
 * without being listed: such entries are added, and the pack is read again.
 */
export async function readLayout(file: string, index: PackIndex, signal: AbortSignal): Promise<IndexedLayout> {
  const handle = await open(file, "r");
  try {
    const end = (await handle.stat()).size - index.idBytes;
    let { offsets } = index;
    for (let round = 0; ; round++) {
      const layout = emptyLayout({ file, index, offsets, end });
      const unlisted = await readHeaders(layout, handle, signal);
      if (index.checksum === undefined && unlisted.size > 0 && round < mostRounds) {
        offsets = Float64Array.from([...offsets, ...unlisted]);
        continue;
      }
      settleTypes(layout);
      linkChildren(layout);
      return layout;
    }
  } finally {
    await handle.close();
  }
}

interface Outline {
  readonly file: string;
  readonly index: PackIndex;
  readonly offsets: Float64Array;
  /** Where the pack's entries end. */
  readonly end: number;
}

function emptyLayout({ file, index, offsets, end }: Outline): IndexedLayout {
  const count = offsets.length;
  const order = entryOrder(offsets);
  const ends = floats(count);
  for (let position = 0; position < count; position++) {
    const next = position + 1 < count ? (offsets[order[position + 1] ?? 0] ?? 0) : end;
    ends[position] = Math.min(next, end);
  }
  return {
    file,
    idBytes: index.idBytes,
    count,
    type: new Uint8Array(new SharedArrayBuffer(count)),
    data: floats(count),
    end: ends,
    size: floats(count),
    parent: ints(count, parents.broken),
    firstChild: ints(count, -1),
    nextSibling: ints(count, -1),
    object: ints(count, -1),
    bases: new Map(),
    index,
    order,
    offsets,
  };
}

const floats = (count: number): Float64Array => new Float64Array(new SharedArrayBuffer(count * 8));
const ints = (count: number, value: number): Int32Array => new Int32Array(new SharedArrayBuffer(count * 4)).fill(value);

/** Reads all headers; returns the offsets of bases at which no entry is known to begin. */
async function readHeaders(layout: IndexedLayout, handle: FileHandle, signal: AbortSignal): Promise<Set<number>> {
  const { count, end } = layout;
  const room = Math.min(blockBytes, Math.max(longestHeader, end[count - 1] ?? 0));
  const block = Buffer.allocUnsafeSlow(room);
  const unlisted = new Set<number>();
  for (let position = 0; position < count; ) {
    signal.throwIfAborted();
    const from = startOf(layout, position);
    // What begins at the end or beyond it, and all after it, is no entry.
    if (from >= (end[count - 1] ?? 0)) break;
    const { bytesRead } = await handle.read(block, 0, block.length, from);
    position = readBlock(layout, position, { bytes: block.subarray(0, bytesRead), from, unlisted });
  }
  return unlisted;
}

interface Block {
  readonly bytes: Buffer;
  /** Offset of `bytes[0]` in the pack. */
  readonly from: number;
  readonly unlisted: Set<number>;
}

/** Reads the headers that lie in a block, at least one; returns the position that comes next. */
function readBlock(layout: IndexedLayout, first: number, block: Block): number {
  const { count, end, data, size, type, parent } = layout;
  const { bytes, from } = block;
  const header = newHeader();
  let position = first;
  do {
    const start = startOf(layout, position);
    const at = start - from;
    const limit = Math.min((end[position] ?? 0) - from, bytes.length);
    if (start >= packHeader && readHeader(bytes, { at, limit, idBytes: layout.idBytes }, header)) {
      data[position] = start + header.length;
      size[position] = header.size;
      if (header.type < entryTypes.offsetDelta) {
        type[position] = header.type;
        parent[position] = parents.none;
      } else if (header.type === entryTypes.offsetDelta) {
        parent[position] = offsetBase(layout, position, { base: start - header.distance, unlisted: block.unlisted });
      } else {
        parent[position] = idBase(layout, position, { bytes, at: at + header.length - layout.idBytes });
      }
    }
    position++;
  } while (
    position < count &&
    Math.min(startOf(layout, position) + longestHeader, end[position] ?? 0) <= from + bytes.length
  );
  return position;
}

function offsetBase(
  layout: IndexedLayout,
  position: number,
  { base, unlisted }: { base: number; unlisted: Set<number> },
): number {
  const found = positionBefore(layout, position, base);
  if (found >= 0) return found;
  if (base >= packHeader) unlisted.add(base);
  return parents.broken;
}

function idBase(layout: IndexedLayout, position: number, { bytes, at }: { bytes: Buffer; at: number }): number {
  const place = findId(layout.index, bytes, at);
  const found = place < 0 ? -1 : positionOf(layout, place);
  if (found >= 0) return found;
  layout.bases.set(position, bytes.toString("hex", at, at + layout.idBytes));
  return parents.elsewhere;
}
