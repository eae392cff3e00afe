/**
 * Objects in which nothing is found, by the word of an earlier scan under the same rules: a repository that grew is
 * read only where it did. An object never changes under its id, so that this stays true however it is packed.
 */
import type { OidBytes, OidTable } from "../git/oid-table.ts";

/** Where the ids are kept from one scan to the next. */
export interface ObjectMemory {
  /** What was kept last for the repository whose folder is at `place`. */
  recall(place: string): Promise<Uint8Array | undefined>;
  keep(place: string, bytes: Uint8Array): Promise<void>;
}

/** Larger objects are not noted: their size has four bytes. */
const mostBytes = 0xffff_ffff;

/** Newly noted objects for which what is kept is written again, at least, and their share of all. */
const worth = { least: 256, share: 0.02 };

export class Barren {
  readonly #table: OidTable;
  /** Bytes of each noted object, by index; -1 of others. */
  readonly #sizes: Float64Array;
  #known = 0;
  #noted = 0;

  /** @param kept What `bytes` gave out, of whatever table; anything else says nothing. */
  constructor(table: OidTable, kept?: Uint8Array) {
    this.#table = table;
    this.#sizes = new Float64Array(table.count).fill(-1);
    if (kept === undefined || kept[0] !== table.idBytes || (kept.length - 1) % (table.idBytes + 4) !== 0) return;
    const view = new DataView(kept.buffer, kept.byteOffset, kept.length);
    for (let at = 1; at < kept.length; at += table.idBytes + 4) {
      const object = table.find(kept, at);
      if (object >= 0) this.#sizes[object] = view.getUint32(at + table.idBytes);
    }
    this.#known = this.#sizes.reduce((count, size) => count + (size < 0 ? 0 : 1), 0);
  }

  /** Whether nothing is in this object, as far as anybody knows. */
  has(object: number): boolean {
    return this.size(object) >= 0;
  }

  /** Bytes of an object that is barren, or -1 of one of which nobody knows. */
  size(object: number): number {
    return this.#sizes[object] ?? -1;
  }

  /** Notes an object of so many bytes that was searched, whole, and in which there is nothing. */
  note(object: number, size: number): void {
    if (object < 0 || size > mostBytes || this.has(object)) return;
    this.#sizes[object] = size;
    this.#noted++;
  }

  /** Whether enough was noted for it to be kept. */
  get isWorthKeeping(): boolean {
    return this.#noted >= Math.max(worth.least, worth.share * this.#known);
  }

  /** All that is noted: the bytes of an id, then ids and sizes. */
  get bytes(): Uint8Array {
    const { idBytes } = this.#table;
    const { ids } = this.#table.parts;
    const kept = Buffer.alloc(1 + (this.#known + this.#noted) * (idBytes + 4));
    let at = kept.writeUInt8(idBytes satisfies OidBytes);
    for (const [object, size] of this.#sizes.entries()) {
      if (size < 0) continue;
      kept.set(ids.subarray(object * idBytes, (object + 1) * idBytes), at);
      at = kept.writeUInt32BE(size, at + idBytes);
    }
    return kept;
  }
}
