/** Numbers as git's binary files write them, most significant byte first. Reading beyond the end gives zeros. */

/** The 32-bit number at `at`. */
export function uint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return high * 0x10000 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
}

/** The 64-bit number at `at`; above 2^53 it is rounded, which no file is long enough for. */
export const uint64 = (bytes: Uint8Array, at: number): number => uint32(bytes, at) * 2 ** 32 + uint32(bytes, at + 4);
