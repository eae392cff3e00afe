/**
 * Walks a *family* of trees or of commits: an object that a pack holds whole, and all that are deltas of it, depth
 * first, so that the base of each delta is at hand.
 */
import { applyDelta, madeSize } from "../delta";
import { inflate } from "../inflate";
import { showCommit } from "./commit";
import {
  boundCount,
  boundsOf,
  broken,
  cutShort,
  frameBytes,
  keptCount,
  keptOf,
  lengthOf,
  objectOf,
  read,
  settle,
  tooLarge,
} from "./frame";
import { idLength } from "./ids";
import { arenaAt, arenaEnd, framesAt, framesLimit, nodesAt, stepsAt, stepsLimit } from "./regions";
import { readTree } from "./tree";

/** Told of a tree in which something is kept: its node, where its kept entries are and how many. */
declare function showTree(node: u32, kept: usize, count: u32): void;

// A node, 32 bytes: where its stream begins and ends, bytes the stream inflates to, first child + 1, next sibling + 1,
// then for the host: what became of it, bytes of the object, nothing. All 32 bits.
const nodeShift: usize = 5;

/** What the family in hand is of. */
let isTrees: bool = true;

/** Walks the family of trees of the node `root`. What became of each node stands in it afterwards. */
export function walkTrees(root: u32): void {
  isTrees = true;
  walk(root);
}

/** Walks the family of commits of the node `root`, and shows each. */
export function walkCommits(root: u32): void {
  isTrees = false;
  walk(root);
}

function walk(root: u32): void {
  const rootNode = nodesAt + ((<usize>root) << nodeShift);
  let state = makeRoot(rootNode, framesAt);
  if (state === read) state = show(root, framesAt, 0);
  store<u32>(rootNode, state, 20);
  if (state !== read && state !== cutShort) return;
  store<u32>(framesAt, load<u32>(rootNode, 12));
  let frame = framesAt;
  for (;;) {
    const next = load<u32>(frame);
    if (next === 0) {
      if (frame === framesAt) return;
      frame -= frameBytes;
      continue;
    }
    const number = next - 1;
    const node = nodesAt + ((<usize>number) << nodeShift);
    store<u32>(frame, load<u32>(node, 16));
    const child = frame + frameBytes;
    state = child + frameBytes > framesLimit ? tooLarge : makeChild(node, frame, child);
    if (state === read) state = show(number, child, frame);
    store<u32>(node, state, 20);
    const grandchild = load<u32>(node, 12);
    if (grandchild === 0 || (state !== read && state !== cutShort)) continue;
    store<u32>(child, grandchild);
    frame = child;
  }
}

/** Reads the object of a frame and tells the host. What became of it. */
function show(node: u32, frame: usize, base: usize): u32 {
  store<u32>(nodesAt + ((<usize>node) << nodeShift), lengthOf(frame), 24);
  if (!isTrees) {
    showCommit(node, objectOf(frame), lengthOf(frame));
    return read;
  }
  const state = readTree(frame, base);
  if (state !== tooLarge && keptCount(frame) > 0) showTree(node, keptOf(frame), keptCount(frame));
  return state;
}

/** The most bytes that the boundaries of a tree of so many bytes take. */
function boundaryBytes(length: u32): u64 {
  return isTrees ? (<u64>length / (idLength() + 2) + 2) * 4 : 0;
}

function makeRoot(node: usize, frame: usize): u32 {
  const size = load<u32>(node, 8);
  if (<u64>size + boundaryBytes(size) + 4096 > <u64>(arenaEnd - arenaAt)) return tooLarge;
  if (inflate(load<u32>(node), load<u32>(node, 4), arenaAt, size) < 0) return broken;
  settle(frame, arenaAt, size);
  return read;
}

/** Makes the object of `node` behind its base and the base's boundaries. */
function makeChild(node: usize, frame: usize, child: usize): u32 {
  const at = (boundsOf(frame) + ((<usize>boundCount(frame)) << 2) + 16 + 15) & ~15;
  const size = load<u32>(node, 8);
  // The delta itself lies at the far end meanwhile.
  if (<u64>size + 8192 > <u64>(arenaEnd - at)) return tooLarge;
  const delta = (arenaEnd - size - 1024) & ~15;
  if (inflate(load<u32>(node), load<u32>(node, 4), delta, size) < 0) return broken;
  const made = madeSize(delta, delta + size);
  if (<u64>made + boundaryBytes(made) + 1024 > <u64>(delta - at)) return tooLarge;
  const failure = applyDelta(delta, delta + size, objectOf(frame), lengthOf(frame), at, stepsAt, stepsLimit);
  if (failure !== 0) return failure === -24 ? tooLarge : broken;
  settle(child, at, made);
  return read;
}
