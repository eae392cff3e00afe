/**
 * The names of all entries, each once. The host is told of a new one and gives it its number. Nearly always an object
 * has the name it had the last time, so that is what is looked at first.
 */
import { lastNamesAt, namesAt, reach } from "./regions";

/** Told of a name that was not met before: where it lies, how long it is. Answers its number, twice, plus 1 where the name itself is to be followed. */
declare function learn(at: usize, length: u32): u32;

// A record, 16 bytes and the name: the next record of the same head, what `learn` answered, length, hash.
const headBits: u32 = 18;
const heads: usize = memory.data(4 << 18);

let namesEnd: usize = 0;
let seed: u32 = 0;

/** Forgets all names, those of `objects` objects among them. `first` goes into their hash. */
export function beginNames(objects: u32, first: u32): void {
  namesEnd = namesAt;
  seed = first;
  memory.fill(lastNamesAt, 0, <usize>objects * 4);
  memory.fill(heads, 0, 4 << headBits);
}

/** What `learn` answered for the name of a record. */
export function meaningOf(record: usize): u32 {
  return load<u32>(record, 4);
}

/** The record of the name at `at`, under which `object` (an index, or below 0) was met; 0 where memory ends. */
export function nameOf(object: i32, at: usize, length: u32): usize {
  if (object < 0) return intern(at, length);
  const last = lastNamesAt + ((<usize>object) << 2);
  const known = <usize>load<u32>(last);
  if (known !== 0 && isName(known, at, length)) return known;
  const record = intern(at, length);
  store<u32>(last, <u32>record);
  return record;
}

function intern(at: usize, length: u32): usize {
  const hash = hashOf(at, length);
  const head = heads + ((<usize>(hash >>> (32 - headBits))) << 2);
  for (let record = <usize>load<u32>(head); record !== 0; record = load<u32>(record)) {
    if (load<u32>(record, 12) === hash && isName(record, at, length)) return record;
  }
  const record = namesEnd;
  const end = (record + 16 + length + 15) & ~15;
  if (end < record || !reach(end + 64)) return 0;
  namesEnd = end;
  store<u32>(record, load<u32>(head));
  store<u32>(record, length, 8);
  store<u32>(record, hash, 12);
  memory.copy(record + 16, at, length);
  store<u32>(head, <u32>record);
  store<u32>(record, learn(record + 16, length), 4);
  return record;
}

function isName(record: usize, at: usize, length: u32): bool {
  if (load<u32>(record, 8) !== length) return false;
  const name = record + 16;
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(name + i) !== load<u64>(at + i)) return false;
  for (; i < length; i++) if (load<u8>(name + i) !== load<u8>(at + i)) return false;
  return true;
}

function hashOf(at: usize, length: u32): u32 {
  let hash: u32 = seed ^ length;
  for (let i: u32 = 0; i < length; i++) hash = (hash ^ load<u8>(at + i)) * 0x01000193;
  hash ^= hash >>> 16;
  hash *= 0x85ebca6b;
  return hash ^ (hash >>> 13);
}
