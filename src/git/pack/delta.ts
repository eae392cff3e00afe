/**
 * Deltas: instructions that build an object out of pieces of another and new bytes. Format: git's
 * Documentation/gitformat-pack.adoc, "Deltified representation".
 */
import { Damage } from "./damage.ts";

/** Sizes that a delta begins with, and where its instructions do. */
export interface DeltaHead {
  readonly baseSize: number;
  readonly size: number;
  readonly at: number;
}

/** Reads the two sizes. Throws `Damage` where they are cut short or beyond 2^49. */
export function readDeltaHead(delta: Uint8Array): DeltaHead {
  let at = 0;
  const size = (): number => {
    let sum = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = delta[at++];
      if (byte === undefined || unit > 2 ** 42) throw new Damage("is corrupt: a delta without sizes");
      sum += (byte & 0x7f) * unit;
      if (byte < 0x80) return sum;
    }
  };
  const baseSize = size();
  return { baseSize, size: size(), at };
}

/** The object that `delta` makes of `base`. Throws `Damage` for a delta of another base, or one that is none. */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Buffer {
  const head = readDeltaHead(delta);
  if (head.baseSize !== base.length) throw new Damage("is corrupt: a delta of another base");
  const made = Buffer.allocUnsafeSlow(head.size);
  let at = head.at;
  let filled = 0;
  const operand = (code: number, bit: number): number => (((code >> bit) & 1) === 1 ? (delta[at++] ?? 0) : 0);
  while (at < delta.length) {
    const code = delta[at++] ?? 0;
    if (code === 0) throw new Damage("is corrupt: a delta with an unknown instruction");
    let [source, from, length] = [delta, at, code];
    if (code < 0x80) {
      at += code;
    } else {
      from = operand(code, 0) + operand(code, 1) * 0x100 + operand(code, 2) * 0x10000 + operand(code, 3) * 0x1000000;
      length = operand(code, 4) + operand(code, 5) * 0x100 + operand(code, 6) * 0x10000 || 0x10000;
      source = base;
    }
    if (from + length > source.length || filled + length > made.length || at > delta.length) {
      throw new Damage("is corrupt: a delta that reaches outside");
    }
    made.set(source.subarray(from, from + length), filled);
    filled += length;
  }
  if (filled !== made.length) throw new Damage("is corrupt: a delta that makes too little");
  return made;
}
