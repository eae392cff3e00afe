/**
 * The pages of an SQLite database file (https://www.sqlite.org/fileformat2.html): its header, and the rows of a table
 * as payloads. Every number in such a file may lie, so that each is held against the file before it is followed.
 */
import { bufferOf } from "../unpacker.ts";

/** Bytes of the file's header, on the first page before that page's own. */
const HEADER = 100;

/** Kinds of b-tree pages, as their first byte says. */
const kinds = { indexInner: 2, tableInner: 5, indexLeaf: 10, tableLeaf: 13 } as const;

export type Encoding = "utf8" | "utf16le" | "utf16be";

/** A database file, read in place. */
export interface Database {
  readonly file: Buffer;
  readonly pageSize: number;
  /** Bytes of a page that hold data; the rest belongs to extensions. */
  readonly usable: number;
  readonly encoding: Encoding;
}

/** Thrown where the file says what cannot be. The message is the end of "is damaged: …". */
export class Damage extends Error {
  override readonly name = "Damage";
}

/** The database in `bytes`, which begin as one does. Throws `Damage`. */
export function databaseIn(bytes: Uint8Array): Database {
  const file = bufferOf(bytes);
  if (file.length < HEADER) throw new Damage("it ends within its header");
  const written = file.readUInt16BE(16);
  const pageSize = written === 1 ? 65_536 : written;
  const usable = pageSize - (file[20] ?? 0);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) {
    throw new Damage(`its pages have ${pageSize} bytes`);
  }
  const encodings: readonly Encoding[] = ["utf8", "utf8", "utf16le", "utf16be"];
  return { file, pageSize, usable, encoding: encodings[file.readUInt32BE(56)] ?? "utf8" };
}

/** A variable-length integer, exact up to 2^53: the value and where the bytes after it begin. */
export function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + index + 1];
  }
  return [value * 256 + (bytes[at + 8] ?? 0), at + 9];
}

/**
 * The record of each row of the b-tree that begins on page `root`, counted from 1, in order. A broken page costs its own
 * rows and those below it, a broken row itself: `onDamage` is told, and the others are given.
 */
export function* records(database: Database, root: number, onDamage: (damage: Damage) => void): Iterable<Buffer> {
  const seen = new Set<number>();
  const open = [root];
  const told = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      onDamage(error);
      return undefined;
    }
  };
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    const page = number;
    const node = told(() => {
      if (seen.has(page)) throw new Damage(`page ${page} is in a tree twice`);
      seen.add(page);
      return nodeOf(database, page);
    });
    open.push(...(node?.children.reverse() ?? []));
    for (const cell of node?.cells ?? []) {
      const record = told(() => recordOf(database, pageOf(database, page), cell));
      if (record !== undefined) yield record;
    }
  }
}

function pageOf({ file, pageSize }: Database, number: number): Buffer {
  const start = (number - 1) * pageSize;
  if (number < 1 || start + pageSize > file.length) throw new Damage(`it has no page ${number}`);
  return file.subarray(start, start + pageSize);
}

/** Where on its page a record begins, and whether that page is one of an index. */
interface Cell {
  readonly at: number;
  readonly index: boolean;
}

/** The pages below a page, the last one last, and its own records. */
function nodeOf(database: Database, number: number) {
  const page = pageOf(database, number);
  const start = number === 1 ? HEADER : 0;
  const kind = page[start];
  const inner = kind === kinds.tableInner || kind === kinds.indexInner;
  const index = kind === kinds.indexInner || kind === kinds.indexLeaf;
  if (!inner && !index && kind !== kinds.tableLeaf) throw new Damage(`page ${number} is none of a table`);
  const pointers = start + (inner ? 12 : 8);
  const count = page.readUInt16BE(start + 3);
  const children: number[] = [];
  const cells: Cell[] = [];
  for (let cell = 0; cell < count; cell++) {
    const pointer = pointers + 2 * cell;
    const at = pointer + 2 <= page.length ? page.readUInt16BE(pointer) : page.length;
    if (at + 4 > page.length) throw new Damage(`page ${number} names a cell outside itself`);
    if (inner) children.push(page.readUInt32BE(at));
    if (kind !== kinds.tableInner) cells.push({ at: inner ? at + 4 : at, index });
  }
  if (inner) children.push(page.readUInt32BE(start + 8));
  return { children, cells };
}

/** The payload of a cell, the part of it that lies on overflow pages included. */
function recordOf(database: Database, page: Buffer, { at, index }: Cell): Buffer {
  const { usable, file } = database;
  const [size, behind] = varint(page, at);
  const start = index ? behind : varint(page, behind)[1];
  if (size > file.length) throw new Damage("a row is larger than the file");
  const local = localBytes(size, usable, index);
  if (start + local > page.length) throw new Damage("a row leaves its page");
  const parts = [page.subarray(start, start + local)];
  let left = size - local;
  let next = left > 0 && start + local + 4 <= page.length ? page.readUInt32BE(start + local) : 0;
  while (left > 0) {
    const overflow = pageOf(database, next);
    parts.push(overflow.subarray(4, 4 + Math.min(left, usable - 4)));
    left -= usable - 4;
    next = overflow.readUInt32BE(0);
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/** How much of a payload lies on the page of its cell (section 1.6, "Cell payload overflow pages"). */
function localBytes(size: number, usable: number, index: boolean): number {
  const most = index ? Math.floor(((usable - 12) * 64) / 255) - 23 : usable - 35;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  return fitting <= most ? fitting : least;
}
