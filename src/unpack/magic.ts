/** What a content begins with says whether it is a container, whatever its name is. */

export type Format = "zip" | "gzip" | "bzip2" | "xz" | "zstd" | "tar" | "pdf";

/** How many containers deep members are read, when nobody says otherwise. */
export const defaultDepth = 5;

/** Bytes that are enough to tell. */
export const headBytes = 512;

/** Texts in latin1 and where they stand. Sources: APPNOTE 4.3.7; RFC 1952, 8878; bzip2; xz-file-format 2.1.1; ustar; PDF. */
const marks: readonly (readonly [Format, ...(readonly [number, string])[]])[] = [
  ["zip", [0, "PK\x03\x04"]],
  ["gzip", [0, "\x1f\x8b\x08"]],
  ["bzip2", [0, "BZh"], [4, "1AY&SY"]],
  ["xz", [0, "\xfd7zXZ\0"]],
  ["zstd", [0, "\x28\xb5\x2f\xfd"]],
  ["tar", [257, "ustar"]],
  ["pdf", [0, "%PDF-"]],
];

/** The format that bytes begin as, or `undefined` where nobody here opens it. Looks at `headBytes` at most. */
export function formatOf(head: Uint8Array): Format | undefined {
  return marks.find(([, ...texts]) => texts.every(([at, text]) => stands(head, text, at)))?.[0];
}

/** Whether text can stand in a container of that format as it is, outside its members. */
export const isLegible = (format: Format): boolean => format === "pdf" || format === "tar";

function stands(bytes: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
