/**
 * Finds where a run of base64 or of hexadecimal digits begins that may be text. Most runs of such characters are names,
 * paths and digests; what the first of them would decode to tells these apart, as `detect/decode/base64.ts` does.
 */
import { isDense } from "./ahead";
import { foundLimit } from "./regions";

/** Least lengths, as the decoders have them. */
const leastBase64: u32 = 16;
const leastHex: u32 = 32;

/** Kinds of bytes: 1 base64 with `+/`, 2 base64 with `-_`, 4 hexadecimal. */
const kinds: usize = memory.data(256);
const values: usize = memory.data(256);

/** Fills the tables. Call once. */
export function initRuns(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    const lower = byte | 0x20;
    const digit = byte >= 0x30 && byte <= 0x39;
    const letter = lower >= 0x61 && lower <= 0x7a && byte >= 0x41;
    let kind: u32 = digit || letter ? 3 : 0;
    if (byte === 0x2b || byte === 0x2f) kind = 1;
    if (byte === 0x2d || byte === 0x5f) kind = 2;
    if (digit || (letter && lower <= 0x66)) kind |= 4;
    store<u8>(kinds + byte, <u8>kind);
    let value: u32 = 255;
    if (letter) value = byte >= 0x61 ? byte - 0x61 + 26 : byte - 0x41;
    if (digit) value = byte - 0x30 + 52;
    if (byte === 0x2b || byte === 0x2d) value = 62;
    if (byte === 0x2f || byte === 0x5f) value = 63;
    store<u8>(values + byte, <u8>value);
  }
}

/** Whether a byte of decoded text may be one: no control but tab and line ends, and NUL only for UTF-16. */
function isControl(byte: u32): bool {
  return byte === 0x7f || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13);
}

/** Whether the first twelve characters of base64 at `at` decode to what can be text, UTF-8 or UTF-16. */
function beginsText(at: usize): bool {
  let held: u32 = 0;
  let following: i32 = 0;
  for (let index: u32 = 0; index <= 11; index++) {
    held = ((held << 6) | load<u8>(values + load<u8>(at + index))) & 0xffffff;
    if (index % 4 === 0) continue;
    const byte = (held >> (6 - 2 * (index % 4))) & 0xff;
    if (byte >= 0x80 && byte < 0xc0) {
      if (following-- === 0) return false;
      continue;
    }
    if (following > 0) return false;
    if (byte >= 0xc0) {
      if (byte < 0xc2 || byte >= 0xf5) return false;
      following = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    } else if (byte === 0 ? (index - index / 4) % 2 === 1 : isControl(byte)) return false;
  }
  return true;
}

/** Whether the first sixteen pairs of digits at `at` decode to no control, NUL aside. */
function beginsHexText(at: usize): bool {
  for (let pair: u32 = 0; pair < 16; pair++) {
    const high = digitOf(load<u8>(at + 2 * pair));
    const byte = (high << 4) | digitOf(load<u8>(at + 2 * pair + 1));
    if (byte !== 0 && isControl(byte)) return false;
  }
  return true;
}

