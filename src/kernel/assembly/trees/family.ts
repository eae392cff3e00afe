/**
 * Walks a *family* of trees: one that a pack holds whole, and all that are deltas of it, depth first. Of a delta only
 * entries that touch a fresh byte are read; all others are what they were in the base. To know which these are, the
 * *boundaries* of entries must be known exactly, since names and ids can hold anything: a copied range whose first
 * boundary in the new tree is one in the base, too, has all its boundaries in common with the base.
 */
import { applyDelta, inserted, madeSize, stepBytes, stepsEnd } from "../delta";
import { inflate } from "../inflate";
import { beginKept, isFull, keep, keptBytes, keptEnd, readEntry } from "./entries";
import { idLength } from "./ids";
import { arenaAt, arenaEnd, followedAt, framesAt, framesLimit, nodesAt, stepsAt, stepsLimit } from "./regions";

/** Told of a tree in which something is kept: its node, where its kept entries are and how many. */
declare function visit(node: u32, kept: usize, count: u32): void;

// A node, 32 bytes: where its stream begins and ends, bytes the stream inflates to, first child + 1, next sibling + 1,
// then for the host: what became of it, bytes of the tree, nothing. All 32 bits.
const nodeShift: usize = 5;

const read: u32 = 1;
const broken: u32 = 2;
/** It asks for more memory than was laid out. The host has other ways to read it. */
const tooLarge: u32 = 3;
/** It was read as far as it goes, and ends in the middle of an entry. */
const cutShort: u32 = 4;

// A frame, 32 bytes: next child + 1, where the tree lies, its length, where its boundaries lie, how many, where its
// kept entries lie, how many. Boundaries are places of entries and, where the tree is whole, its length; 32 bits each.
const frameBytes: usize = 32;

/** Zeros behind a tree. */
const margin: usize = 64;

/** Walks the family of the node `root`. What became of each node stands in it afterwards. */
export function walkFamily(root: u32): void {
  const rootNode = nodesAt + ((<usize>root) << nodeShift);
  const frame = framesAt;
  store<u32>(rootNode, makeRoot(rootNode, frame), 20);
  if (load<u32>(rootNode, 20) === read) {
    store<u32>(rootNode, readRoot(frame), 20);
    if (load<u32>(rootNode, 20) !== tooLarge) {
      show(root, frame);
      descend(rootNode, frame);
    }
  }
}

function descend(rootNode: usize, rootFrame: usize): void {
  store<u32>(rootFrame, load<u32>(rootNode, 12));
  let frame = rootFrame;
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
    let state = child + frameBytes > framesLimit ? tooLarge : makeChild(node, frame, child);
    if (state === read) state = readChild(frame, child);
    store<u32>(node, state, 20);
    if (state !== read && state !== cutShort) continue;
    show(number, child);
    const grandchild = load<u32>(node, 12);
    if (grandchild === 0) continue;
    store<u32>(child, grandchild);
    frame = child;
  }
}

function show(node: u32, frame: usize): void {
  const count = load<u32>(frame, 24);
  store<u32>(nodesAt + ((<usize>node) << nodeShift), load<u32>(frame, 8), 24);
  if (count > 0) visit(node, <usize>load<u32>(frame, 20), count);
}

/** The most bytes that the boundaries of a tree of so many bytes take. */
function boundaryBytes(length: u32): u64 {
  return (<u64>length / (idLength() + 2) + 2) * 4;
}

/** Says in a frame where a tree of so many bytes lies, and that its boundaries will lie behind it. */
function settle(frame: usize, at: usize, length: u32): void {
  memory.fill(at + length, 0, margin);
  store<u32>(frame, <u32>at, 4);
  store<u32>(frame, length, 8);
  store<u32>(frame, <u32>((at + length + margin + 15) & ~15), 12);
}

function makeRoot(node: usize, frame: usize): u32 {
  const size = load<u32>(node, 8);
  if (<u64>size + boundaryBytes(size) + 4096 > <u64>(arenaEnd - arenaAt)) return tooLarge;
  if (inflate(load<u32>(node), load<u32>(node, 4), arenaAt, size) < 0) return broken;
  settle(frame, arenaAt, size);
  return read;
}

/** Makes the tree of `node` behind the boundaries of its base. */
function makeChild(node: usize, frame: usize, child: usize): u32 {
  const base = <usize>load<u32>(frame, 4);
  const at = (<usize>load<u32>(frame, 12) + ((<usize>load<u32>(frame, 16)) << 2) + 16 + 15) & ~15;
  const size = load<u32>(node, 8);
  // The delta itself lies at the far end meanwhile.
  if (<u64>size + 8192 > <u64>(arenaEnd - at)) return tooLarge;
  const delta = (arenaEnd - size - 1024) & ~15;
  if (inflate(load<u32>(node), load<u32>(node, 4), delta, size) < 0) return broken;
  const made = madeSize(delta, delta + size);
  if (<u64>made + boundaryBytes(made) + 1024 > <u64>(delta - at)) return tooLarge;
  const failure = applyDelta(delta, delta + size, base, load<u32>(frame, 8), at, stepsAt, stepsLimit);
  if (failure !== 0) return failure === -24 ? tooLarge : broken;
  settle(child, at, made);
  return read;
}

