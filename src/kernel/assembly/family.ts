/**
 * Searches a *family*: an object that a pack holds whole, and all that are deltas of it, directly or through others.
 * It is walked depth first, so that the base of each delta is at hand: every stream is inflated once, nothing is kept
 * but the way from the root to the object in hand.
 *
 * Of a delta only what is fresh is searched for keywords. A hit in a copied byte range was a hit in the base: its place
 * is mapped. With every hit goes how far the next fresh byte is on either side, so that the host, who knows how far a
 * pattern reaches from its keyword, can tell which hits must be looked at again and what stays true of the others.
 * The host is called for objects alone in which a hit is new or touched, or in whose base something is claimed.
 */

import { forgetMarks, isDense } from "./ahead";
import { applyDelta, inserted, madeSize, stepBytes, stepsEnd } from "./delta";
import {
  denseKeyword,
  encodedAfter,
  encodedBefore,
  markKeyword,
  markReach,
  runGoesOn,
  runKeyword,
  seesEncoded,
} from "./encoded";
import { allFresh, beginNear, findFresh, findNear, nearAfter, nearBefore, rangesEnd } from "./fresh";
import { canMatch, isWatched, passesAhead } from "./gate";
import { inflate } from "./inflate";
import { isBarren, keyOf, learnBarren } from "./memo";
import { isPacked } from "./packed";
import { searchPassages } from "./passages";
import { beginHits, endHits, sortHits } from "./prefilter";
import {
  arenaAt,
  arenaEnd,
  foundAt,
  foundLimit,
  framesAt,
  framesLimit,
  hitsAt,
  hitsLimit,
  keywordsAt,
  nodesAt,
  noticesAt,
  noticesLimit,
  rangesAt,
  stepsAt,
  stepsLimit,
} from "./regions";

/**
 * Called with an object that the host must look at: its node, where it lies and how long it is, what there is to notice
 * (see `noticeBytes`), how many ancestors it has, and whether it may hold UTF-16.
 */
declare function visit(node: u32, at: usize, length: u32, notices: usize, count: u32, depth: u32, wide: bool): void;

// A node, 32 bytes: where its stream begins and ends, bytes the stream inflates to, first child + 1, next sibling + 1,
// then for the host: what became of it, bytes of the object. All 32 bits.
const nodeShift: usize = 5;

// 0: nobody came to it, because the object that it is a delta of was not made.
const read: u32 = 1;
/** Its stream or its delta is broken. */
const broken: u32 = 2;
/** It asks for more memory than was laid out. The host has other ways to read it. */
const tooLarge: u32 = 3;

/** It was read, and may be a container: the host is to open it, and so to read it, too. */
const packed: u32 = 4;

/** A hit, 8 bytes: its place, and its keyword with the flags below. Of all objects on the way to the one in hand. */
const hitBytes: usize = 8;
/** The gate of the keyword lets it pass. */
const passed: u32 = 1 << 31;
/** The host said that something is claimed there: it is told where the hit is in deltas of the object. */
const held: u32 = 1 << 30;
const flags: u32 = passed | held;

/**
 * What the host is told of a hit that it must look at, 32 bytes: where the hit is in memory; its place; its keyword,
 * with `held` for what is claimed in the base; where the same hit of the base is, 0 for a new one; bytes from the last
 * fresh byte before its start to it; bytes from its start to the next one; then, 64 bits and not for the host, the key
 * of all that bears on it, or 0.
 */
const noticeBytes: usize = 32;

// A frame, 32 bytes: next child + 1, where the object lies, its length, its hits, how many, what is known of UTF-16.
const frameBytes: usize = 32;

// What is known of UTF-16 in an object: there is no run of it, or something may be in it, or it came to nothing.
const narrow: u32 = 0;
const wideOpen: u32 = 1;
const wideDone: u32 = 2;

/** Bytes at the beginning that say whether all of a text is UTF-16; see `bytes/text.ts`. */
const probed: u32 = 4100;

/** The frame of the object in hand. */
let shown: usize = 0;

/** Called by the host while it is shown an object: nothing came of its UTF-16, nor of what its beginning says of it. */
export function forgetWide(): void {
  store<u32>(shown, wideDone, 20);
}

