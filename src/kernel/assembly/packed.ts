/**
 * Whether an object begins as a container does that somebody can open: what is in it lies hidden from this search. Which
 * these are `unpack/magic.ts` says; here they are told a little too generously, which costs time alone.
 */

/** Whether anybody wants to know. */
let asks: bool = false;

export function seePacked(yes: bool): void {
  asks = yes;
}

/** Behind an object there are zeros, so that a short one begins as nothing. */
export function isPacked(at: usize, length: u32): bool {
  if (!asks) return false;
  const four = load<u32>(at);
  return (
    four === 0x04034b50 || // zip
    (four & 0xffffff) === 0x088b1f || // gzip
    (four & 0xffffff) === 0x685a42 || // bzip2
    four === 0x587a37fd || // xz
    four === 0xfd2fb528 || // zstd
    four === 0x46445025 || // PDF
    four === 0x694c5153 || // SQLite
    isCompiledPython(four) ||
    four === 0x4b434150 || // pack
    four === 0x32762023 || // bundle, version 2
    four === 0x33762023 || // version 3
    isZlib(four & 0xffff) || // loose object
    (length > 262 && load<u32>(at, 257) === 0x61747375) // tar
  );
}

/** The number of a version from 3.6 on, and a line end. */
function isCompiledPython(four: u32): bool {
  const version = four & 0xffff;
  return four >>> 16 === 0x0a0d && version >= 3370 && version <= 3999;
}

function isZlib(two: u32): bool {
  return two === 0x0178 || two === 0x5e78 || two === 0x9c78 || two === 0xda78;
}
