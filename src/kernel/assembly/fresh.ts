/**
 * What of an object is *fresh*: the bytes that its delta inserts, and the seams where it puts together what was not
 * together in the base. And what follows from it: where keywords must be looked for, and how far from a place the next
 * change is.
 */
import { inserted, stepBytes, stepsEnd } from "./delta";
import { glance } from "./gate";
import { freshAt, rangesAt, stepsAt } from "./regions";

/** How far before a fresh span a keyword can begin that is found or forgotten by what is in it. */
const overlap: u32 = 16 + glance;
/** Spans nearer than this are searched in one go. */
const gap: u32 = 24;
const far: u32 = u32.MAX_VALUE;

let freshEnd: usize = 0;
/** Where the list of ranges ends, which begins at `rangesAt`. */
export let rangesEnd: usize = 0;

/** All of an object without a base is fresh. */
export function allFresh(length: u32): void {
  freshEnd = freshAt;
  addFresh(0, length);
  store<u32>(rangesAt, 0);
  store<u32>(rangesAt, length, 4);
  rangesEnd = rangesAt + 8;
}

/** Adds a fresh span to the list; one that goes on from the last becomes part of it. */
function addFresh(from: u32, to: u32): void {
  if (freshEnd > freshAt && load<u32>(freshEnd - 8, 4) >= from) {
    if (to > load<u32>(freshEnd - 8, 4)) store<u32>(freshEnd - 8, to, 4);
  } else {
    store<u32>(freshEnd, from);
    store<u32>(freshEnd, to, 4);
    freshEnd += 8;
  }
}

/**
 * Of the steps of the last delta: the fresh spans (seams are empty ones), and the ranges in which a keyword that
 * touches one can start. Where an object begins or ends and its base does not is a seam too.
 */
export function findFresh(baseLength: u32, length: u32): void {
  freshEnd = freshAt;
  let last: usize = 0;
  for (let step = stepsAt; step < stepsEnd; step += stepBytes) {
    const to = load<u32>(step);
    const from = load<u32>(step, 8);
    if (from === inserted) addFresh(to, to + load<u32>(step, 4));
    else if (last === 0 ? from !== 0 : load<u32>(last, 8) !== inserted) addFresh(to, to);
    last = step;
  }
  if (last === 0) addFresh(0, length);
  else if (load<u32>(last, 8) !== inserted && load<u32>(last, 8) + load<u32>(last, 4) !== baseLength) {
    addFresh(length, length);
  }
  rangesEnd = rangesAt;
  for (let span = freshAt; span < freshEnd; span += 8) {
    const start = load<u32>(span);
    const from = start > overlap ? start - overlap : 0;
    // The byte before a keyword bears on it too.
    const to = min<u32>(load<u32>(span, 4) + 1, length);
    if (rangesEnd > rangesAt && from <= load<u32>(rangesEnd - 8, 4) + gap) {
      store<u32>(rangesEnd - 8, to, 4);
    } else {
      store<u32>(rangesEnd, from);
      store<u32>(rangesEnd, to, 4);
      rangesEnd += 8;
    }
  }
}

/** The fresh span at or behind the place in hand. */
let nextFresh: usize = 0;

/** To be called before `findNear` is asked about an object. */
export function beginNear(): void {
  nextFresh = freshAt;
}

/** Bytes from the place that was asked for last to the fresh ones before and behind it. */
export let nearBefore: u32 = 0;
export let nearAfter: u32 = 0;

/** How far the next fresh bytes are from a place, on either side. Places must rise. */
export function findNear(place: u32): void {
  while (nextFresh < freshEnd && load<u32>(nextFresh) < place) nextFresh += 8;
  // Spans are apart: the last one that begins before the place, and the first that does not.
  nearBefore = far;
  nearAfter = far;
  if (nextFresh > freshAt) {
    const end = load<u32>(nextFresh - 8, 4);
    nearBefore = end >= place ? 0 : place - end;
    if (end > place) nearAfter = 0;
  }
  if (nextFresh < freshEnd) {
    const start = load<u32>(nextFresh) - place;
    if (start < nearAfter) nearAfter = start;
    if (start === 0) nearBefore = 0;
  }
}
