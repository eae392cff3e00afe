/**
 * Reads trees. Of a delta only entries that touch a fresh byte are read; all others are what they were in the base. To
 * know which these are, the *boundaries* of entries must be known exactly, since names and ids can hold anything: a
 * copied range whose first boundary in the new tree is one in the base, too, has all its boundaries in common with it.
 */
import { inserted, stepBytes, stepsEnd } from "../delta";
import { beginKept, isFull, keep, keptBytes, keptEnd, readEntry } from "./entries";
import { boundCount, boundsOf, cutShort, keptCount, keptOf, lengthOf, note, objectOf, read, tooLarge } from "./frame";
import { followedAt, stepsAt } from "./regions";

/** Where the boundaries of the tree in hand end. */
let bound: usize = 0;

/** Reads the tree of a frame, that was made of the one of `base` by the last delta; of none where that is 0. What became of it. */
export function readTree(frame: usize, base: usize): u32 {
  const tree = objectOf(frame);
  const length = lengthOf(frame);
  bound = boundsOf(frame);
  beginKept(base === 0 ? 0 : keptOf(base) + <usize>keptCount(base) * keptBytes);
  const kept = keptEnd;
  const isWhole = base === 0 ? readEntries(tree, length) : readFresh(tree, length, base);
  if (isWhole) {
    store<u32>(bound, length);
    bound += 4;
  }
  note(frame, <u32>((bound - boundsOf(frame)) >> 2), kept, <u32>((keptEnd - kept) / keptBytes));
  if (isFull) return tooLarge;
  return isWhole ? read : cutShort;
}

/** Reads every entry. Whether the tree ends with one. */
function readEntries(tree: usize, length: u32): bool {
  let place: u32 = 0;
  while (place < length) {
    store<u32>(bound, place);
    bound += 4;
    place = readEntry(tree, length, place, followedAt);
    if (place === 0) return false;
  }
  return true;
}

/** Reads the entries that touch a fresh byte; takes over the others. Whether the tree ends with an entry. */
function readFresh(tree: usize, length: u32, base: usize): bool {
  const baseBounds = boundsOf(base);
  const count = boundCount(base);
  let step = stepsAt;
  let place: u32 = 0;
  let near: u32 = 0;
  while (place < length) {
    while (step < stepsEnd && load<u32>(step) + load<u32>(step, 4) <= place) step += stepBytes;
    const from = load<u32>(step, 8);
    if (step < stepsEnd && from !== inserted) {
      const source = place - load<u32>(step) + from;
      const index = seek(baseBounds, count, near, source);
      if (index < count && load<u32>(baseBounds + ((<usize>index) << 2)) === source) {
        const last = lastUpTo(baseBounds, count, index, from + load<u32>(step, 4));
        near = last;
        if (last > index) {
          const sourceEnd = load<u32>(baseBounds + ((<usize>last) << 2));
          takeBounds(baseBounds + ((<usize>index) << 2), last - index, place - source);
          takeKept(base, source, sourceEnd, place - source);
          place += sourceEnd - source;
          continue;
        }
      }
    }
    store<u32>(bound, place);
    bound += 4;
    place = readEntry(tree, length, place, followedAt);
    if (place === 0) return false;
  }
  return true;
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
function takeBounds(from: usize, count: u32, shift: u32): void {
  const moved = i32x4.splat(shift);
  const end = from + ((<usize>count) << 2);
  let out = bound;
  for (let at = from; at < end; at += 16) {
    v128.store(out, i32x4.add(v128.load(at), moved));
    out += 16;
  }
  bound += (<usize>count) << 2;
}

/** Takes over what the base keeps between two of its places. */
function takeKept(base: usize, from: u32, to: u32, shift: u32): void {
  const list = keptOf(base);
  const count = keptCount(base);
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