function digitOf(byte: u32): u32 {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

/** Either kind of base64; hexadecimal digits are among them. */
const any: u32 = 3;

/** Whether a byte can be of a run. */
export function isOfRun(byte: u32): bool {
  return (load<u8>(kinds + byte) & any) !== 0;
}

/**
 * Appends, at `hits`, a hit of `keyword` where a run begins that shares a byte with [`from`, `to`) of the text or stands right beside
 * it. The new end of the list.
 */
export function findRuns(text: usize, length: u32, from: u32, to: u32, keyword: u32, hits: usize): usize {
  const textEnd = text + length;
  const stop = min<usize>(text + to + 1, textEnd);
  let end = hits;
  let start = text + from;
  while (start > text && load<u8>(kinds + load<u8>(start - 1)) & any) start--;
  // Where no long run of any kind is there is none of one kind.
  while (start < stop && start + leastBase64 <= textEnd) {
    const first = anyStart(start);
    if (first > start) {
      start = first;
      continue;
    }
    let next = start + leastBase64;
    while (next < textEnd && load<u8>(kinds + load<u8>(next)) & any) next++;
    const begin = max<u32>(from, <u32>(start - text));
    const close = min<u32>(to, <u32>(next - text));
    end = findRunsOf(1, leastBase64, text, length, begin, close, keyword, end);
    end = findRunsOf(2, leastBase64, text, length, begin, close, keyword, end);
    if (next - start >= leastHex) end = findRunsOf(4, leastHex, text, length, begin, close, keyword, end);
    start = next + 1;
  }
  return end;
}

// Which bytes are of a run of any kind, in nibbles: a byte is one where the tables share a bit.
const lowNibbles = i8x16(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
const highNibbles = i8x16(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);

/** `start` where a run of any kind covers the next sixteen bytes; else where the next one can begin. */
function anyStart(start: usize): usize {
  const bytes = v128.load(start);
  const kinds = v128.and(
    i8x16.swizzle(lowNibbles, v128.and(bytes, i8x16.splat(0x0f))),
    i8x16.swizzle(highNibbles, i8x16.shr_u(bytes, 4)),
  );
  const others = <u32>i8x16.bitmask(i8x16.eq(kinds, i8x16.splat(0)));
  return start + (32 - clz(others));
}

/** `start` where a run of `kind` covers the next `least` bytes; else where the next one can begin. */
function runStart(start: usize, least: u32, kind: u32): usize {
  // If a run covers them, it covers the last of them.
  let first = start + least;
  while (first > start && load<u8>(kinds + load<u8>(first - 1)) & kind) first--;
  return first;
}

function findRunsOf(
  kind: u32,
  least: u32,
  text: usize,
  length: u32,
  from: u32,
  to: u32,
  keyword: u32,
  hits: usize,
): usize {
  const textEnd = text + length;
  const stop = min<usize>(text + to + 1, textEnd);
  let end = hits;
  let start = text + from;
  while (start > text && load<u8>(kinds + load<u8>(start - 1)) & kind) start--;
  while (start < stop && start + least <= textEnd) {
    const first = runStart(start, least, kind);
    if (first > start) {
      start = first;
      continue;
    }
    if (kind === 4 ? beginsHexText(start) : beginsText(start)) {
      if (end + 8 <= foundLimit) {
        store<u32>(end, <u32>(start - text));
        store<u32>(end, keyword, 4);
      }
      end += 8;
    }
    start += least;
    while (start < textEnd && load<u8>(kinds + load<u8>(start)) & kind) start++;
    start++;
  }
  return end;
}

/** Most bytes that marks in a row take which make a hit: four of them, eleven each. */
export const denseBytes: u32 = 48;

/**
 * Appends, at `hits`, a hit of `keyword` where four characters in a row are written as escapes, percent codes or
 * references, and a place in [`from`, `to`) is the first of them or near. The new end of the list.
 */
export function findDense(text: usize, length: u32, from: u32, to: u32, keyword: u32, hits: usize): usize {
  const textEnd = text + length;
  const stop = min<usize>(text + to, textEnd);
  let end = hits;
  let known: usize = 0; // a hit stands for all that follow it near
  const percent = i8x16.splat(0x25);
  const backslash = i8x16.splat(0x5c);
  const ampersand = i8x16.splat(0x26);
  const back: u32 = from > denseBytes ? denseBytes : from;
  for (let at = text + from - back; at < stop; at += 16) {
    const bytes = v128.load(at);
    let mask = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, percent), i8x16.eq(bytes, backslash)), i8x16.eq(bytes, ampersand)),
    );
    while (mask !== 0) {
      const place = at + ctz(mask);
      mask &= mask - 1;
      if (place >= stop || place < known || !isDense(place, textEnd)) continue;
      known = place + 64;
      if (end + 8 <= foundLimit) {
        store<u32>(end, <u32>(place - text));
        store<u32>(end, keyword, 4);
      }
      end += 8;
    }
  }
  return end;
}
