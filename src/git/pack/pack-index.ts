/**
 * The index of a pack: which ids it holds and where. Format: git's Documentation/gitformat-pack.adoc, versions 1
 * and 2. An index is a stranger's file: counts, order and offsets are believed only once they have been checked.
 */
import type { OidBytes } from "../oid-table.ts";
import { uint32, uint64 } from "./bytes.ts";
import { Damage, UnknownFormat } from "./damage.ts";

/** The ids of a pack, strictly ascending, and the offset of each one's entry. */
export interface PackIndex {
  readonly idBytes: OidBytes;
  readonly count: number;
  /** `count` raw ids, one after another. */
  readonly ids: Uint8Array;
  /** Offset in the pack of each id's entry, in the order of `ids`. Not yet held against the pack's length. */
  readonly offsets: Float64Array;
  /** The checksum that the pack must end with; absent where a multi-pack index speaks for it. */
  readonly checksum?: Uint8Array;
}

const magic = 0xff744f63;
const fanOut = 256 * 4;

/** Reads a `.idx` file. Throws `Damage`, or `UnknownFormat` for a version above 2. */
export function readPackIndex(bytes: Uint8Array, idBytes: OidBytes): PackIndex {
  if (bytes.length < fanOut + 2 * idBytes) throw new Damage("is cut short");
  if (uint32(bytes, 0) !== magic) return readFirst(bytes, idBytes);
  if (uint32(bytes, 4) !== 2) throw new UnknownFormat(`has version ${uint32(bytes, 4)}`);
  return readSecond(bytes, idBytes);
}

/** Version 1: the fan-out, then for each object four bytes of offset and its id. */
function readFirst(bytes: Uint8Array, idBytes: OidBytes): PackIndex {
  const count = readFanOut(bytes, 0);
  const width = 4 + idBytes;
  if (bytes.length !== fanOut + count * width + 2 * idBytes) throw new Damage("has not the length that its count says");
  const ids = new Uint8Array(count * idBytes);
  const offsets = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = fanOut + i * width;
    offsets[i] = uint32(bytes, at);
    ids.set(bytes.subarray(at + 4, at + width), i * idBytes);
  }
  return checked({ idBytes, count, ids, offsets, checksum: checksumOf(bytes, idBytes) });
}

/** Version 2: the fan-out, then a table of each: ids, CRCs, offsets, and 64-bit offsets where the highest bit is set. */
function readSecond(bytes: Uint8Array, idBytes: OidBytes): PackIndex {
  const count = readFanOut(bytes, 8);
  const idsAt = 8 + fanOut;
  const offsetsAt = idsAt + count * (idBytes + 4);
  const largeAt = offsetsAt + count * 4;
  const large = (bytes.length - 2 * idBytes - largeAt) / 8;
  if (large < 0 || !Number.isInteger(large)) throw new Damage("has not the length that its count says");
  const ids = bytes.subarray(idsAt, idsAt + count * idBytes);
  const offsets = readOffsets(bytes, { at: offsetsAt, count, stride: 4, largeAt, large });
  return checked({ idBytes, count, ids, offsets, checksum: checksumOf(bytes, idBytes) });
}

/** Where a table of offsets lies, and the table of the 64-bit ones that it points into. */
export interface OffsetTable {
  readonly at: number;
  readonly count: number;
  /** Bytes from one offset to the next. */
  readonly stride: number;
  readonly largeAt: number;
  /** Number of 64-bit offsets. */
  readonly large: number;
}

/** Offsets of 31 bits, or places of those that need 64. Throws `Damage` for a place outside their table. */
export function readOffsets(bytes: Uint8Array, { at, count, stride, largeAt, large }: OffsetTable): Float64Array {
  const offsets = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const offset = uint32(bytes, at + i * stride);
    if (offset < 0x80000000) {
      offsets[i] = offset;
    } else {
      const place = offset - 0x80000000;
      if (place >= large) throw new Damage("points to a 64-bit offset that it does not have");
      offsets[i] = uint64(bytes, largeAt + place * 8);
    }
  }
  return offsets;
}

/** The last number of the fan-out at `at`, which is how many objects there are. Throws `Damage` where it falls. */
export function readFanOut(bytes: Uint8Array, at: number): number {
  let last = 0;
  for (let i = 0; i < 256; i++) {
    const next = uint32(bytes, at + i * 4);
    if (next < last) throw new Damage("has a fan-out that falls");
    last = next;
  }
  // Also keeps a forged count from asking for memory that the file has no bytes for.
  if (last > bytes.length / 20) throw new Damage("has not the length that its count says");
  return last;
}

/** The index as it is, or `Damage` where ids do not rise, which every search in it relies on. */
export function checked(index: PackIndex): PackIndex {
  const { ids, count, idBytes } = index;
  for (let i = 1; i < count; i++) {
    const at = i * idBytes;
    let byte = 0;
    while (byte < idBytes && ids[at + byte] === ids[at - idBytes + byte]) byte++;
    if (byte === idBytes || (ids[at + byte] ?? 0) < (ids[at - idBytes + byte] ?? 0)) {
      throw new Damage("has ids out of order");
    }
  }
  return index;
}

const checksumOf = (bytes: Uint8Array, idBytes: OidBytes): Uint8Array =>
  bytes.slice(bytes.length - 2 * idBytes, bytes.length - idBytes);

/** Place of the id whose bytes start at `at`, by halving; -1 where the index does not have it. */
export function findId({ ids, count, idBytes }: PackIndex, bytes: Uint8Array, at = 0): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = middle * idBytes;
    let byte = 0;
    while (byte < idBytes && ids[start + byte] === bytes[at + byte]) byte++;
    if (byte === idBytes) return middle;
    if ((ids[start + byte] ?? 0) < (bytes[at + byte] ?? 0)) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The id at `place`, in hexadecimal. */
export const idAt = ({ ids, idBytes }: PackIndex, place: number): string =>
  Buffer.from(ids.buffer, ids.byteOffset + place * idBytes, idBytes).toString("hex");
