/**
 * What a text says behind a keyword once the usual ways to write characters otherwise are undone: `%3D`, `\u0041`, `&quot;`,
 * `=3D`, strings put together, a YAML block. It is read as far as a gate looks and is no decoding: that is the host's,
 * who is called where a gate would let the keyword pass if it were all written plainly.
 */
import { leastCodes } from "./encoded";

/** Bytes that are undone at most, or sixteen more, and bytes that are read for them. */
const most: u32 = 160;
const mostRead: u32 = 480;

export const ahead: usize = memory.data(512);

/** Bytes at `ahead` so far, and where reading goes on, not past `textEnd` and `stop`. */
let length: u32 = 0;
let cursor: usize = 0;
let stop: usize = 0;
let textEnd: usize = 0;

/** For each byte whether a mark can begin with it. */
const begins: usize = memory.data(256);

// The same in nibbles: a byte is one of them where the tables share a bit.
const lowNibbles = i8x16(8, 0, 1, 0, 0, 1, 1, 1, 0, 0, 2, 0, 4, 2, 0, 0);
const highNibbles = i8x16(0, 0, 1, 2, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Fills the table. Call once. */
export function initAhead(): void {
  // % \ & " ' ` : =
  for (let byte: u32 = 0; byte < 128; byte++) {
    const quote = byte === 0x22 || byte === 0x27 || byte === 0x60;
    const other = byte === 0x25 || byte === 0x5c || byte === 0x26 || byte === 0x3a || byte === 0x3d;
    store<u8>(begins + byte, quote || other ? 1 : 0);
  }
}

function hexOf(byte: u32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return <i32>byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? <i32>lower - 0x57 : -1;
}

/** The number in `count` hexadecimal digits from `at` on; -1 where they are none. Behind the text there are zeros. */
function hexAt(at: usize, count: u32): i32 {
  let value: i32 = 0;
  for (let digit: u32 = 0; digit < count; digit++) {
    const one = hexOf(load<u8>(at + digit));
    if (one < 0) return -1;
    value = (value << 4) | one;
  }
  return value;
}

function isBlank(byte: u32): bool {
  return byte === 0x20 || byte === 0x09;
}

function isJoint(byte: u32): bool {
  // + . & | < > \ _
  return (
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x26 ||
    byte === 0x7c ||
    byte === 0x3c ||
    byte === 0x3e ||
    byte === 0x5c ||
    byte === 0x5f
  );
}

/** What the mark at `at` stands for: a byte, 256 for nothing, -1 where there is no mark; `markEnd` is behind it. */
let markEnd: usize = 0;

function escaped(at: usize): i32 {
  const kind: u32 = load<u8>(at + 1);
  markEnd = at + 2;
  if (kind === 0x78) {
    markEnd = at + 4;
    return hexAt(at + 2, 2);
  }
  if (kind === 0x75 || kind === 0x55) {
    const digits: u32 = kind === 0x75 ? 4 : 8;
    markEnd = at + 2 + digits;
    const code = hexAt(at + 2, digits);
    return code < 0 ? -1 : code < 256 ? code : 0x80;
  }
  if (kind === 0x22 || kind === 0x27 || kind === 0x2f || kind === 0x5c) return kind;
  if (kind === 0x0a || (kind === 0x0d && load<u8>(at + 2) === 0x0a)) {
    markEnd = at + (kind === 0x0a ? 2 : 3);
    while (isBlank(load<u8>(markEnd))) markEnd++;
    return 256;
  }
  return -1;
}

function reference(at: usize): i32 {
  if (load<u8>(at + 1) === 0x23) {
    const isHex = (load<u8>(at + 2) | 0x20) === 0x78;
    let next = at + (isHex ? 3 : 2);
    let code: u32 = 0;
    let digits: u32 = 0;
    for (; digits < 7; digits++, next++) {
      const digit = hexOf(load<u8>(next));
      if (digit < 0 || (!isHex && digit > 9)) break;
      code = code * (isHex ? 16 : 10) + digit;
    }
    if (digits === 0 || load<u8>(next) !== 0x3b) return -1;
    markEnd = next + 1;
    return code < 256 ? <i32>code : 0x80;
  }
  const four = load<u32>(at + 1);
  const rest = load<u32>(at + 5);
  if ((four & 0xffffff) === 0x3b7467) return named(3, at, 0x3e); // gt;
  if ((four & 0xffffff) === 0x3b746c) return named(3, at, 0x3c); // lt;
  if (four === 0x3b706d61) return named(4, at, 0x26); // amp;
  if (four === 0x3b6c6f73) return named(4, at, 0x2f); // sol;
  if (four === 0x3b6d756e) return named(4, at, 0x23); // num;
  if (four === 0x746f7571 && (rest & 0xff) === 0x3b) return named(5, at, 0x22); // quot;
  if (four === 0x736f7061 && (rest & 0xff) === 0x3b) return named(5, at, 0x27); // apos;
  if (four === 0x7073626e && (rest & 0xff) === 0x3b) return named(5, at, 0x20); // nbsp;
  if (four === 0x6f6c6f63 && (rest & 0xffff) === 0x3b6e) return named(6, at, 0x3a); // colon;
  if (four === 0x6d6d6f63 && (rest & 0xffffff) === 0x3b7461) return named(7, at, 0x40); // commat;
  if (four === 0x61757165 && (rest & 0xffffff) === 0x3b736c) return named(7, at, 0x3d); // equals;
  if (four === 0x63726570 && (rest & 0xffffff) === 0x3b746e) return named(7, at, 0x25); // percnt;
  return -1;
}

function named(length: u32, at: usize, byte: i32): i32 {
  markEnd = at + 1 + length;
  return byte;
}

/** A string that ends and goes on: `" + "`, or over lines. */
function seam(at: usize): i32 {
  const quote = load<u8>(at);
  let next = at + 1;
  let joints: u32 = 0;
  for (let step: u32 = 0; step < 64; step++, next++) {
    const byte: u32 = load<u8>(next);
    if (byte === 0x0a || byte === 0x0d || isJoint(byte)) joints++;
    else if (!isBlank(byte)) break;
  }
  if (joints === 0) return -1;
  if (load<u8>(next) !== quote) next++; // a letter before the quote: b"", f"", @""
  if (load<u8>(next) !== quote) return -1;
  markEnd = next + 1;
  return 256;
}

/** The head of a YAML block: `: |`, and the blanks before its first line. */
function head(at: usize): i32 {
  let next = at + 1;
  while (isBlank(load<u8>(next))) next++;
  const kind: u32 = load<u8>(next);
  if (next === at + 1 || (kind !== 0x7c && kind !== 0x3e)) return -1;
  next++;
  for (let step: u32 = 0; step < 4 && load<u8>(next) !== 0x0a; step++) next++;
  if (load<u8>(next) !== 0x0a) return -1;
  next++;
  while (isBlank(load<u8>(next))) next++;
  markEnd = next;
  return 0x3a;
}

function mark(at: usize): i32 {
  const byte: u32 = load<u8>(at);
  if (byte === 0x25) {
    markEnd = at + 3;
    return hexAt(at + 1, 2);
  }
  if (byte === 0x5c) return escaped(at);
  if (byte === 0x26) return reference(at);
  if (byte === 0x22 || byte === 0x27 || byte === 0x60) return seam(at);
  if (byte === 0x3a) return head(at);
  if (byte === 0x3d) {
    const two = load<u16>(at + 1);
    markEnd = at + 3;
    if (two === 0x4433) return 0x3d; // =3D
    if (two === 0x3032) return 0x20; // =20
    if (two === 0x3232) return 0x22; // =22
    if (two === 0x3034) return 0x40; // =40
    if ((two & 0xff) === 0x0a) {
      markEnd = at + 2;
      return 256;
    }
    if (two === 0x0a0d) return 256;
  }
  return -1;
}

/** Whether a mark can begin with this byte. */
export function beginsMark(byte: u32): bool {
  return load<u8>(begins + byte) !== 0;
}

/** Begins to read ahead from `from` on, not past `end`. */
export function beginAhead(from: usize, end: usize): void {
  length = 0;
  cursor = from;
  textEnd = end;
  stop = from + mostRead < end ? from + mostRead : end;
}

/** Reads until there are `wanted` bytes at `ahead`, or no more can be read. How many there are. */
export function readAhead(wanted: u32): u32 {
  const enough = wanted < most ? wanted : most;
  while (length < enough && cursor < stop) {
    const plain = plainAt(cursor);
    if (plain > 0) {
      v128.store(ahead + length, v128.load(cursor));
      const taken = min(plain, <u32>(stop - cursor));
      length += taken;
      cursor += taken;
      continue;
    }
    const meant = mark(cursor);
    if (meant < 0 || markEnd > textEnd) {
      store<u8>(ahead + length++, load<u8>(cursor++));
      continue;
    }
    if (meant < 256) store<u8>(ahead + length++, <u8>meant);
    cursor = markEnd;
  }
  return length;
}

/** Of the next sixteen bytes how many there are before one with which a mark can begin. */
function plainAt(at: usize): u32 {
  const bytes = v128.load(at);
  const kinds = v128.and(
    i8x16.swizzle(lowNibbles, v128.and(bytes, i8x16.splat(0x0f))),
    i8x16.swizzle(highNibbles, i8x16.shr_u(bytes, 4)),
  );
  return <u32>ctz(~i8x16.bitmask(i8x16.eq(kinds, i8x16.splat(0))));
}

/** No mark begins in [`clearFrom`, `clearTo`) of the text in hand. */
let clearFrom: usize = 0;
let clearTo: usize = 0;

/** To be called before another text is read. */
export function forgetMarks(): void {
  clearFrom = 0;
  clearTo = 0;
}

/**
 * Whether a mark begins among the next `bytes` from `from` on, as far as is read ahead; the text ends at `end`. Places
 * mostly rise, and what was found free of marks is not looked at again.
 */
export function isMarked(from: usize, end: usize, bytes: u32): bool {
  const close = min(from + min(bytes, most), end);
  if (from < clearFrom || from > clearTo) {
    clearFrom = from;
    clearTo = from;
  }
  while (clearTo < close) {
    const plain = plainAt(clearTo);
    if (plain === 0 && mark(clearTo) >= 0 && markEnd <= end) return true;
    clearTo += max<u32>(plain, 1);
  }
  return false;
}

/** Marks in a row from which on a keyword may be among them. */
const dense: u32 = 4;

/** Whether so many characters in a row are written otherwise from `at` on that a keyword may be among them. */
export function isDense(at: usize, end: usize): bool {
  const wanted = load<u8>(at) === 0x25 ? leastCodes : dense;
  let next = at;
  for (let count: u32 = 0; count < wanted; count++) {
    const byte: u32 = load<u8>(next);
    if (byte !== 0x25 && byte !== 0x5c && byte !== 0x26) return false;
    const meant = mark(next);
    if (meant < 0 || meant > 255 || markEnd > end) return false;
    next = markEnd;
  }
  return true;
}