/** What the last `inflateNode` or `makeChild` came to. */
let madeLength: u32 = 0;

/** Searches the family of `root`. Every object of it is shown to the host where `all`; then no keyword is looked for. */
export function searchFamily(root: u32, all: bool): void {
  const rootNode = nodesAt + ((<usize>root) << nodeShift);
  const size = load<u32>(rootNode, 8);
  if (arenaAt + size + 4096 > arenaEnd || arenaAt + size < arenaAt) {
    store<u32>(rootNode, tooLarge, 20);
    return;
  }
  if (inflate(load<u32>(rootNode), load<u32>(rootNode, 4), arenaAt, size) < 0) {
    store<u32>(rootNode, broken, 20);
    return;
  }
  store<u32>(rootNode, size, 24);
  finish(arenaAt, size);
  let frame = framesAt;
  store<u32>(frame, load<u32>(rootNode, 12));
  store<u32>(frame, <u32>arenaAt, 4);
  store<u32>(frame, size, 8);
  if (!show(root, frame, 0, all)) {
    store<u32>(rootNode, tooLarge, 20);
    return;
  }
  store<u32>(rootNode, isPacked(arenaAt, size) ? packed : read, 20);
  for (;;) {
    const next = load<u32>(frame);
    if (next === 0) {
      if (frame === framesAt) return;
      frame -= frameBytes;
      continue;
    }
    const number = next - 1;
    const node = nodesAt + ((<usize>number) << nodeShift);
    store<u32>(frame, load<u32>(node, 16));
    const child = frame + frameBytes;
    const state = child + frameBytes > framesLimit ? tooLarge : makeChild(node, frame, child);
    if (state !== read) {
      store<u32>(node, state, 20);
      continue;
    }
    store<u32>(node, madeLength, 24);
    if (!show(number, child, frame, all)) {
      store<u32>(node, tooLarge, 20);
      continue;
    }
    store<u32>(node, isPacked(<usize>load<u32>(child, 4), madeLength) ? packed : read, 20);
    const grandchild = load<u32>(node, 12);
    if (grandchild === 0) continue;
    store<u32>(child, grandchild);
    frame = child;
  }
}

/** Zeros behind an object: what reads past its end meets no keyword. */
function finish(at: usize, length: u32): void {
  memory.fill(at + length, 0, 32);
}

/** Makes the object of `node` behind that of `frame`, its base. What became of it. */
function makeChild(node: usize, frame: usize, child: usize): u32 {
  const base = <usize>load<u32>(frame, 4);
  const baseLength = load<u32>(frame, 8);
  const at = (base + baseLength + 64 + 15) & ~15;
  // The delta itself lies at the far end meanwhile.
  const size = load<u32>(node, 8);
  if (<u64>size + 1024 + 4096 > <u64>(arenaEnd - at)) return tooLarge;
  const delta = (arenaEnd - size - 1024) & ~15;
  if (inflate(load<u32>(node), load<u32>(node, 4), delta, size) < 0) return broken;
  const made = madeSize(delta, delta + size);
  if (<u64>made + 1024 > <u64>(delta - at)) return tooLarge;
  const failure = applyDelta(delta, delta + size, base, baseLength, at, stepsAt, stepsLimit);
  if (failure === -24) return tooLarge;
  if (failure < 0) return broken;
  finish(at, made);
  store<u32>(child, <u32>at, 4);
  store<u32>(child, made, 8);
  madeLength = made;
  return read;
}

