/** Asks of a keyword, by the bytes around it, whether a match can hold it. */
import { ahead, beginAhead, beginsMark, isAnyMarked, readAhead } from "./ahead";
import { gatesAt } from "./regions";

/**
 * Whether the bytes right beside a keyword from `start` to `end` allow that it passes gate `number` - 1, as it is
 * written or otherwise. Nine in ten do not, and are forgotten at once; who changes these bytes searches here again.
 */
export function mayPass(number: u32, hasPrior: bool, start: usize, end: usize): bool {
  const gate = gatesAt + ((<usize>(number - 1)) << 9);
  if (hasPrior && (load<u8>(gate + load<u8>(start - 1)) & 8) === 0) return false;
  const next = load<u8>(end);
  return (load<u8>(gate + next) & 3) !== 0 || beginsMark(next);
}

/**
 * Whether a match can hold this keyword: before it a byte of one set, behind it some to skip, then one that is needed;
 * and not far away a run of so many of another set.
 */
export function canMatch(at: usize, length: u32, place: u32, meaning: usize): bool {
  const number = load<u32>(meaning, 4);
  if (number === 0) return true;
  const gate = gatesAt + ((<usize>(number - 1)) << 9);
  const end = at + length;
  const from = at + place + load<u32>(meaning);
  if (place > 0 && (load<u8>(gate + load<u8>(at + place - 1)) & 8) === 0) return false;
  return meetsNeed(gate, from, end) && meetsRun(gate, from, end);
}

function meetsNeed(gate: usize, from: usize, end: usize): bool {
  let stop = from + load<u32>(gate, 256) + 1;
  if (stop > end) stop = end;
  for (let next = from; next < stop; next++) {
    const kind = load<u8>(gate + load<u8>(next));
    if (kind & 2) return true;
    if ((kind & 1) === 0) return false;
  }
  return false;
}

function meetsRun(gate: usize, from: usize, end: usize): bool {
  const least = load<u32>(gate, 264);
  if (least === 0) return true;
  let stop = from + load<u32>(gate, 260) + least;
  if (stop > end) stop = end;
  // From the last byte of a run backwards: a byte that is not of the set rules out all runs over it.
  for (let start = from; start + least <= stop; ) {
    let next = start + least;
    while (next > start && load<u8>(gate + load<u8>(next - 1)) & 4) next--;
    if (next === start) return true;
    start = next;
  }
  return false;
}

/** Highest bit of a keyword's gate: nobody asks what is encoded there. */
const silent: u32 = 1 << 31;

/** Whether it would, if what follows the keyword were all written plainly and is not. */
export function passesAhead(at: usize, length: u32, place: u32, meaning: usize): bool {
  const number = load<u32>(meaning, 4);
  if (number & silent) return false;
  const gate = gatesAt + ((<usize>(number - 1)) << 9);
  if (number !== 0 && place > 0 && (load<u8>(gate + load<u8>(at + place - 1)) & 8) === 0) return false;
  const size = load<u32>(meaning);
  beginAhead(at + place + size, at + length);
  // Most keywords end here, within a byte or two.
  if (number !== 0 && !(meetsNeedAhead(gate) && meetsRunAhead(gate))) return false;
  return isAnyMarked(load<u32>(meaning, 12) - size);
}

function meetsNeedAhead(gate: usize): bool {
  const max = load<u32>(gate, 256);
  for (let next: u32 = 0; next <= max; next++) {
    if (readAhead(next + 1) <= next) return false;
    const kind = load<u8>(gate + load<u8>(ahead + next));
    if (kind & 2) return true;
    if ((kind & 1) === 0) return false;
  }
  return false;
}

function meetsRunAhead(gate: usize): bool {
  const least = load<u32>(gate, 264);
  if (least === 0) return true;
  const end = ahead + readAhead(load<u32>(gate, 260) + least);
  return meetsRun(gate, ahead, end);
}
