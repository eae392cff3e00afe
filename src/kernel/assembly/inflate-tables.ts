/**
 * The tables by which `inflate.ts` reads codes: one look-up gives the symbol, its length and its extra bits, and codes
 * that are longer than a table is wide go on in a second table behind it.
 */
import { get, put } from "./table";

export const literalBits: u32 = 10;
export const distanceBits: u32 = 8;
export const codeLengthBits: u32 = 7;
const longestCode: u32 = 15;

// An entry of a table, 32 bits:
//   a literal      1 << 31 | byte << 16 | code length
//   length, distance     base << 16 | code length << 8 | code length and extra bits
//   a second table  start << 16 | toSecond | its bits << 8 | bits of the first table
//   end of block                  endOfBlock | code length
//   no such code                  toSecond | endOfBlock, both at once, which nothing else has
const isLiteral: u32 = 1 << 31;
export const isSpecial: u32 = 1 << 15;
export const endOfBlock: u32 = 1 << 13;
export const noCode: u32 = isSpecial | (1 << 14) | endOfBlock;

export const literalTable: usize = memory.data(4096 * 4);
export const distanceTable: usize = memory.data(2048 * 4);
export const fixedLiteralTable: usize = memory.data(4096 * 4);
export const fixedDistanceTable: usize = memory.data(2048 * 4);
export const codeLengthTable: usize = memory.data(128 * 4);
/** What a symbol means, without its code length: the rest of its table entry. */
export const literalMeaning: usize = memory.data(288 * 4);
export const distanceMeaning: usize = memory.data(32 * 4);
export const codeLengthMeaning: usize = memory.data(19 * 4);
/** Code length of each symbol; runs of them are written up to 137 too far. */
export const lengths: usize = memory.data(512);
const countOf: usize = memory.data(17 * 4);
const placeOf: usize = memory.data(17 * 4);
const sorted: usize = memory.data(320 * 2);
export const codeLengthOrder: usize = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);

/** Fills the tables that no stream brings along. Call once. */
export function initInflate(): void {
  for (let symbol: u32 = 0; symbol < 256; symbol++) put(literalMeaning, symbol, isLiteral | (symbol << 16));
  put(literalMeaning, 256, isSpecial | endOfBlock);
  let base: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
    put(literalMeaning, 257 + i, (base << 16) | extra);
    base += 1 << extra;
  }
  put(literalMeaning, 285, 258 << 16);
  put(literalMeaning, 286, noCode);
  put(literalMeaning, 287, noCode);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 2 ? 0 : (i >> 1) - 1;
    put(distanceMeaning, i, (base << 16) | extra);
    base += 1 << extra;
  }
  put(distanceMeaning, 30, noCode);
  put(distanceMeaning, 31, noCode);
  for (let symbol: u32 = 0; symbol < 19; symbol++) put(codeLengthMeaning, symbol, symbol << 16);
  for (let i: u32 = 0; i < 288; i++) store<u8>(lengths + i, <u8>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  makeTable(lengths, 288, literalMeaning, fixedLiteralTable, literalBits);
  memory.fill(lengths, 5, 32);
  makeTable(lengths, 32, distanceMeaning, fixedDistanceTable, distanceBits);
}

/** `code` read from its other end: deflate sends the first bit of a code first. */
function reversed(code: u32, length: u32): u32 {
  let bits = ((code >> 1) & 0x5555) | ((code & 0x5555) << 1);
  bits = ((bits >> 2) & 0x3333) | ((bits & 0x3333) << 2);
  bits = ((bits >> 4) & 0x0f0f) | ((bits & 0x0f0f) << 4);
  bits = ((bits >> 8) & 0x00ff) | ((bits & 0x00ff) << 8);
  return bits >> (16 - length);
}

function withLength(meaning: u32, length: u32): u32 {
  // A special entry keeps its flags where lengths and distances have the length of their code alone.
  return meaning & isSpecial ? meaning | length : meaning + (length << 8) + length;
}

/**
 * The table of a canonical code (RFC 1951, 3.2.2), `bits` wide, second tables behind it. False where the lengths are
 * those of no code: too many codes, or too few, but for the single code of one bit that zlib allows.
 */
export function makeTable(codeLengths: usize, symbols: u32, meaning: usize, table: usize, bits: u32): bool {
  memory.fill(countOf, 0, 17 * 4);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(codeLengths + symbol);
    put(countOf, length, get(countOf, length) + 1);
  }
  let longest = longestCode;
  while (longest > 0 && get(countOf, longest) === 0) longest--;
  let used: u32 = 0; // in codes of the longest length
  let place: u32 = 0;
  for (let length: u32 = 1; length <= longest; length++) {
    put(placeOf, length, place);
    place += get(countOf, length);
    used = (used << 1) + get(countOf, length);
  }
  if (longest === 0) {
    // No code at all: a block of literals alone has no distances. Whoever asks for one gets the refusal.
    for (let i: u32 = 0; i < 1 << bits; i++) put(table, i, noCode | bits);
    return true;
  }
  if (used > 1 << longest) return false;
  if (used < 1 << longest && !(longest === 1 && used === 1)) return false;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(codeLengths + symbol);
    if (length === 0) continue;
    const at = get(placeOf, length);
    store<u16>(sorted + ((<usize>at) << 1), <u16>symbol);
    put(placeOf, length, at + 1);
  }
  if (used < 1 << longest) {
    for (let i: u32 = 0; i < 1 << bits; i++) put(table, i, noCode | bits);
  }
  fillTable(table, meaning, bits, longest);
  return true;
}

/** Writes each symbol to all places of the table whose low bits are its code. */
function fillTable(table: usize, meaning: usize, bits: u32, longest: u32): void {
  let code: u32 = 0;
  let next: u32 = 0; // in `sorted`
  let second: u32 = 1 << bits; // where the next second table begins
  let prefix: u32 = u32.MAX_VALUE;
  let secondBits: u32 = 0;
  let start: u32 = 0;
  for (let length: u32 = 1; length <= longest; length++, code <<= 1) {
    for (let left = get(countOf, length); left > 0; left--, code++) {
      const symbol: u32 = load<u16>(sorted + ((<usize>next) << 1));
      next++;
      const word = reversed(code, length);
      if (length <= bits) {
        const entry = withLength(get(meaning, symbol), length);
        for (let i = word; i < 1 << bits; i += 1 << length) put(table, i, entry);
        continue;
      }
      if ((word & ((1 << bits) - 1)) !== prefix) {
        prefix = word & ((1 << bits) - 1);
        start = second;
        // Wide enough for all codes that begin with this prefix.
        secondBits = length - bits;
        let room: i32 = (1 << secondBits) - <i32>left;
        while (room > 0 && secondBits + bits < longest) {
          secondBits++;
          room = (room << 1) - <i32>get(countOf, secondBits + bits);
        }
        second += 1 << secondBits;
        put(table, prefix, (start << 16) | isSpecial | (1 << 14) | (secondBits << 8) | bits);
      }
      const entry = withLength(get(meaning, symbol), length - bits);
      for (let i = word >> bits; i < 1 << secondBits; i += 1 << (length - bits)) put(table, start + i, entry);
    }
  }
}