/** Finds the hits of an object and calls the host if it must. False where there are more than there is room for. */
function show(node: u32, frame: usize, parent: usize, all: bool): bool {
  const at = <usize>load<u32>(frame, 4);
  const length = load<u32>(frame, 8);
  const list = parent === 0 ? hitsAt : <usize>load<u32>(parent, 12) + <usize>load<u32>(parent, 16) * hitBytes;
  store<u32>(frame, <u32>list, 12);
  store<u32>(frame, 0, 16);
  const depth = <u32>((frame - framesAt) / frameBytes);
  if (all) {
    visit(node, at, length, noticesAt, 0, depth, false);
    return true;
  }
  const known = parent === 0 ? narrow : load<u32>(parent, 20);
  let wide = known === wideOpen;
  if (parent === 0) {
    allFresh(length);
  } else findFresh(load<u32>(parent, 8), length);
  // Another beginning may make of runs of UTF-16 a text, or of a text runs.
  if (known === wideDone && rangesEnd > rangesAt && load<u32>(rangesAt) < probed) wide = true;
  forgetMarks();
  beginHits(foundAt, foundLimit);
  for (let range = rangesAt; range < rangesEnd; range += 8) {
    wide = searchPassages(at, length, load<u32>(range), load<u32>(range, 4), wide);
  }
  if (endHits() > foundLimit) return false;
  sortHits(foundAt, endHits());
  if (!gather(at, length, list, parent)) return false;
  store<u32>(frame, <u32>((gatheredEnd - list) / hitBytes), 16);
  store<u32>(frame, wide ? wideOpen : known, 20);
  shown = frame;
  const count = <u32>((noticesEnd - noticesAt) / noticeBytes);
  if (count > 0 || wide) visit(node, at, length, noticesAt, count, depth, wide);
  learn();
  return true;
}

/** Remembers of which notices nothing came. */
function learn(): void {
  for (let one = noticesAt; one < noticesEnd; one += noticeBytes) {
    const key = load<u64>(one, 24);
    if (key !== 0 && (load<u32>(<usize>load<u32>(one), 4) & held) === 0) learnBarren(key);
  }
}

let gatheredFrom: usize = 0;
let gatheredEnd: usize = 0;
let noticesEnd: usize = 0;

/**
 * Merges the hits that were found with those that the base hands down, into `list`, and notes what the host must notice.
 * False where there is no room.
 */
function gather(at: usize, length: u32, list: usize, parent: usize): bool {
  gatheredFrom = list;
  gatheredEnd = list;
  noticesEnd = noticesAt;
  beginNear();
  let found = foundAt;
  const foundEnd = endHits();
  if (parent !== 0) {
    const inherited = <usize>load<u32>(parent, 12);
    const inheritedEnd = inherited + <usize>load<u32>(parent, 16) * hitBytes;
    let range = rangesAt;
    let hit = inherited;
    for (let step = stepsAt; step < stepsEnd && inheritedEnd > inherited; step += stepBytes) {
      const from = load<u32>(step, 8);
      if (from === inserted) continue;
      const to = load<u32>(step);
      const stop = from + load<u32>(step, 4);
      hit = seek(inherited, inheritedEnd, hit, from);
      for (; hit < inheritedEnd && load<u32>(hit) < stop; hit += hitBytes) {
        const place = load<u32>(hit) - from + to;
        while (range < rangesEnd && load<u32>(range, 4) <= place) range += 8;
        if (range < rangesEnd && load<u32>(range) <= place) continue; // it was searched for anew
        for (; found < foundEnd && load<u32>(found) < place; found += 8) {
          if (!append(at, length, load<u32>(found), load<u32>(found, 4), 0)) return false;
        }
        if (!append(at, length, place, load<u32>(hit, 4), hit)) return false;
      }
    }
  }
  for (; found < foundEnd; found += 8) {
    if (!append(at, length, load<u32>(found), load<u32>(found, 4), 0)) return false;
  }
  return true;
}

/** The first hit at or behind `from`, in a list by place; `near` is a guess, mostly right. */
function seek(list: usize, end: usize, near: usize, from: u32): usize {
  if (near < end && load<u32>(near) >= from && (near === list || load<u32>(near - hitBytes) < from)) return near;
  let low: u32 = 0;
  let high = <u32>((end - list) / hitBytes);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(list + <usize>middle * hitBytes) < from) low = middle + 1;
    else high = middle;
  }
  return list + <usize>low * hitBytes;
}

