/**
 * Searches a range of a text by *passages*, some lines each, and passes over those that were searched before and held
 * no hit at all. A hit hangs on the bytes of the passage that it starts in and on a few around it; they are all in the
 * passage's key.
 */
import { denseKeyword, runKeyword, seesEncoded } from "./encoded";
import { glance } from "./gate";
import { isBarren, keyOf, learnBarren, ofPassage } from "./memo";
import { endHits, findKeywords, setHits } from "./prefilter";
import { foundLimit } from "./regions";
import { denseBytes, findDense, findRuns, isOfRun } from "./runs";
import { hasWide } from "./wide";

/** Least bytes of a passage: shorter ones cost more to ask for than to search. */
const least: u32 = 64;
/** Bytes behind the start of a hit that it hangs on: sixteen of a keyword and what its gate glances at, or marks. */
const beyond: u32 = max<u32>(16 + glance, denseBytes);
/** Bytes that a run may go on where a range cuts it. */
const mostRun: u32 = 256;

/** Passages that are not known, up to the place in hand: their ends and keys, 16 bytes each. */
const mostPending: usize = 1024;
const pending: usize = memory.data(16 * 1024);
let pendingEnd: usize = pending;

/** Adds the hits of [`from`, `to`) to the list. Whether there may be UTF-16 in the text, so far `wide`. */
export function searchPassages(at: usize, length: u32, from: u32, to: u32, wide: bool): bool {
  let seen = from;
  for (let next = from; next < to; ) {
    const end = passageEnd(at, next, to);
    const key = keyAt(at, length, next, end, next === from);
    if (key !== 0 && isBarren(key)) {
      if (seen < next) wide = searchPiece(at, length, seen, next, wide);
      seen = end;
    } else {
      store<u32>(pendingEnd, end);
      store<u64>(pendingEnd, key, 8);
      pendingEnd += 16;
      if (pendingEnd === pending + 16 * mostPending) {
        wide = searchPiece(at, length, seen, end, wide);
        seen = end;
      }
    }
    next = end;
  }
  return seen < to ? searchPiece(at, length, seen, to, wide) : wide;
}

/** Where the passage ends that begins at `from`: behind the end of a line, or at `to`. */
function passageEnd(at: usize, from: u32, to: u32): u32 {
  const end = at + to;
  const lineFeed = i8x16.splat(0x0a);
  for (let next = at + from + least - 1; next < end; next += 16) {
    const ends = i8x16.bitmask(i8x16.eq(v128.load(next), lineFeed));
    if (ends !== 0) return min<u32>(<u32>(next - at) + ctz(ends) + 1, to);
  }
  return to;
}

/** The key of a passage; 0 where what it hangs on is too far away. Runs, like lines, end where a line does. */
function keyAt(at: usize, length: u32, from: u32, to: u32, isFirst: bool): u64 {
  let begin = from > 0 ? from - 1 : 0;
  if (isFirst) {
    begin = from > denseBytes ? from - denseBytes : 0;
    const furthest = begin > mostRun ? begin - mostRun : 0;
    while (begin > furthest && isOfRun(load<u8>(at + begin - 1))) begin--;
    if (begin > 0 && begin === furthest) return 0;
  }
  let end = min<u32>(to + beyond, length);
  if (load<u8>(at + to - 1) !== 0x0a) {
    const furthest = end + mostRun;
    while (end < length && end < furthest && isOfRun(load<u8>(at + end))) end++;
    if (end === furthest) return 0;
  }
  // Where the text ends there is less behind the passage, which tells such a key from others.
  return keyOf(at + begin, at + end, ofPassage, ((<u64>(from - begin)) << 32) | (to - from));
}

/** Searches all passages that are pending, and learns which of them hold nothing. */
function searchPiece(at: usize, length: u32, from: u32, to: u32, wide: bool): bool {
  const before = endHits();
  if (!wide) wide = hasWide(at, length, from, to);
  findKeywords(at, length, from, to);
  if (seesEncoded) {
    setHits(findRuns(at, length, from, to, runKeyword, endHits()));
    setHits(findDense(at, length, from, to, denseKeyword, endHits()));
  }
  if (!wide && endHits() <= foundLimit) {
    for (let hit = before; hit < endHits(); hit += 8) store<u64>(passageOf(load<u32>(hit)), 0, 8);
    for (let one = pending; one < pendingEnd; one += 16) {
      const key = load<u64>(one, 8);
      if (key !== 0) learnBarren(key);
    }
  }
  pendingEnd = pending;
  return wide;
}

/** The pending passage that holds this place; the first for one before it. */
function passageOf(place: u32): usize {
  let low: usize = 0;
  let high = (pendingEnd - pending) >> 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(pending + (middle << 4)) <= place) low = middle + 1;
    else high = middle;
  }
  return pending + (min<usize>(low, ((pendingEnd - pending) >> 4) - 1) << 4);
}
