/** Finds ids in the table that the host made (`OidTable`), which says how ids hash. */
import { idsAt, slotsAt } from "./regions";

let idBytes: u32 = 20;
let mask: u32 = 0;
let seed: u32 = 0;
let otherSeed: u32 = 0;

/** Says how long ids are, how many slots there are (a power of two), and with which numbers they hash. */
export function setIds(bytes: u32, slots: u32, first: u32, second: u32): void {
  idBytes = bytes;
  mask = slots - 1;
  seed = first;
  otherSeed = second;
}

/** Bytes of an id. */
export function idLength(): u32 {
  return idBytes;
}

/** The index of the id at `at`; -1 where the repository does not have it. */
export function findId(at: usize): i32 {
  let slot = hash(at) & mask;
  let known = load<u32>(slotsAt + ((<usize>slot) << 2));
  while (known !== 0) {
    if (isSame(idsAt + <usize>(known - 1) * idBytes, at)) return known - 1;
    slot = (slot + 1) & mask;
    known = load<u32>(slotsAt + ((<usize>slot) << 2));
  }
  return -1;
}

function hash(at: usize): u32 {
  const mixed = ((load<u32>(at) ^ seed) * 0x9e3779b1) ^ ((load<u32>(at, 4) ^ otherSeed) * 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function isSame(one: usize, other: usize): bool {
  if (load<u64>(one) !== load<u64>(other) || load<u64>(one, 8) !== load<u64>(other, 8)) return false;
  if (idBytes === 20) return load<u32>(one, 16) === load<u32>(other, 16);
  return load<u64>(one, 16) === load<u64>(other, 16) && load<u64>(one, 24) === load<u64>(other, 24);
}
