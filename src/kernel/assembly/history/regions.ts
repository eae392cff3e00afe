/**
 * Who owns which memory. The host says how much it needs of each kind; regions are laid out one behind the other. Names
 * come last, because nobody knows how many there will be: their region grows with the memory itself.
 */
import { slack } from "../inflate";

/** All ids of the repository, one behind the other, by their index. */
export let idsAt: usize = 0;
/** For each slot of the table of ids the index + 1 of the id that hashed there, 0 for none; 32 bits each. */
export let slotsAt: usize = 0;
/** For each object the name that it was last met under, as the place of its record; 0 for none. 32 bits each. */
export let lastNamesAt: usize = 0;
/** For each object whether its content is to be followed: one byte each. */
export let followedAt: usize = 0;
/** Nodes of the families in hand, 32 bytes each; see `family.ts`. */
export let nodesAt: usize = 0;
/** Steps of one delta; see `../delta.ts`. */
export let stepsAt: usize = 0;
export let stepsLimit: usize = 0;
/** Kept entries of all trees on the way from the root to the one in hand; see `entries.ts`. */
export let keptAt: usize = 0;
export let keptLimit: usize = 0;
/** Objects on that way, 32 bytes each. */
export let framesAt: usize = 0;
export let framesLimit: usize = 0;
/** Compressed bytes, as they lie in the pack. */
export let inputAt: usize = 0;
/** Objects under work; behind a tree the list of its boundaries. */
export let arenaAt: usize = 0;
export let arenaEnd: usize = 0;
/** Records of names; see `names.ts`. */
export let namesAt: usize = 0;

const page: usize = 65536;
const mostSteps: usize = 1 << 18;
const mostKept: usize = 1 << 20;
/** Git itself makes no chains of more than 4095. */
const mostFrames: usize = 8192;

let top: usize = 0;

function take(bytes: usize): usize {
  const at = top;
  top = (top + bytes + 63) & ~63;
  return at;
}

/** Makes the memory reach to `end`. False where there is not so much. */
export function reach(end: usize): bool {
  const pages = <i32>((end + page - 1) / page);
  const more = pages - memory.size();
  return more <= 0 || memory.grow(more) >= 0;
}

/**
 * Lays out all regions for so many objects with ids of so many bytes, slots (a power of two), nodes, and bytes. False
 * where that is more memory than there is. What was there before is lost.
 */
export function layOut(objects: u32, idBytes: u32, slots: u32, nodes: u32, input: u32, arena: u32): bool {
  top = (__heap_base + 63) & ~63;
  idsAt = take(<usize>objects * idBytes + 32);
  slotsAt = take(<usize>slots * 4);
  lastNamesAt = take(<usize>objects * 4);
  followedAt = take(objects);
  framesAt = take(mostFrames * 32);
  framesLimit = top;
  stepsAt = take(mostSteps * 12);
  stepsLimit = top;
  keptAt = take(mostKept * 16);
  keptLimit = top;
  nodesAt = take(<usize>nodes * 32);
  inputAt = take(<usize>input + slack);
  arenaAt = take(<usize>arena + slack);
  arenaEnd = arenaAt + arena;
  namesAt = take(64);
  return namesAt > arenaAt && arenaAt > idsAt && reach(top);
}
