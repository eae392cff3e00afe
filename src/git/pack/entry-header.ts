/**
 * What stands before the compressed bytes of a pack entry. Format: git's Documentation/gitformat-pack.adoc, "pack
 * entries".
 */
import type { OidBytes } from "../oid-table.ts";

/** Git's numbers for what an entry is. */
export const entryTypes = { commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, idDelta: 7 } as const;

/** The most bytes a header takes: ten of size and a 32-byte id. */
export const longestHeader = 42;

/** A header, in an object that every reading uses again: packs have millions. */
export interface EntryHeader {
  /** One of `entryTypes`. */
  type: number;
  /** Bytes that the stream after the header inflates to. */
  size: number;
  /** Bytes of the header, a base's id included: what follows is the zlib stream. */
  length: number;
  /** For a delta by offset: how many bytes before this entry its base begins. */
  distance: number;
}

export const newHeader = (): EntryHeader => ({ type: 0, size: 0, length: 0, distance: 0 });

/**
 * Reads the header that starts at `at` and must end before `limit`. False where it is none: cut short, of no known
 * type, with a number that cannot be.
 */
export function readHeader(
  bytes: Uint8Array,
  { at, limit, idBytes }: { at: number; limit: number; idBytes: OidBytes },
  into: EntryHeader,
): boolean {
  let next = at;
  let byte = next < limit ? (bytes[next++] ?? 0) : 0;
  into.type = (byte >> 4) & 7;
  into.size = byte & 15;
  for (let unit = 16; (byte & 0x80) !== 0; unit *= 128) {
    if (next >= limit || unit > 2 ** 46) return false;
    byte = bytes[next++] ?? 0;
    into.size += (byte & 0x7f) * unit;
  }
  into.distance = 0;
  if (into.type === entryTypes.offsetDelta) {
    do {
      if (next >= limit || into.distance > 2 ** 45) return false;
      byte = bytes[next++] ?? 0;
      into.distance = into.distance * 128 + (byte & 0x7f);
      if ((byte & 0x80) !== 0) into.distance += 1;
    } while ((byte & 0x80) !== 0);
  } else if (into.type === entryTypes.idDelta) {
    next += idBytes;
  }
  into.length = next - at;
  return next <= limit && into.type !== 0 && into.type !== 5 && next > at;
}
