/** What became of a node. */
export const read: u32 = 1;
export const broken: u32 = 2;
/** It asks for more memory than was laid out. The host has other ways to read it. */
export const tooLarge: u32 = 3;
/** A tree that was read as far as it goes, and ends in the middle of an entry. */
export const cutShort: u32 = 4;

// A frame, 32 bytes, is an object on the way from the root of a family to the one in hand: its next child + 1, where it
// lies, its length; of a tree, where its boundaries lie, how many, where its kept entries lie, how many. Boundaries are
// places of entries and, where the tree is whole, its length; 32 bits each.
export const frameBytes: usize = 32;

/** Zeros behind an object. */
const margin: usize = 64;

/** Says in a frame where an object of so many bytes lies, and that its boundaries will lie behind it. */
export function settle(frame: usize, at: usize, length: u32): void {
  memory.fill(at + length, 0, margin);
  store<u32>(frame, <u32>at, 4);
  store<u32>(frame, length, 8);
  store<u32>(frame, <u32>((at + length + margin + 15) & ~15), 12);
  store<u32>(frame, 0, 16);
  store<u32>(frame, 0, 24);
}

export function objectOf(frame: usize): usize {
  return <usize>load<u32>(frame, 4);
}

export function lengthOf(frame: usize): u32 {
  return load<u32>(frame, 8);
}

export function boundsOf(frame: usize): usize {
  return <usize>load<u32>(frame, 12);
}

export function boundCount(frame: usize): u32 {
  return load<u32>(frame, 16);
}

export function keptOf(frame: usize): usize {
  return <usize>load<u32>(frame, 20);
}

export function keptCount(frame: usize): u32 {
  return load<u32>(frame, 24);
}

/** Says what was found in a tree. */
export function note(frame: usize, bounds: u32, kept: usize, count: u32): void {
  store<u32>(frame, bounds, 16);
  store<u32>(frame, <u32>kept, 20);
  store<u32>(frame, count, 24);
}
