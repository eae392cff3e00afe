/**
 * Remembers stretches of bytes that came to nothing, by 64 bits of a hash of them. Versions of a file repeat each other
 * beyond what their deltas share: seven tenths of all fresh bytes of a history were fresh before (redis/redis: 743 of
 * 997 MB). The hash begins with a number that the host draws by lot, so that nobody can write a text that passes for
 * another. The table takes the newest key of each slot.
 */
import { memoAt, memoSlots } from "./regions";

let seedOne: u64 = 0;
let seedTwo: u64 = 0;

/** Says with what hashes begin: 64 random bits, in halves. */
export function seedMemo(low: u32, high: u32): void {
  seedOne = ((<u64>high) << 32) | low;
  seedTwo = rotl(seedOne, 29) ^ odd;
}

const odd: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15;
const other: u64 = ((<u64>0xff51afd7) << 32) | 0xed558ccd;

/** What a key is of: nobody takes one for the other, though they may be of the same bytes. */
export const ofPassage: u32 = u32.MAX_VALUE;

/**
 * A key of the bytes in [`from`, `to`), of what was asked of them (the number of a keyword, or `ofPassage`) and of where in
 * them; never 0. Eight bytes behind them must be memory.
 */
export function keyOf(from: usize, to: usize, asked: u32, where: u64): u64 {
  let one = seedOne ^ where;
  let two = seedTwo ^ (((<u64>asked) << 32) | <u64>(to - from));
  let at = from;
  for (; at + 16 <= to; at += 16) {
    one = mixed(one ^ load<u64>(at), odd);
    two = mixed(two ^ load<u64>(at, 8), other);
  }
  if (at + 8 <= to) {
    one = mixed(one ^ load<u64>(at), odd);
    at += 8;
  }
  if (at < to) two = mixed(two ^ (load<u64>(at) & ~((<u64>-1) << ((<u64>(to - at)) << 3))), other);
  return mixed(mixed(one, other) ^ two, odd) | 1;
}

function mixed(value: u64, factor: u64): u64 {
  const product = value * factor;
  return product ^ (product >> 32);
}

function slotOf(key: u64): usize {
  return memoAt + ((<usize>(key >> 1) & (memoSlots - 1)) << 3);
}

/** Whether what has this key came to nothing before. */
export function isBarren(key: u64): bool {
  return load<u64>(slotOf(key)) === key;
}

/** Remembers that what has this key came to nothing. */
export function learnBarren(key: u64): void {
  store<u64>(slotOf(key), key);
}
