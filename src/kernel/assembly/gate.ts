/** Asks of a keyword, by the bytes around it, whether a match can hold it. */
import { ahead, aheadLength, readAhead } from "./ahead";
import { gatesAt } from "./regions";

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
  const from = at + place + load<u32>(meaning);
  if (number === 0) return readAhead(from, at + length);
  const gate = gatesAt + ((<usize>(number - 1)) << 9);
  if (place > 0 && (load<u8>(gate + load<u8>(at + place - 1)) & 8) === 0) return false;
  if (!readAhead(from, at + length)) return false;
  const end = ahead + aheadLength;
  return meetsNeed(gate, ahead, end) && meetsRun(gate, ahead, end);
}
