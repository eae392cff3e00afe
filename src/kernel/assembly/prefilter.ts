/**
 * Finds keywords: every place where one of some thousand literals stands, letter case of ASCII aside.
 *
 * Only every second byte is looked at. Three bytes there, case folded, are hashed; the slot says, for eight classes of
 * the byte behind them, whether a keyword can be here. Each keyword is in the slots of two neighbouring triples, so one
 * of them falls on a byte that is looked at. What passes is compared byte by byte. The host fills the tables
 * (`detect/engine/table.ts`, which also says how triples are chosen); a keyword longer than 16 bytes is here by its
 * first 16, which tell nearly as much.
 */

import { entriesAt, linksAt } from "./regions";

const slotBits: u32 = 15;
export const slots: usize = memory.data(1 << 15);
/** For each slot the number of its first link, 0 for none. 32 bits each. */
export const heads: usize = memory.data(4 << 15);

// A link, 8 bytes: an entry of the slot, the next link. Number 0 is none.
const linkShift: usize = 3;

// An entry, 64 bytes: keyword, offset of its triple, length, nothing; then for its first eight bytes and its last
// eight: which bits to set, which bytes count (all of the last eight do), what they are.
const entryShift: usize = 6;

/** Bytes by which the triple of a keyword can lie behind its start. */
let furthest: u32 = 0;

export function setFurthest(bytes: u32): void {
  furthest = bytes;
}

/** Where the next hit goes, and where room for hits ends. A hit is 8 bytes: its place, its keyword. */
let hits: usize = 0;
let hitsLimit: usize = 0;

/** Begins a list of hits. */
export function beginHits(at: usize, limit: usize): void {
  hits = at;
  hitsLimit = limit;
}

/** Goes on with the list from here. */
export function setHits(at: usize): void {
  hits = at;
}

/** The end of the list; past the limit where there was no room for all. */
export function endHits(): usize {
  return hits;
}

function hash(four: u32): u32 {
  return ((four | 0x20202020) * (0x9e3779b1 << 8)) >>> (32 - slotBits);
}

function mayBe(slot: u32, four: u32): u32 {
  return (<u32>load<u8>(slots + slot) >> ((four >> 24) & 7)) & 1;
}

/** Compares what the slot knows with the text; appends hits that start in [`from`, `to`) and end in the text. */
function compare(slot: u32, at: usize, text: usize, from: usize, to: usize, textEnd: usize): void {
  for (let number = load<u32>(heads + ((<usize>slot) << 2)); number !== 0; ) {
    const link = linksAt + ((<usize>number) << linkShift);
    const entry = entriesAt + ((<usize>load<u32>(link)) << entryShift);
    const start = at - load<i32>(entry, 4);
    number = load<u32>(link, 4);
    if (start < from || start >= to) continue;
    if (((load<u64>(start) | load<u64>(entry, 16)) & load<u64>(entry, 24)) !== load<u64>(entry, 32)) continue;
    const length = load<u32>(entry, 8);
    if (start + length > textEnd) continue;
    if (length > 8 && (load<u64>(start + length - 8) | load<u64>(entry, 40)) !== load<u64>(entry, 48)) continue;
    if (hits < hitsLimit) {
      store<u32>(hits, <u32>(start - text));
      store<u32>(hits, load<u32>(entry), 4);
    }
    hits += 8;
  }
}

/**
 * Appends the keywords that start in [`from`, `to`) of the text of `length` bytes at `text`, by the place of the
 * triple that gave them away: nearly in order. Sixteen bytes behind the text must be memory.
 */
export function findKeywords(text: usize, length: u32, from: u32, to: u32): void {
  const textEnd = text + length;
  const first = text + from;
  const end = text + to;
  let at = first > text ? first - 1 : first; // a short keyword has a triple that begins a byte before it
  let stop = end + furthest + 1;
  if (stop > textEnd) stop = textEnd;
  while (at < stop) {
    const a = load<u32>(at);
    const b = load<u32>(at, 2);
    const c = load<u32>(at, 4);
    const d = load<u32>(at, 6);
    const slotA = hash(a);
    const slotB = hash(b);
    const slotC = hash(c);
    const slotD = hash(d);
    const hitA = mayBe(slotA, a);
    const hitB = mayBe(slotB, b);
    const hitC = mayBe(slotC, c);
    const hitD = mayBe(slotD, d);
    if (hitA | hitB | hitC | hitD) {
      if (hitA) compare(slotA, at, text, first, end, textEnd);
      if (hitB) compare(slotB, at + 2, text, first, end, textEnd);
      if (hitC) compare(slotC, at + 4, text, first, end, textEnd);
      if (hitD) compare(slotD, at + 6, text, first, end, textEnd);
    }
    at += 8;
  }
}

/** Sorts hits by place and keyword. They come nearly in order, so each moves a step or two. */
export function sortHits(from: usize, end: usize): void {
  for (let at = from + 8; at < end; at += 8) {
    const place = load<u32>(at);
    const keyword = load<u32>(at, 4);
    let slot = at;
    while (slot > from && load<u32>(slot - 8) > place) {
      store<u64>(slot, load<u64>(slot - 8));
      slot -= 8;
    }
    if (slot === at) continue;
    store<u32>(slot, place);
    store<u32>(slot, keyword, 4);
  }
}
