/**
 * Entries of trees, and which of them are *kept*: folders, files whose content is to be followed, names that are to be
 * followed themselves, and what no store holds. Format of a tree: `<mode> <name>`, NUL, raw id, entry after entry.
 */
import { findId, idLength } from "./ids";
import { meaningOf, nameOf } from "./names";
import { keptAt, keptLimit } from "./regions";

/** Told of an entry, not a submodule's, that no store holds: its raw id and its name's number. Answers the number of the id, below -1. */
declare function absent(id: usize, name: u32): i32;

/** A kept entry, 16 bytes: its place in the tree, its object (what `absent` answered for one that is not here), number of its name, kind. */
export const keptBytes: usize = 16;
const folder: u32 = 0;
const content: u32 = 1;
const path: u32 = 2;
const missing: u32 = 3;

/** Where the list of kept entries ends. */
export let keptEnd: usize = 0;
/** There was no room, for a name or for a kept entry. */
export let isFull: bool = false;

/** Begins the list of one tree at `at`, behind those of the trees that it is a delta of. */
export function beginKept(at: usize): void {
  keptEnd = at === 0 ? keptAt : at;
  isFull = false;
}

/** Appends an entry that is kept. */
export function keep(place: u32, object: i32, name: u32, kind: u32): void {
  if (keptEnd + keptBytes > keptLimit) {
    isFull = true;
    return;
  }
  store<u32>(keptEnd, place);
  store<i32>(keptEnd, object, 4);
  store<u32>(keptEnd, name, 8);
  store<u32>(keptEnd, kind, 12);
  keptEnd += keptBytes;
}

const space: u8 = 0x20;

/**
 * Reads the entry at `place` of the tree of `length` bytes at `tree`, and keeps it where that is to be. The place of the
 * next one; 0 where the tree ends in the middle of it. `followed` are the objects whose content is to be followed.
 */
export function readEntry(tree: usize, length: u32, place: u32, followed: usize): u32 {
  const end = tree + length;
  const mode = tree + place;
  let at = mode;
  while (at < end && load<u8>(at) !== space) at++;
  const name = at + 1;
  while (at < end && load<u8>(at) !== 0) at++;
  const id = at + 1;
  if (id + idLength() > end || at < name) return 0;
  const object = findId(id);
  const record = nameOf(object, name, <u32>(at - name));
  if (record === 0) {
    isFull = true;
    return 0;
  }
  const meaning = meaningOf(record);
  const number = meaning >>> 1;
  if (meaning & 1) keep(place, object, number, path);
  const kind = kindOf(mode, <u32>(name - 1 - mode));
  if (kind !== gitlink) {
    if (object < 0) keep(place, absent(id, number), number, missing);
    else if (kind === subtree) keep(place, object, number, folder);
    else if (load<u8>(followed + object) !== 0) keep(place, object, number, content);
  }
  return <u32>(id + idLength() - tree);
}

const subtree: u32 = 0;
const gitlink: u32 = 1;
const file: u32 = 2;

/** Modes are octal text: 40000 folder, 160000 submodule, 100644, 100755, 120000 files and links. */
function kindOf(mode: usize, length: u32): u32 {
  const first = load<u8>(mode);
  if (first === 0x34 || (first === 0x30 && load<u8>(mode, 1) === 0x34)) return subtree;
  return length === 6 && load<u8>(mode, 1) === 0x36 ? gitlink : file;
}
