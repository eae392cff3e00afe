/** Asks of a keyword, by the bytes around it, whether a match can hold it. */
import { ahead, beginAhead, beginsMark, isMarked, readAhead } from "./ahead";
import { gatesAt } from "./regions";

/** Bytes behind a keyword that say at once that it comes to nothing. */
export const glance: u32 = 24;

/**
 * Whether the bytes next to a keyword from `start` to `end` allow that it passes gate `number` - 1, as it is written or
 * otherwise. Nine in ten do not, and are forgotten at once; who changes one of these bytes searches here again.
 */
export function mayPass(number: u32, hasPrior: bool, start: usize, end: usize): bool {
  const gate = gateOf(number - 1);
  if (hasPrior && !mayStandBehind(gate, start)) return false;
  const most = min(load<u32>(gate, 256), glance - 1);
  for (let next = end; next <= end + most; next++) {
    const byte = load<u8>(next);
    const kind = load<u8>(gate + byte);
    if (kind & 2 || beginsMark(byte)) return true;
    if ((kind & 1) === 0) return false;
  }
  return load<u32>(gate, 256) >= glance;
}

/**
 * Whether a match can hold this keyword: before it a byte of one set, behind it some to skip, then one that is needed;
 * and not far away a run of so many of another set. Where rules share a keyword one of their gates must say so.
 */
export function canMatch(at: usize, length: u32, place: u32, meaning: usize): bool {
  const number = load<u32>(meaning, 4);
  if (number === 0) return true;
  const gate = gateOf(number - 1);
  const end = at + length;
  const from = at + place + load<u32>(meaning);
  if (place > 0 && !mayStandBehind(gate, at + place)) return false;
  const members = load<u32>(gate, membersAt);
  if (members === 0) return meetsNeed(gate, from, end) && meetsRun(gate, from, end);
  for (let member: u32 = 0; member < members; member++) {
    const one = memberOf(gate, member);
    if (place > 0 && !mayStandBehind(one, at + place)) continue;
    if (meetsNeed(one, from, end) && meetsRun(one, from, end)) return true;
  }
  return false;
}

/** Where in a gate it is said how many others it stands for, and then which, 16 bits each. */
const membersAt: usize = 268;

function gateOf(number: u32): usize {
  return gatesAt + ((<usize>number) << 9);
}

function memberOf(gate: usize, member: u32): usize {
  return gateOf(load<u16>(gate + membersAt + 4 + ((<usize>member) << 1)));
}

/** Whether a keyword at `start` may stand behind the byte that is there. */
function mayStandBehind(gate: usize, start: usize): bool {
  return (load<u8>(gate + load<u8>(start - 1)) & 8) !== 0;
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

/** Highest bit of a keyword's gate: no rule has it, so nobody asks what is encoded there. */
const silent: u32 = 1 << 31;

/** Whether the host watches for this keyword itself, which no rule has. */
export function isWatched(meaning: usize): bool {
  return (load<u32>(meaning, 4) & silent) !== 0;
}

/** Whether it would, if what follows the keyword were all written plainly and is not. */
export function passesAhead(at: usize, length: u32, place: u32, meaning: usize): bool {
  const number = load<u32>(meaning, 4);
  if (number & silent) return false;
  const size = load<u32>(meaning);
  const from = at + place + size;
  if (!isMarked(from, at + length, load<u32>(meaning, 12) - size)) return false;
  if (number === 0) return true;
  beginAhead(from, at + length);
  return canMatchAhead(gateOf(number - 1), place > 0, at + place);
}

function canMatchAhead(gate: usize, hasPrior: bool, start: usize): bool {
  if (hasPrior && !mayStandBehind(gate, start)) return false;
  if (!meetsNeedAhead(gate)) return false;
  const members = load<u32>(gate, membersAt);
  if (members === 0) return meetsRunAhead(gate);
  for (let member: u32 = 0; member < members; member++) {
    const one = memberOf(gate, member);
    if (hasPrior && !mayStandBehind(one, start)) continue;
    if (meetsNeedAhead(one) && meetsRunAhead(one)) return true;
  }
  return false;
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
