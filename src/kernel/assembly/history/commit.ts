/**
 * Reads what a commit says of history. Nearly all commits are written by git, in one way: tree, parents, author,
 * committer, each on a line, perhaps an encoding or a signature, an empty line, the message. What is written in any
 * other way is shown to the host as it is.
 */
import { findId, idLength } from "./ids";

/**
 * Told of a commit: its node, where it lies and how long it is, and where what was read of it lies (see below), 0 where
 * the host has to read it.
 */
declare function show(node: u32, at: usize, length: u32, parts: usize): void;

// What was read, 32 bits each: index of the tree, place of the author's line and where it ends, where the committer's
// ends, place of the message, committer's time in seconds (millions, then the rest), number of parents, their indices.
const mostParents: u32 = 64;
const parts: usize = memory.data(4 * (8 + 64));
const id: usize = memory.data(64);

/** Place in the commit of what is read next. */
let at: usize = 0;
let end: usize = 0;

/** Shows the commit of `length` bytes at `commit`, behind which there are some more zeros. */
export function showCommit(node: u32, commit: usize, length: u32): void {
  at = commit;
  end = commit + length;
  show(node, commit, length, readParts(commit) ? parts : 0);
}

function readParts(commit: usize): bool {
  if (!takeWord("tree ") || !takeId()) return false;
  store<i32>(parts, findId(id));
  if (load<i32>(parts) < 0) return false;
  let parents: u32 = 0;
  while (takeWord("parent ")) {
    if (parents === mostParents || !takeId()) return false;
    const parent = findId(id);
    if (parent < 0) return false;
    store<i32>(parts + ((<usize>parents) << 2), parent, 32);
    parents++;
  }
  store<u32>(parts, parents, 28);
  if (!takeWord("author ")) return false;
  store<u32>(parts, <u32>(at - commit), 4);
  const author = at;
  if (!takeLine() || at - 1 === author) return false;
  store<u32>(parts, <u32>(at - 1 - commit), 8);
  if (!takeWord("committer ")) return false;
  const committer = at;
  if (!takeLine()) return false;
  store<u32>(parts, <u32>(at - 1 - commit), 12);
  readTime(committer, at - 1);
  while (load<u8>(at) !== newline) if (!takeHeader()) return false;
  if (at >= end) return false;
  store<u32>(parts, <u32>(at + 1 - commit), 16);
  return true;
}

const newline: u8 = 0x0a;
const space: u8 = 0x20;

/** Takes `word`, if it is what comes next. */
function takeWord(word: string): bool {
  const length = word.length;
  for (let i = 0; i < length; i++) if (load<u8>(at + i) !== <u8>word.charCodeAt(i)) return false;
  at += length;
  return at <= end;
}

/** Takes an id in lower-case hexadecimal with the end of its line, and writes its bytes to `id`. */
function takeId(): bool {
  const bytes = idLength();
  if (at + 2 * bytes + 1 > end) return false;
  for (let i: u32 = 0; i < bytes; i++) {
    const high = digit(load<u8>(at));
    const low = digit(load<u8>(at, 1));
    if (high > 15 || low > 15) return false;
    store<u8>(id + i, <u8>((high << 4) | low));
    at += 2;
  }
  return load<u8>(at++) === newline;
}

function digit(code: u8): u32 {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : 16;
}

/** Takes the rest of a line, and its end. */
function takeLine(): bool {
  while (at < end && load<u8>(at) !== newline) at++;
  return at++ < end;
}

/** Takes a header that holds no text of a person's, or a line that goes on from it. */
function takeHeader(): bool {
  const isPlain =
    at < end && (load<u8>(at) === space || takeWord("encoding ") || takeWord("gpgsig ") || takeWord("gpgsig-sha256 "));
  return isPlain && takeLine();
}

/** Reads the first number of up to twelve digits that stands behind `> `; 0 where there is none. */
function readTime(from: usize, to: usize): void {
  let time: u64 = 0;
  for (let p = from; p + 2 < to; p++) {
    if (load<u8>(p) !== 0x3e || load<u8>(p, 1) !== space || digit(load<u8>(p, 2)) > 9) continue;
    for (let d: usize = 2; d < 14 && p + d < to && digit(load<u8>(p + d)) <= 9; d++) {
      time = time * 10 + digit(load<u8>(p + d));
    }
    break;
  }
  store<u32>(parts, <u32>(time / 1000000), 20);
  store<u32>(parts, <u32>(time % 1000000), 24);
}
