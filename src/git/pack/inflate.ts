import { inflateSync } from "node:zlib";
import { Damage } from "./damage.ts";

/** Deflate makes at most this many bytes of one. */
const mostRatio = 1032;

/** Whether a stream of `compressed` bytes can hold `size`: else a forged size would be memory for nothing. */
export const isPlausible = (size: number, compressed: number): boolean => size <= compressed * mostRatio + 64;

/** The `size` bytes that the zlib stream at the start of `stream` holds. Throws `Damage` where it does not. */
export function inflateWhole(stream: Uint8Array, size: number): Buffer {
  if (!isPlausible(size, stream.length)) throw new Damage("is corrupt: larger than its bytes can be");
  const bytes = inflateUpTo(stream, size);
  if (bytes.length !== size) throw new Damage("is corrupt: shorter than it says");
  return bytes;
}

function inflateUpTo(stream: Uint8Array, size: number): Buffer {
  try {
    return inflateSync(stream, { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size + 1, 64) });
  } catch {
    throw new Damage("is corrupt: its compressed bytes are broken");
  }
}