/** Reads every entry of a tree that is no delta. */
function readRoot(frame: usize): u32 {
  const tree = <usize>load<u32>(frame, 4);
  const length = load<u32>(frame, 8);
  const bounds = <usize>load<u32>(frame, 12);
  let bound = bounds;
  beginKept(0);
  const first = keptEnd;
  let place: u32 = 0;
  while (place < length) {
    store<u32>(bound, place);
    bound += 4;
    place = readEntry(tree, length, place, followedAt);
    if (place === 0) break;
  }
  return end(frame, bound, first, place === length || length === 0);
}

/** Notes in a frame what was found. */
function end(frame: usize, bound: usize, first: usize, isWhole: bool): u32 {
  let last = bound;
  // The entry that was cut short is no boundary, since nobody knows where it would end: its place still is one.
  if (isWhole) {
    store<u32>(last, load<u32>(frame, 8));
    last += 4;
  }
  store<u32>(frame, <u32>((last - <usize>load<u32>(frame, 12)) >> 2), 16);
  store<u32>(frame, <u32>first, 20);
  store<u32>(frame, <u32>((keptEnd - first) / keptBytes), 24);
  if (isFull) return tooLarge;
  return isWhole ? read : cutShort;
}

/** Reads the entries of a delta that touch a fresh byte; takes over the others. */
function readChild(frame: usize, child: usize): u32 {
  const tree = <usize>load<u32>(child, 4);
  const length = load<u32>(child, 8);
  const baseBounds = <usize>load<u32>(frame, 12);
  const baseCount = load<u32>(frame, 16);
  let bound = <usize>load<u32>(child, 12);
  beginKept(<usize>load<u32>(frame, 20) + <usize>load<u32>(frame, 24) * keptBytes);
  const first = keptEnd;
  let step = stepsAt;
  let place: u32 = 0;
  let near: u32 = 0;
  while (place < length) {
    while (step < stepsEnd && load<u32>(step) + load<u32>(step, 4) <= place) step += stepBytes;
    const from = load<u32>(step, 8);
    if (step < stepsEnd && from !== inserted) {
      const to = load<u32>(step);
      const source = place - to + from;
      const index = seek(baseBounds, baseCount, near, source);
      if (index < baseCount && load<u32>(baseBounds + ((<usize>index) << 2)) === source) {
        const last = lastUpTo(baseBounds, baseCount, index, from + load<u32>(step, 4));
        near = last;
        if (last > index) {
          const sourceEnd = load<u32>(baseBounds + ((<usize>last) << 2));
          takeBounds(baseBounds + ((<usize>index) << 2), last - index, bound, place - source);
          bound += (<usize>(last - index)) << 2;
          takeKept(frame, source, sourceEnd, place - source);
          place += sourceEnd - source;
          continue;
        }
      }
    }
    store<u32>(bound, place);
    bound += 4;
    place = readEntry(tree, length, place, followedAt);
    if (place === 0) break;
  }
  return end(child, bound, first, place === length || length === 0);
}

/** Number of the first boundary at or behind `place`; `near` is a guess, mostly right. */
function seek(bounds: usize, count: u32, near: u32, place: u32): u32 {
  for (let guess = near; guess < near + 3 && guess < count; guess++) {
    const here = load<u32>(bounds + ((<usize>guess) << 2));
    if (here === place) return guess;
    if (here > place) break;
  }
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u32>(bounds + ((<usize>middle) << 2)) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of the last boundary, from number `first` on, that is not behind `place`. */
function lastUpTo(bounds: usize, count: u32, first: u32, place: u32): u32 {
  let low = first;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (load<u32>(bounds + ((<usize>middle) << 2)) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Writes `count` boundaries of the base, each moved by `shift`. May write 12 bytes more. */
function takeBounds(from: usize, count: u32, to: usize, shift: u32): void {
  const moved = i32x4.splat(shift);
  const end = from + ((<usize>count) << 2);
  let out = to;
  for (let at = from; at < end; at += 16) {
    v128.store(out, i32x4.add(v128.load(at), moved));
    out += 16;
  }
}

/** Takes over what the base keeps between two of its places. */
function takeKept(frame: usize, from: u32, to: u32, shift: u32): void {
  const list = <usize>load<u32>(frame, 20);
  const count = load<u32>(frame, 24);
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u32>(list + <usize>middle * keptBytes) < from) low = middle + 1;
    else high = middle;
  }
  const end = list + <usize>count * keptBytes;
  for (let at = list + <usize>low * keptBytes; at < end && load<u32>(at) < to; at += keptBytes) {
    keep(load<u32>(at) + shift, load<i32>(at, 4), load<u32>(at, 8), load<u32>(at, 12));
  }
}
