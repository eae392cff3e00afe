/**
 * Sets of bytes, each a table of 256 zeros and ones: asking is one index, and an engine can use the table as it is.
 * No function changes a set that it was given.
 */
export type ByteSet = Uint8Array;

/** The bytes from `first` to `last` of every pair, both ends included. */
export function bytesOf(...ranges: readonly (readonly [first: number, last: number])[]): ByteSet {
  const set = new Uint8Array(256);
  for (const [first, last] of ranges) set.fill(1, first, last + 1);
  return set;
}

/** The bytes of a latin1 string. */
function bytesIn(text: string): ByteSet {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(text, "latin1")) set[byte] = 1;
  return set;
}

/** What is in any of the sets. */
export function union(...sets: readonly ByteSet[]): ByteSet {
  const joined = new Uint8Array(256);
  const all = wordsOf(joined);
  // The branches of a choice share what comes behind it: many of the sets are one and the same.
  for (const set of new Set(sets)) {
    const words = wordsOf(set);
    for (let at = 0; at < 64; at++) all[at] = (all[at] as number) | (words[at] as number);
  }
  return joined;
}

/** Four bytes of a set at a time: sets are made by the thousand while a shelf is read. */
const wordsOf = ({ buffer, byteOffset }: ByteSet): Uint32Array => new Uint32Array(buffer, byteOffset, 64);

/** What is not in the set. */
export const complement = (set: ByteSet): ByteSet => set.map((bit) => 1 - bit);

/** True when no byte is in both. */
export function disjoint(a: ByteSet, b: ByteSet): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  return one.every((word, at) => (word & (other[at] as number)) === 0);
}

/** The members, ascending. */
export function members(set: ByteSet): readonly number[] {
  const bytes: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (set[byte] === 1) bytes.push(byte);
  return bytes;
}

/** The set with both cases of each of its ASCII letters; other bytes have one case only. */
export function foldCase(set: ByteSet): ByteSet {
  const folded = set.slice(); // `Uint8Array.from` would step through it value by value
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper + 0x20;
    if (set[upper] === 1 || set[lower] === 1) folded[upper] = folded[lower] = 1;
  }
  return folded;
}

/** The members as ranges, both ends included, ascending and as few as possible. */
export function rangesOf(set: ByteSet): readonly (readonly [first: number, last: number])[] {
  const ranges: [number, number][] = [];
  for (const byte of members(set)) {
    const open = ranges.at(-1);
    if (open !== undefined && open[1] === byte - 1) open[1] = byte;
    else ranges.push([byte, byte]);
  }
  return ranges;
}

const digit = bytesOf([0x30, 0x39]);
const upper = bytesOf([0x41, 0x5a]);
const lower = bytesOf([0x61, 0x7a]);
const alpha = union(upper, lower);
const alnum = union(alpha, digit);
const word = union(alnum, bytesIn("_"));
const graph = bytesOf([0x21, 0x7e]);

/** No byte, and every byte. */
export const none: ByteSet = bytesOf();
export const all: ByteSet = bytesOf([0, 255]);
/** What `.` stands for unless flag `s` is set. */
export const notNewline: ByteSet = complement(bytesIn("\n"));
/** The bytes between which and others `\b` sees an edge. */
export const wordBytes: ByteSet = word;

/** Classes that a backslash and a lower-case letter name; the upper-case letter is the complement. */
export const perlClasses: ReadonlyMap<string, ByteSet> = new Map([
  ["d", digit],
  ["w", word],
  ["s", bytesIn("\t\n\f\r ")], // RE2 leaves \v out
]);

/** Classes of `[[:name:]]`. Source: RE2's syntax page. */
export const posixClasses: ReadonlyMap<string, ByteSet> = new Map([
  ["alnum", alnum],
  ["alpha", alpha],
  ["ascii", bytesOf([0, 0x7f])],
  ["blank", bytesIn("\t ")],
  ["cntrl", bytesOf([0, 0x1f], [0x7f, 0x7f])],
  ["digit", digit],
  ["graph", graph],
  ["lower", lower],
  ["print", bytesOf([0x20, 0x7e])],
  ["punct", bytesOf([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ["space", bytesIn("\t\n\v\f\r ")],
  ["upper", upper],
  ["word", word],
  ["xdigit", bytesOf([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])],
]);
