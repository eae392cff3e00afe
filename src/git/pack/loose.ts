/** Loose objects: `<type> <size>`, NUL, content, all in one zlib stream. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { inflateSync, constants as zlib } from "node:zlib";
import type { ObjectType } from "../object-store.ts";
import { Damage } from "./damage.ts";
import { inflateWhole, isPlausible } from "./inflate.ts";

/** What the header of a loose object says. */
export interface LooseHeader {
  readonly type: ObjectType;
  readonly size: number;
  /** Bytes of the header, its NUL included. */
  readonly length: number;
  /** Bytes of the file. */
  readonly stored: number;
}

/** Compressed bytes in which any header lies: git's own are far shorter. */
const headBytes = 512;

/** Reads the header of the loose object in `file`. Throws `Damage`, or the system's error. */
export function readLooseHeader(file: string): LooseHeader {
  return inFile(file, (descriptor, stored) => {
    const head = Buffer.alloc(Math.min(headBytes, stored));
    const length = readSync(descriptor, head, 0, head.length, 0);
    return parseHeader(startOf(head.subarray(0, length)), stored);
  });
}

/** Content of the loose object in `file`, whose header has been read. Throws `Damage`, or the system's error. */
export function readLoose(file: string, { length, size }: LooseHeader): Buffer {
  const stream = inFile(file, (descriptor) => readFileSync(descriptor));
  return inflateWhole(stream, length + size).subarray(length);
}

function inFile<T>(file: string, read: (descriptor: number, stored: number) => T): T {
  // A pipe of that name would make a plain `open` wait for ever.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const about = fstatSync(descriptor);
    if (!about.isFile()) throw new Damage("is not a regular file");
    return read(descriptor, about.size);
  } finally {
    closeSync(descriptor);
  }
}

/** What the first bytes of a stream inflate to, as far as they go. */
function startOf(head: Uint8Array): Buffer {
  try {
    return inflateSync(head, { finishFlush: zlib.Z_SYNC_FLUSH, chunkSize: 1024 });
  } catch {
    throw new Damage("is corrupt: its compressed bytes are broken");
  }
}

function parseHeader(head: Buffer, stored: number): LooseHeader {
  const [, type, digits] = /^(commit|tree|blob|tag) (0|[1-9]\d{0,14})\0/.exec(head.toString("latin1", 0, 64)) ?? [];
  if (type === undefined || digits === undefined) throw new Damage("is corrupt: it has no header of an object");
  const length = type.length + digits.length + 2;
  const size = Number(digits);
  if (!isPlausible(size, stored)) throw new Damage("is corrupt: larger than its bytes can be");
  return { type: type as ObjectType, size, length, stored };
}
