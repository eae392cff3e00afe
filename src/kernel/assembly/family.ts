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

import { forgetMarks } from "./ahead";
import { applyDelta, madeSize } from "./delta";
import { allFresh, findFresh, rangesEnd } from "./fresh";
import { gather, gatheredEnd, hitBytes, learnNotices, noticeCount } from "./hits";
import { inflate } from "./inflate";
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
  nodesAt,
  noticesAt,
  rangesAt,
  stepsAt,
  stepsLimit,
} from "./regions";

/**
 * Called with an object that the host must look at: its node, where it lies and how long it is, what there is to notice
 * (see `hits.ts`), how many ancestors it has, and whether it may hold UTF-16.
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
  const inherited = parent === 0 ? 0 : <usize>load<u32>(parent, 12);
  if (!gather(at, length, list, inherited, parent === 0 ? 0 : list)) return false;
  store<u32>(frame, <u32>((gatheredEnd - list) / hitBytes), 16);
  store<u32>(frame, wide ? wideOpen : known, 20);
  shown = frame;
  const count = noticeCount();
  if (count > 0 || wide) visit(node, at, length, noticesAt, count, depth, wide);
  learnNotices();
  return true;
}
