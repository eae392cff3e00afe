/**
 * Who owns which memory. The host says how much it needs of each kind, the regions are laid out one behind the other,
 * and nobody writes outside of his own.
 */
import { slack } from "./inflate";

/** Entries of the prefilter, 64 bytes each, and the links of its slots to them, 8 bytes each; see `prefilter.ts`. */
export let entriesAt: usize = 0;
export let linksAt: usize = 0;
/** Keywords, 16 bytes each: length, number of the gate + 1 or 0, bytes that matter before its start and from it on. */
export let keywordsAt: usize = 0;
/**
 * Gates, 512 bytes each: 256 classes of bytes (1 may be skipped, 2 is needed, 4 is of the run, 8 may
 * stand before the keyword); then how many may be skipped, how many may lie before a run, and how long it must be;
 * then, where it stands for the gates of several rules, how many these are, and 16 bits for the number of each.
 */
export let gatesAt: usize = 0;
/** Nodes of the families in hand, 32 bytes each; see `family.ts`. */
export let nodesAt: usize = 0;
/** Compressed bytes, as they lie in the pack. */
export let inputAt: usize = 0;
/** Objects under work; text that the host wants looked at. */
export let arenaAt: usize = 0;
export let arenaEnd: usize = 0;

/** Steps of one delta, spans of one object: what does not fit is left to the host. */
export let stepsAt: usize = 0;
export let stepsLimit: usize = 0;
export let freshAt: usize = 0;
export let rangesAt: usize = 0;
/** Hits of one look at one object, 8 bytes each. */
export let foundAt: usize = 0;
export let foundLimit: usize = 0;
/** Hits of all objects on the way from the root to the one in hand, 8 bytes each; what to notice in that one, 32 each. */
export let hitsAt: usize = 0;
export let hitsLimit: usize = 0;
export let noticesAt: usize = 0;
export let noticesLimit: usize = 0;
/** Objects on that way, 32 bytes each. */
export let framesAt: usize = 0;
export let framesLimit: usize = 0;

/** Keys of what came to nothing, 8 bytes each; so many of them, a power of two. */
export let memoAt: usize = 0;
export const memoSlots: usize = 1 << 20;

const page: usize = 65536;
const mostSteps: usize = 1 << 20;
const mostFound: usize = 1 << 18;
const mostHits: usize = 1 << 22;
const mostNotices: usize = 1 << 19;
/** Git itself makes no chains of more than 4095. */
const mostFrames: usize = 8192;

let top: usize = 0;

function take(bytes: usize): usize {
  const at = top;
  top = (top + bytes + 63) & ~63;
  return at;
}

/**
 * Lays out all regions, for so many things of each kind and bytes; what families alone need only where there are nodes.
 * False where that is more memory than there is. What was in them before is lost.
 */
export function layOut(entries: u32, links: u32, keywords: u32, gates: u32, nodes: u32, input: u32, arena: u32): bool {
  top = (__heap_base + 63) & ~63;
  entriesAt = take(<usize>entries * 64);
  linksAt = take(<usize>links * 8);
  keywordsAt = take(<usize>keywords * 16);
  gatesAt = take(<usize>gates * 512);
  const families: usize = nodes > 0 ? 1 : 0;
  framesAt = take(families * mostFrames * 32);
  framesLimit = top;
  nodesAt = take(<usize>nodes * 32);
  stepsAt = take(families * mostSteps * 12);
  stepsLimit = top;
  // A step makes at most one fresh span, and the ends of the object one each.
  freshAt = take(families * (mostSteps + 2) * 8);
  rangesAt = take(families * (mostSteps + 2) * 8);
  foundAt = take(mostFound * 8);
  foundLimit = top;
  hitsAt = take(families * mostHits * 8);
  hitsLimit = top;
  noticesAt = take(families * mostNotices * 32);
  noticesLimit = top;
  memoAt = take(families * memoSlots * 8);
  inputAt = take(<usize>input + slack);
  arenaAt = take(<usize>arena + slack);
  arenaEnd = arenaAt + arena;
  if (arenaEnd < arenaAt) return false;
  const pages = <i32>((top + page - 1) / page);
  const more = pages - memory.size();
  if (more > 0 && memory.grow(more) < 0) return false;
  memory.fill(memoAt, 0, families * memoSlots * 8);
  return true;
}
