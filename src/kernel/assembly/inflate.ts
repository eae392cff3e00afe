/**
 * Inflate (RFC 1951) of one zlib stream (RFC 1950) whose inflated length is known, as it always is in a pack. The
 * check sum at the end is not looked at: hashes of whole objects are, where that is asked for.
 *
 * The input is hostile. Output never passes `end + slack`, input is never read past its end by more than `slack`, and
 * whatever is wrong ends with a negative number.
 */

import {
  codeLengthBits,
  codeLengthMeaning,
  codeLengthOrder,
  codeLengthTable,
  distanceBits,
  distanceMeaning,
  distanceTable,
  endOfBlock,
  fixedDistanceTable,
  fixedLiteralTable,
  isSpecial,
  lengths,
  literalBits,
  literalMeaning,
  literalTable,
  makeTable,
  noCode,
} from "./inflate-tables";
import { get } from "./table";

/** Bytes that may be written behind the output, and read behind the input. */
export const slack: u32 = 512;

// The bit buffer: the next bits are the lowest ones. `refill` leaves at least 56 in it.
let input: usize = 0;
let buffer: u64 = 0;
let count: u32 = 0;

function refill(): void {
  buffer |= load<u64>(input) << (<u64>count);
  input += (63 - count) >> 3;
  count |= 56;
}

function drop(bits: u32): void {
  buffer >>= <u64>bits;
  count -= bits;
}

/** Reads the two codes of a dynamic block. Zero, or a negative number. */
function readCodes(): i32 {
  const literals = (<u32>buffer & 31) + 257;
  const distances = ((<u32>buffer >> 5) & 31) + 1;
  const listed = ((<u32>buffer >> 10) & 15) + 4;
  drop(14);
  memory.fill(lengths, 0, 19);
  refill();
  for (let i: u32 = 0; i < listed; i++) {
    if (i === 15) refill();
    store<u8>(lengths + load<u8>(codeLengthOrder + i), <u8>(<u32>buffer & 7));
    drop(3);
  }
  if (!makeTable(lengths, 19, codeLengthMeaning, codeLengthTable, codeLengthBits)) return -2;
  const all = literals + distances;
  for (let i: u32 = 0; i < all; ) {
    refill();
    const entry = get(codeLengthTable, <u32>buffer & 127);
    if (entry & isSpecial) return -3;
    drop(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(lengths + i++, <u8>symbol);
      continue;
    }
    let run: u32 = 3;
    let value: u8 = 0;
    if (symbol === 16) {
      if (i === 0) return -3;
      value = load<u8>(lengths + i - 1);
      run += <u32>buffer & 3;
      drop(2);
    } else if (symbol === 17) {
      run += <u32>buffer & 7;
      drop(3);
    } else {
      run = 11 + (<u32>buffer & 127);
      drop(7);
    }
    if (i + run > all) return -4;
    memory.fill(lengths + i, value, run);
    i += run;
  }
  if (load<u8>(lengths + 256) === 0) return -4; // a block without an end
  if (!makeTable(lengths + literals, distances, distanceMeaning, distanceTable, distanceBits)) return -5;
  if (!makeTable(lengths, literals, literalMeaning, literalTable, literalBits)) return -6;
  return 0;
}

/**
 * Inflates the zlib stream at `from`, which ends before `fromEnd`, to the `length` bytes at `to`.
 *
 * @returns Bytes of input taken, the four of the check sum not among them; or a negative number: the stream is broken, or not
 *   as long as it should be. Up to `slack` bytes behind input and output must be memory.
 */
export function inflate(from: usize, fromEnd: usize, to: usize, length: u32): i32 {
  if (fromEnd < from + 2 || (load<u8>(from) & 15) !== 8 || (load<u8>(from + 1) & 32) !== 0) return -1;
  input = from + 2;
  buffer = 0;
  count = 0;
  const end = to + length;
  let out = to;
  for (let last = false; !last; ) {
    refill();
    last = (<u32>buffer & 1) === 1;
    const kind = (<u32>buffer >> 1) & 3;
    drop(3);
    if (kind === 0) {
      input -= count >> 3; // whole bytes that wait in the buffer go back
      buffer = 0;
      count = 0;
      const size: u32 = load<u16>(input);
      if (input + 4 + size > fromEnd || out + size > end || (load<u16>(input + 2) ^ 0xffff) !== size) return -7;
      memory.copy(out, input + 4, size);
      input += 4 + size;
      out += size;
      continue;
    }
    if (kind === 3) return -8;
    if (kind === 2) {
      const code = readCodes();
      if (code < 0) return code;
    }
    const reached =
      kind === 2
        ? block(literalTable, distanceTable, to, out, end, fromEnd)
        : block(fixedLiteralTable, fixedDistanceTable, to, out, end, fromEnd);
    if (reached === 0) return -9;
    out = reached;
  }
  if (out !== end) return -10;
  input -= count >> 3;
  return input > fromEnd ? -11 : <i32>(input - from);
}

