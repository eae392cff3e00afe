/**
 * The hits of an object: those that were found in it, and those of its base, whose places are mapped. Of each is known
 * how far the next fresh byte is on either side, so that the host, who knows how far a pattern reaches from its keyword,
 * can tell which must be looked at again; these it is told of, unless all that bears on one was seen before and came to
 * nothing.
 */

import { isDense } from "./ahead";
import { inserted, stepBytes, stepsEnd } from "./delta";
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
import { beginNear, findNear, nearAfter, nearBefore, rangesEnd } from "./fresh";
import { canMatch, isWatched, passesAhead } from "./gate";
import { isBarren, keyOf, learnBarren } from "./memo";
import { endHits } from "./prefilter";
import { foundAt, hitsLimit, keywordsAt, noticesAt, noticesLimit, rangesAt, stepsAt } from "./regions";

/** A hit, 8 bytes: its place, and its keyword with the flags below. Of all objects on the way to the one in hand. */
export const hitBytes: usize = 8;
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

let gatheredFrom: usize = 0;
/** Where the list that was gathered last ends. */
export let gatheredEnd: usize = 0;
let noticesEnd: usize = 0;

/**
 * Merges the hits that were found with those that the base hands down, from `inherited` to `inheritedEnd`, into `list`, and
 * notes what the host must notice. False where there is no room.
 */
export function gather(at: usize, length: u32, list: usize, inherited: usize, inheritedEnd: usize): bool {
  gatheredFrom = list;
  gatheredEnd = list;
  noticesEnd = noticesAt;
  beginNear();
  let found = foundAt;
  const foundEnd = endHits();
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

/** How many there are to notice in the object that was gathered last, from `noticesAt` on. */
export function noticeCount(): u32 {
  return <u32>((noticesEnd - noticesAt) / noticeBytes);
}

/** Remembers of which notices nothing came. */
export function learnNotices(): void {
  for (let one = noticesAt; one < noticesEnd; one += noticeBytes) {
    const key = load<u64>(one, 24);
    if (key !== 0 && (load<u32>(<usize>load<u32>(one), 4) & held) === 0) learnBarren(key);
  }
}
