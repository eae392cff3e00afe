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

/**
 * Appends the keywords that start in [`from`, `to`) of the text of `length` bytes at `text`, by the place of the quad or
 * triple that gave them away: nearly in order. Sixteen bytes behind the text must be memory.
 */
export function findKeywords(text: usize, length: u32, from: u32, to: u32): void {
  const textEnd = text + length;
  const first = text + from;
  const end = text + to;
  let stop = end + furthest + 1;
  if (stop > textEnd) stop = textEnd;
  for (let at = first; at < stop; at += 4) {
    const eight = load<u64>(at) | small;
    const a = <u32>eight;
    const b = <u32>(eight >> 8);
    const c = <u32>(eight >> 16);
    const d = <u32>(eight >> 24);
    const quadA = quadAt(a);
    const quadC = quadAt(c);
    const tripleA = tripleAt(a);
    const tripleB = tripleAt(b);
    const tripleC = tripleAt(c);
    const tripleD = tripleAt(d);
    const hitA = mayBe(slots + quadA, <u32>(eight >> 32));
    const hitC = mayBe(slots + quadC, <u32>(eight >> 48));
    const shortA = mayBe(tripleSlots + tripleA, a >> 24);
    const shortB = mayBe(tripleSlots + tripleB, b >> 24);
    const shortC = mayBe(tripleSlots + tripleC, c >> 24);
    const shortD = mayBe(tripleSlots + tripleD, d >> 24);
    if ((hitA | hitC | shortA | shortB | shortC | shortD) === 0) continue;
    if (hitA) compare(quadA >> quadsAHead, at, text, first, end, textEnd);
    if (shortA) compare(tripleHeads + tripleA, at, text, first, end, textEnd);
    if (shortB) compare(tripleHeads + tripleB, at + 1, text, first, end, textEnd);
    if (hitC) compare(quadC >> quadsAHead, at + 2, text, first, end, textEnd);
    if (shortC) compare(tripleHeads + tripleC, at + 2, text, first, end, textEnd);
    if (shortD) compare(tripleHeads + tripleD, at + 3, text, first, end, textEnd);
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