/** Decodes one block. The place behind what it wrote, or 0 where it is broken. */
function block(literal: usize, distance: usize, begin: usize, from: usize, end: usize, inputEnd: usize): usize {
  // Locals live in registers, which globals do not.
  let p = input;
  let bits = buffer;
  let left = count;
  let out = from;
  for (;;) {
    bits |= load<u64>(p) << (<u64>left);
    p += (63 - left) >> 3;
    left |= 56;
    if (p > inputEnd + 16) return 0;
    let entry = get(literal, <u32>bits & ((1 << literalBits) - 1));
    if (<i32>entry < 0) {
      // Up to four literals fit in what one refill brings, since their codes here are at most `literalBits` long.
      bits >>= <u64>(entry & 0xff);
      left -= entry & 0xff;
      store<u8>(out++, <u8>(entry >> 16));
      entry = get(literal, <u32>bits & ((1 << literalBits) - 1));
      if (<i32>entry < 0) {
        bits >>= <u64>(entry & 0xff);
        left -= entry & 0xff;
        store<u8>(out++, <u8>(entry >> 16));
        entry = get(literal, <u32>bits & ((1 << literalBits) - 1));
        if (<i32>entry < 0) {
          bits >>= <u64>(entry & 0xff);
          left -= entry & 0xff;
          store<u8>(out++, <u8>(entry >> 16));
          if (out > end) return 0;
          continue;
        }
      }
      bits |= load<u64>(p) << (<u64>left);
      p += (63 - left) >> 3;
      left |= 56;
    }
    if (entry & isSpecial) {
      if ((entry & noCode) === noCode) return 0;
      if (entry & endOfBlock) {
        left -= entry & 0xff;
        bits >>= <u64>(entry & 0xff);
        break;
      }
      bits >>= <u64>literalBits;
      left -= literalBits;
      entry = get(literal, (entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 0x0f)) - 1)));
      if (entry & isSpecial) {
        if ((entry & noCode) === noCode) return 0;
        left -= entry & 0xff;
        bits >>= <u64>(entry & 0xff);
        break;
      }
      if (<i32>entry < 0) {
        bits >>= <u64>(entry & 0xff);
        left -= entry & 0xff;
        store<u8>(out++, <u8>(entry >> 16));
        if (out > end) return 0;
        continue;
      }
    }
    const length = meantBy(entry, bits);
    bits >>= <u64>(entry & 0xff);
    left -= entry & 0xff;
    entry = get(distance, <u32>bits & ((1 << distanceBits) - 1));
    if (entry & isSpecial) {
      if ((entry & noCode) === noCode) return 0;
      bits >>= <u64>distanceBits;
      left -= distanceBits;
      entry = get(distance, (entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 0x0f)) - 1)));
      if (entry & isSpecial) return 0;
    }
    const back = meantBy(entry, bits);
    bits >>= <u64>(entry & 0xff);
    left -= entry & 0xff;
    const stop = out + length;
    if (out - begin < back || stop > end) return 0;
    copyBack(out, back, stop);
    out = stop;
  }
  if (out > end) return 0;
  input = p;
  buffer = bits;
  count = left;
  return out;
}

/** The length or distance of an entry: its base and the extra bits behind its code. */
function meantBy(entry: u32, bits: u64): u32 {
  const all: u64 = entry & 0xff;
  const known = <u32>(bits & (((<u64>1) << all) - 1));
  return (entry >> 16) + (known >> ((entry >> 8) & 0x3f));
}

/** Repeats what stands `back` bytes before, as wide as the distance allows; may write 15 bytes past `stop`. */
function copyBack(to: usize, back: u32, stop: usize): void {
  let out = to;
  let source = to - back;
  if (back >= 16) {
    do {
      v128.store(out, v128.load(source));
      out += 16;
      source += 16;
    } while (out < stop);
  } else if (back >= 8) {
    do {
      store<u64>(out, load<u64>(source));
      out += 8;
      source += 8;
    } while (out < stop);
  } else if (back === 1) {
    const same = i8x16.splat(load<u8>(source));
    do {
      v128.store(out, same);
      out += 16;
    } while (out < stop);
  } else {
    do {
      store<u8>(out++, load<u8>(source++));
    } while (out < stop);
  }
}
