/** What a content begins with says whether it is a container, whatever its name is. */

import { constants, inflateSync } from "node:zlib";

export type Format =
  | "zip"
  | "gzip"
  | "bzip2"
  | "xz"
  | "zstd"
  | "tar"
  | "pdf"
  | "sqlite"
  | "pyc"
  | "pack"
  | "bundle"
  | "loose";

/** How many containers deep members are read, when nobody says otherwise. */
export const defaultDepth = 5;

/** Bytes that are enough to tell. */
export const headBytes = 512;

/**
 * Texts in latin1 and where they stand. Sources: APPNOTE 4.3.7; RFC 1950, 1952, 8878; bzip2; xz-file-format 2.1.1; ustar;
 * PDF; fileformat2 of SQLite; gitformat-pack(5), gitformat-bundle(5).
 */
const marks: readonly (readonly [Format, ...(readonly [number, string])[]])[] = [
  ["zip", [0, "PK\x03\x04"]],
  ["gzip", [0, "\x1f\x8b\x08"]],
  ["bzip2", [0, "BZh"], [4, "1AY&SY"]],
  ["xz", [0, "\xfd7zXZ\0"]],
  ["zstd", [0, "\x28\xb5\x2f\xfd"]],
  ["tar", [257, "ustar"]],
  ["pdf", [0, "%PDF-"]],
  ["sqlite", [0, "SQLite format 3\0"]],
  ["pack", [0, "PACK\0\0\0"]],
  ["bundle", [0, "# v"], [4, " git bundle\n"]],
];

/** The format that bytes begin as, or `undefined` where nobody here opens it. Looks at `headBytes` at most. */
export function formatOf(head: Uint8Array): Format | undefined {
  const format = marks.find(([, ...texts]) => texts.every(([at, text]) => stands(head, text, at)))?.[0];
  if (format !== undefined) return format;
  if (isCompiledPython(head)) return "pyc";
  return isLooseObject(head) ? "loose" : undefined;
}

/** The number of a version from 3.6 on, a line end, and at the end of the header a code object (with or without a mark). */
function isCompiledPython(head: Uint8Array): boolean {
  const [low = 0, high = 0, cr, lf] = head;
  const magic = low + 256 * high;
  if (cr !== 0x0d || lf !== 0x0a || magic < 3370 || magic > 3999) return false;
  return ((head[magic < 3390 ? 12 : 16] ?? 0) & 0x7f) === 0x63;
}

/** Whether it is the zlib stream of a git object: what that holds begins with a type and a size. */
function isLooseObject(head: Uint8Array): boolean {
  const [first, second = 0] = head;
  if (first !== 0x78 || (0x7800 + second) % 31 !== 0) return false; // RFC 1950, 2.2
  try {
    const begun = inflateSync(head.subarray(0, headBytes), { finishFlush: constants.Z_SYNC_FLUSH });
    return /^(?:blob|tree|commit|tag) \d{1,15}\0/.test(begun.toString("latin1", 0, 32));
  } catch {
    return false;
  }
}

/** Whether text can stand in a container of that format as it is, outside its members. */
export const isLegible = (format: Format): boolean => format === "pdf" || format === "tar" || format === "sqlite";

function stands(bytes: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
