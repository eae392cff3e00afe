/**
 * Finds keywords: every place where one of some thousand literals stands, letter case of ASCII aside.
 *
 * Four bytes, case folded, are hashed; the slot says, for eight classes of the byte behind them, whether a keyword can
 * be here. That is done at every second byte: a keyword is in the slots of two neighbouring quads, so that one of them
 * falls on a byte that is looked at. Keywords of three and four bytes have no two quads: they are in slots of their own
 * by their first three bytes, which are looked at everywhere. What passes is compared byte by byte. The host fills the
 * tables (`detect/engine/table.ts`, which also says how quads are chosen); a keyword longer than 16 bytes is here by its
 * first 16, which tell nearly as much.
 */

import { mayPass } from "./gate";
import { entriesAt, linksAt } from "./regions";

const quadBits: u32 = 16;
const tripleBits: u32 = 13;
/** The slots of quads, then those of triples. */
export const slots: usize = memory.data((1 << 16) + (1 << 13));
const tripleSlots: usize = slots + (1 << quadBits);
/** Heads are fewer than slots of quads: neighbouring ones share theirs. */
const quadsAHead: u32 = 2;
/** The number of the first link, 0 for none, for quads and then for triples. 32 bits each. */
export const heads: usize = memory.data(4 * ((1 << 14) + (1 << 13)));
const tripleHeads: u32 = 1 << (quadBits - quadsAHead);

// A link, 8 bytes: an entry of the slot, the next link. Number 0 is none.
const linkShift: usize = 3;

// An entry, 64 bytes: keyword, offset of its quad or triple, length, gate + 1 or 0; then for its first eight bytes and its
// last eight: which bits to set, which bytes count (all of the last eight do), what they are.
const entryShift: usize = 6;

/** Bytes by which the quad of a keyword can lie behind its start. */
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

const factor: u32 = 0x9e3779b1;
/** What makes small letters of large ones, in each of eight bytes. */
const small: u64 = ((<u64>0x20202020) << 32) | 0x20202020;

function quadAt(folded: u32): u32 {
  return (folded * factor) >>> (32 - quadBits);
}

function tripleAt(folded: u32): u32 {
  return (folded * (factor << 8)) >>> (32 - tripleBits);
}

function mayBe(slot: usize, next: u32): u32 {
  return (<u32>load<u8>(slot) >> (next & 7)) & 1;
}

/** Compares what a head leads to with the text; appends hits that start in [`from`, `to`) and end in the text. */
function compare(head: u32, at: usize, text: usize, from: usize, to: usize, textEnd: usize): void {
  for (let number = load<u32>(heads + ((<usize>head) << 2)); number !== 0; ) {
    const link = linksAt + ((<usize>number) << linkShift);
    const entry = entriesAt + ((<usize>load<u32>(link)) << entryShift);
    const start = at - load<i32>(entry, 4);
    number = load<u32>(link, 4);
    if (start < from || start >= to) continue;
    if (((load<u64>(start) | load<u64>(entry, 16)) & load<u64>(entry, 24)) !== load<u64>(entry, 32)) continue;
    const length = load<u32>(entry, 8);
    if (start + length > textEnd) continue;
    if (length > 8 && (load<u64>(start + length - 8) | load<u64>(entry, 40)) !== load<u64>(entry, 48)) continue;
    const gate = load<u32>(entry, 12);
    if (gate !== 0 && !mayPass(gate, start > text, start, start + length)) continue;
    if (hits < hitsLimit) {
      store<u32>(hits, <u32>(start - text));
      store<u32>(hits, load<u32>(entry), 4);
    }
    hits += 8;
  }
}

/** Bytes that are looked at before what was found in them is compared: guessing wrong is dear, so nothing is guessed. */
const block: usize = 4096;
/** Places in a block where a keyword may be, 8 bytes each: the first of four bytes, and which of six looks says so. */
const stops: usize = memory.data(8192 + 16);

/**
 * Appends the keywords that start in [`from`, `to`) of the text of `length` bytes at `text`, by the place of the quad or
 * triple that gave them away: nearly in order. Sixteen bytes behind the text must be memory.
 */
export function findKeywords(text: usize, length: u32, from: u32, to: u32): void {
  const textEnd = text + length;
  const first = text + from;
  const end = text + to;
  const stop = min(end + furthest + 1, textEnd);
  for (let at = first; at < stop; at += block) {
    const last = findStops(at, min(at + block, stop));
    for (let one = stops; one < last; one += 8) {
      const place = <usize>load<u32>(one);
      const looks = load<u32>(one, 4);
      const eight = load<u64>(place) | small;
      if (looks & 1) compare(quadAt(<u32>eight) >> quadsAHead, place, text, first, end, textEnd);
      if (looks & 2) compare(tripleHeads + tripleAt(<u32>eight), place, text, first, end, textEnd);
      if (looks & 4) compare(tripleHeads + tripleAt(<u32>(eight >> 8)), place + 1, text, first, end, textEnd);
      if (looks & 8) compare(quadAt(<u32>(eight >> 16)) >> quadsAHead, place + 2, text, first, end, textEnd);
      if (looks & 16) compare(tripleHeads + tripleAt(<u32>(eight >> 16)), place + 2, text, first, end, textEnd);
      if (looks & 32) compare(tripleHeads + tripleAt(<u32>(eight >> 24)), place + 3, text, first, end, textEnd);
    }
  }
}

/** Writes the stops of [`from`, `to`). Where the list ends. */
function findStops(from: usize, to: usize): usize {
  let next = stops;
  for (let at = from; at < to; at += 4) {
    const eight = load<u64>(at) | small;
    const a = <u32>eight;
    const b = <u32>(eight >> 8);
    const c = <u32>(eight >> 16);
    const d = <u32>(eight >> 24);
    const looks =
      mayBe(slots + quadAt(a), <u32>(eight >> 32)) |
      (mayBe(tripleSlots + tripleAt(a), a >> 24) << 1) |
      (mayBe(tripleSlots + tripleAt(b), b >> 24) << 2) |
      (mayBe(slots + quadAt(c), <u32>(eight >> 48)) << 3) |
      (mayBe(tripleSlots + tripleAt(c), c >> 24) << 4) |
      (mayBe(tripleSlots + tripleAt(d), d >> 24) << 5);
    store<u32>(next, <u32>at);
    store<u32>(next, looks, 4);
    next += looks !== 0 ? 8 : 0;
  }
  return next;
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
