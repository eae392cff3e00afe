const rotate = (value: number, by: number): number => ((value << by) | (value >>> (32 - by))) >>> 0;

function mix(low: number, high: number): [number, number] {
  let a = low;
  let b = (high ^ low) >>> 0;
  a = (rotate(a, 20) + b) >>> 0;
  b = (rotate(b, 9) ^ a) >>> 0;
  a = (rotate(a, 27) + b) >>> 0;
  return [a, rotate(b, 19)];
}

/**
 * Marvin32 of `input`, its two halves folded to 32 bits, unsigned: the checksum of Azure's identifiable keys.
 *
 * @param seed Eight ASCII characters, the most significant first. Source of algorithm and seeds:
 * microsoft/security-utilities, `IdentifiableMetadata`.
 */
export function marvin32(input: Uint8Array, seed: string): number {
  const bytes = Buffer.concat([input, Uint8Array.of(0x80)]);
  const state = Buffer.from(seed, "latin1");
  let [low, high] = [state.readUInt32BE(4), state.readUInt32BE(0)];
  const full = input.length & ~3;
  for (let at = 0; at < full; at += 4) [low, high] = mix((low + bytes.readUInt32LE(at)) >>> 0, high);
  const tail = bytes.readUIntLE(full, bytes.length - full);
  [low, high] = mix((low + tail) >>> 0, high);
  [low, high] = mix(low, high);
  return (low ^ high) >>> 0;
}