/** Appends a hit; `origin` is the same hit of the base, 0 for a new one. False where there is no room. */
function append(at: usize, length: u32, place: u32, keyword: u32, origin: usize): bool {
  const hit = gatheredEnd;
  const number = keyword & ~flags;
  if (hit + 2 * hitBytes > hitsLimit || noticesEnd + 2 * noticeBytes > noticesLimit) return false;
  // A run is found where it begins, which may be far before what is fresh in it: then the base hands it down as well.
  if (number === runKeyword || number === denseKeyword) {
    const known = knownAt(hit, place, number);
    if (known !== 0) {
      // Something in the run is fresh, however far from its beginning.
      if (origin === 0) noticeNew(at, length, known, load<u32>(known, 4) & ~passed, 0);
      return true;
    }
  }
  findNear(place);
  const meaning = keywordsAt + ((<usize>number) << 4);
  const touched = origin === 0 || nearBefore < load<u32>(meaning, 8) || nearAfter < load<u32>(meaning, 12);
  // Whether there is still something encoded behind a keyword is asked at the keyword.
  if (number === markKeyword && touched) return true;
  const passes = touched ? stillHolds(at, length, place, number) : (keyword & passed) !== 0;
  put(place, passes ? number | passed : number);
  if (passes && (touched || (keyword & held) !== 0)) noticeNew(at, length, hit, keyword & ~passed, origin);
  if (!seesEncoded || number === markKeyword || number === runKeyword || number === denseKeyword) return true;
  if (origin !== 0 && nearBefore >= markReach && nearAfter >= markReach) return true;
  if (!passesAhead(at, length, place, meaning)) return true;
  const mark = gatheredEnd;
  put(place, markKeyword | passed);
  noticeNew(at, length, mark, markKeyword, 0);
  return true;
}

/** Notes a hit that the host must notice, if not all that bears on it was seen before and nothing came of it. */
function noticeNew(at: usize, length: u32, hit: usize, keyword: u32, origin: usize): void {
  const place = load<u32>(hit);
  // Where something is claimed in the base the host must say whether it still is.
  const key = (keyword & held) === 0 ? keyAround(at, length, place, keyword & ~flags) : 0;
  if (key === 0 || !isBarren(key)) notice(hit, place, keyword, origin, key);
}

/** The key of a hit and of all bytes that bear on it; 0 for one of which nobody can say that. */
function keyAround(at: usize, length: u32, place: u32, number: u32): u64 {
  const meaning = keywordsAt + ((<usize>number) << 4);
  if (isWatched(meaning)) return 0;
  let before = load<u32>(meaning, 8);
  let after = load<u32>(meaning, 12);
  if (number === runKeyword || number === markKeyword || number === denseKeyword) {
    before = encodedBefore;
    after = encodedAfter;
    if (number === runKeyword && runGoesOn(at + place, at + length)) return 0;
  }
  before = min(before, place);
  after = min(after, length - place);
  return keyOf(at + place - before, at + place + after, number, before);
}

function stillHolds(at: usize, length: u32, place: u32, number: u32): bool {
  if (number === denseKeyword) return isDense(at + place, at + length);
  return canMatch(at, length, place, keywordsAt + ((<usize>number) << 4));
}

function put(place: u32, keyword: u32): void {
  store<u32>(gatheredEnd, place);
  store<u32>(gatheredEnd, keyword, 4);
  gatheredEnd += hitBytes;
}

function notice(hit: usize, place: u32, keyword: u32, origin: usize, key: u64): void {
  store<u32>(noticesEnd, <u32>hit);
  store<u32>(noticesEnd, place, 4);
  store<u32>(noticesEnd, keyword, 8);
  store<u32>(noticesEnd, <u32>origin, 12);
  store<u32>(noticesEnd, nearBefore, 16);
  store<u32>(noticesEnd, nearAfter, 20);
  store<u64>(noticesEnd, key, 24);
  noticesEnd += noticeBytes;
}

/** The same hit among the last ones before `end`, 0 where there is none. */
function knownAt(end: usize, place: u32, number: u32): usize {
  for (let hit = end; hit > gatheredFrom && load<u32>(hit - hitBytes) === place; hit -= hitBytes) {
    if ((load<u32>(hit - hitBytes, 4) & ~flags) === number) return hit - hitBytes;
  }
  return 0;
}
