/**
 * Applies a delta (git's documentation, gitformat-pack, "Deltified representation") and tells which bytes are *fresh*:
 * those that it inserts, and the seams where two copies meet that were not neighbours in the base.
 */

/** What a delta did, in the order of the object it makes: 12 bytes each, `to`, `length`, `from`. */
export const stepBytes: usize = 12;
/** `from` of a step that inserts. */
export const inserted: u32 = u32.MAX_VALUE;

/** Where the steps of the last delta end. */
export let stepsEnd: usize = 0;

function copy(to: usize, from: usize, length: u32): void {
  if (length > 256) {
    memory.copy(to, from, length);
    return;
  }
  const stop = to + length;
  let out = to;
  let source = from;
  do {
    v128.store(out, v128.load(source));
    out += 16;
    source += 16;
  } while (out < stop);
}

let cursor: usize = 0;

/** A length in the head of a delta: seven bits a byte, lowest first. More than 32 bits of it are refused by size later. */
function readSize(end: usize): u32 {
  let value: u64 = 0;
  let shift: u64 = 0;
  while (cursor < end) {
    const byte: u32 = load<u8>(cursor++);
    if (shift < 63) value |= (<u64>(byte & 0x7f)) << shift;
    shift += 7;
    if ((byte & 0x80) === 0) break;
  }
  return value > u32.MAX_VALUE ? u32.MAX_VALUE : <u32>value;
}

/** Bytes of the object that the delta at `from` makes; -1 cast to 32 bits where that is not to be had. */
export function madeSize(from: usize, end: usize): u32 {
  cursor = from;
  readSize(end);
  return readSize(end);
}

/**
 * Makes an object of `base` and writes it to `to`, where there is room for `made` bytes (see `madeSize`) and some more.
 * Neighbouring copies of neighbouring bytes become one step. Writes the steps to `steps`, at most up to `stepsLimit`.
 *
 * @returns Zero, or a negative number: -20 another base is meant, -21 a copy or insertion goes too far, -22 an unknown
 *   instruction, -23 the object is not as long as the delta says, -24 too many steps.
 */
export function applyDelta(
  from: usize,
  end: usize,
  base: usize,
  baseLength: u32,
  to: usize,
  steps: usize,
  stepsLimit: usize,
): i32 {
  cursor = from;
  if (readSize(end) !== baseLength) return -20;
  const made = readSize(end);
  const stop = to + made;
  let p = cursor;
  let out = to;
  let step = steps - stepBytes; // the last one
  let lastEnd: u64 = u64.MAX_VALUE; // where in the base the last copy ended, for steps that go on
  stepsEnd = steps;
  while (p < end) {
    const op: u32 = load<u8>(p++);
    if (op & 0x80) {
      let offset: u32 = 0;
      let length: u32 = 0;
      if (op & 1) offset = load<u8>(p++);
      if (op & 2) offset |= (<u32>load<u8>(p++)) << 8;
      if (op & 4) offset |= (<u32>load<u8>(p++)) << 16;
      if (op & 8) offset |= (<u32>load<u8>(p++)) << 24;
      if (op & 16) length = load<u8>(p++);
      if (op & 32) length |= (<u32>load<u8>(p++)) << 8;
      if (op & 64) length |= (<u32>load<u8>(p++)) << 16;
      if (length === 0) length = 0x10000;
      if (<u64>offset + length > <u64>baseLength || out + length > stop) return -21;
      copy(out, base + offset, length);
      if (<u64>offset === lastEnd) {
        store<u32>(step, load<u32>(step, 4) + length, 4);
      } else {
        step += stepBytes;
        if (step + stepBytes > stepsLimit) return -24;
        store<u32>(step, <u32>(out - to));
        store<u32>(step, length, 4);
        store<u32>(step, offset, 8);
      }
      lastEnd = <u64>offset + length;
      out += length;
    } else if (op !== 0) {
      if (p + op > end || out + op > stop) return -21;
      copy(out, p, op);
      if (step >= steps && load<u32>(step, 8) === inserted) {
        store<u32>(step, load<u32>(step, 4) + op, 4);
      } else {
        step += stepBytes;
        if (step + stepBytes > stepsLimit) return -24;
        store<u32>(step, <u32>(out - to));
        store<u32>(step, op, 4);
        store<u32>(step, inserted, 8);
      }
      lastEnd = u64.MAX_VALUE;
      out += op;
      p += op;
    } else return -22;
  }
  stepsEnd = step + stepBytes;
  return out === stop && p === end ? 0 : -23;
}
