/**
 * Object ids as a set with numbers. A repository of a million objects would cost some 150 MB as a Map of hexadecimal
 * strings, and every entry of every tree would have to become a string to be looked up. Here the ids lie in one byte
 * array, in order of arrival, and an open-addressed table of their indices finds them: about 30 bytes an id, and a
 * lookup compares bytes where they lie. Ids are digests, but a forged pack index can list any: so their first eight
 * bytes are hashed with numbers that nobody can foresee, else a million ids could be made to fall on one slot.
 */

/** Bytes of a binary object id: SHA-1 or SHA-256. */
export type OidBytes = 20 | 32;

/** The inside of a table: `slots` hold index + 1 or 0; see `hash` for what the seeds do. */
export interface OidTableParts {
  readonly idBytes: OidBytes;
  readonly ids: Uint8Array;
  readonly slots: Int32Array;
  readonly seeds: readonly [number, number];
}

export class OidTable {
  /** Bytes of each id here. */
  readonly idBytes: OidBytes;
  #ids: Uint8Array;
  /** Index + 1 of the id that hashed here, 0 where nobody did. Its length is a power of two, at least half empty. */
  #slots: Int32Array;
  #count = 0;
  readonly #scratch: Uint8Array;
  readonly #seeds: readonly [number, number];

  /** An empty table; `expected` ids fit in before it has to grow. */
  constructor(idBytes: OidBytes, expected = 1024) {
    this.idBytes = idBytes;
    this.#ids = new Uint8Array(idBytes * expected);
    this.#slots = new Int32Array(slotsFor(expected));
    this.#scratch = new Uint8Array(idBytes);
    this.#seeds = [seed(), seed()];
  }

  /** What the table is made of, for whoever looks ids up elsewhere; true until the next id is added. */
  get parts(): OidTableParts {
    const { idBytes } = this;
    return { idBytes, ids: this.#ids.subarray(0, this.#count * idBytes), slots: this.#slots, seeds: this.#seeds };
  }

  /** Number of distinct ids. */
  get count(): number {
    return this.#count;
  }

  /** The index of the id whose bytes start at `offset`, given out now if it is new. Indices count from 0. */
  add(bytes: Uint8Array, offset = 0): number {
    if (offset + this.idBytes > bytes.length) throw new RangeError("an object id is cut short");
    const slot = this.#slotOf(bytes, offset);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const index = this.#count++;
    if (index * this.idBytes === this.#ids.length) this.#ids = widened(this.#ids, this.idBytes);
    for (let i = 0; i < this.idBytes; i++) this.#ids[index * this.idBytes + i] = bytes[offset + i] ?? 0;
    this.#slots[slot] = index + 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  /**
   * Takes `ids`, `count` different ids one after another, into an empty table; their indices are their places. They
   * are not copied: whoever gives them away must not change them.
   */
  addSorted(ids: Uint8Array, count: number): void {
    if (this.#count > 0) throw new RangeError("only an empty table takes ids in bulk");
    if (ids.length !== count * this.idBytes) throw new RangeError("an object id is cut short");
    this.#ids = ids;
    this.#count = count;
    if (this.#slots.length < slotsFor(count)) this.#slots = new Int32Array(slotsFor(count));
    this.#fillSlots();
  }

  /** Like `add`, from hexadecimal digits: a string, or ASCII bytes from `offset` on. Throws on any other character. */
  addHex(hex: string | Uint8Array, offset = 0): number {
    if (!this.#readHex(hex, offset)) throw new RangeError("an object id must be hexadecimal");
    return this.add(this.#scratch);
  }

  /** The index of the id whose bytes start at `offset`, such as in the middle of a raw tree; -1 when it is not here. */
  find(bytes: Uint8Array, offset = 0): number {
    return offset + this.idBytes > bytes.length ? -1 : (this.#slots[this.#slotOf(bytes, offset)] ?? 0) - 1;
  }

  /** The index of a hexadecimal id, or -1; also for what is no id at all. */
  indexOf(hex: string): number {
    return hex.length === 2 * this.idBytes && this.#readHex(hex, 0) ? this.find(this.#scratch) : -1;
  }

  /** The id of an index, as lower-case hexadecimal. */
  hex(index: number): string {
    if (index < 0 || index >= this.#count) throw new RangeError(`no object id has index ${index}`);
    return Buffer.from(this.#ids.buffer, this.#ids.byteOffset + index * this.idBytes, this.idBytes).toString("hex");
  }

  /** How the id of one index compares with that of another: below, above or equal to 0. */
  compare(index: number, other: number): number {
    for (let i = 0; i < this.idBytes; i++) {
      const difference = (this.#ids[index * this.idBytes + i] ?? 0) - (this.#ids[other * this.idBytes + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The slot that holds this id, or the empty one where it belongs. */
  #slotOf(bytes: Uint8Array, offset: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, offset, this.#seeds) & mask;
    for (;;) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || this.#isAt(known - 1, bytes, offset)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(index: number, bytes: Uint8Array, offset: number): boolean {
    const start = index * this.idBytes;
    for (let i = 0; i < this.idBytes; i++) if (this.#ids[start + i] !== bytes[offset + i]) return false;
    return true;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.#fillSlots();
  }

  /** Gives every id its slot; all are known to differ, so none is compared. */
  #fillSlots(): void {
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#count; index++) {
      let slot = hash(this.#ids, index * this.idBytes, this.#seeds) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }

  #readHex(hex: string | Uint8Array, offset: number): boolean {
    for (let i = 0; i < this.idBytes; i++) {
      const high = digit(codeAt(hex, offset + 2 * i));
      const low = digit(codeAt(hex, offset + 2 * i + 1));
      if (high < 0 || low < 0) return false;
      this.#scratch[i] = high * 16 + low;
    }
    return true;
  }
}

const codeAt = (text: string | Uint8Array, at: number): number =>
  typeof text === "string" ? text.charCodeAt(at) : (text[at] ?? 0);

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The kernel's tree walker hashes alike. */
function hash(bytes: Uint8Array, at: number, [first, second]: readonly [number, number]): number {
  const mixed = Math.imul(word(bytes, at) ^ first, 0x9e3779b1) ^ Math.imul(word(bytes, at + 4) ^ second, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);

const slotsFor = (ids: number): number => 2 ** Math.ceil(Math.log2(Math.max(ids, 8) * 2));

/** The same ids with room for more; always for whole ones. */
function widened(ids: Uint8Array, idBytes: number): Uint8Array {
  const wider = new Uint8Array(Math.max(ids.length * 2, 64 * idBytes));
  wider.set(ids);
  return wider;
}

/** 32 bits that nobody who makes objects can know beforehand; whom the table is for keeps no secret by them. */
const seed = (): number => (Math.random() * 2 ** 32) | 0;
