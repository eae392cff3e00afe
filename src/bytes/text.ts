/**
 * What kind of text bytes are. UTF-8 and Latin-1 need no work, because patterns look at bytes and secrets are ASCII.
 * UTF-16 does: every second byte of it is NUL. A whole text in UTF-16 becomes one view, and inside a program or a
 * database every run of ASCII written as UTF-16 becomes a small one. A view is UTF-8, and a place in it leads back to
 * the bytes by counting UTF-16 units, two bytes each, so no table is kept.
 */
import type { Span } from "../terms.ts";
import { utf16Units } from "./lines.ts";

/** Encodings that a byte order mark can name. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** Text found in other bytes: `text` is UTF-8, `at` where its code units stand in the bytes it came from. */
export interface View {
  readonly text: Uint8Array;
  readonly at: Span;
  /** The view is all of the bytes, its byte order mark aside, and not a run among others. */
  readonly whole: boolean;
}

/** Bytes before the first NUL that git looks at to call content binary. */
const BINARY_PROBE = 8000;

/** Shortest run of UTF-16 text worth a look, in characters; no secret with its name is shorter. */
const MIN_RUN = 8;

/** The bytes between two offsets as latin1: one character a byte, whatever they are. */
export const latin1 = (bytes: Uint8Array, start = 0, end = bytes.length): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1", start, end);

/** Whether git would call this content binary: a NUL among the first 8000 bytes. */
export const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, BINARY_PROBE).includes(0);

/** The encoding that a byte order mark at the start names, or `undefined` without one. */
export function byteOrderMark(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : undefined;
}

/** A function from byte offsets in the text of `view` to those of the bytes it came from; fast when they ascend. */
export function origins(view: View): (offset: number) => number {
  let counted = { offset: 0, units: 0 };
  return (offset) => {
    const from = offset < counted.offset ? { offset: 0, units: 0 } : counted;
    counted = { offset, units: from.units + utf16Units(view.text, from.offset, offset) };
    return view.at.start + 2 * counted.units;
  };
}

/**
 * Every stretch of UTF-16 text in `bytes`, both byte orders and both alignments; none when no byte is NUL.
 *
 * @param start Whether `bytes` begin their content; only there is a byte order mark one.
 */
export function utf16Views(bytes: Uint8Array, start: boolean): View[] {
  if (!bytes.includes(0)) return [];
  const encoding = start ? utf16Of(bytes) : undefined;
  if (encoding !== undefined) return [wholeView(bytes, encoding)];
  // Read from its second byte on, little-endian text is big-endian text: of two overlapping runs the first is meant.
  const views: View[] = [];
  for (const view of [...runs(bytes, 0), ...runs(bytes, 1)].sort((a, b) => a.at.start - b.at.start)) {
    if (view.at.start >= (views.at(-1)?.at.end ?? 0)) views.push(view);
  }
  return views;
}

/** The UTF-16 encoding that the whole content is in, by its mark or by where its NULs stand. */
function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const mark = byteOrderMark(bytes);
  if (mark !== undefined) return mark === "utf-8" ? undefined : mark;
  const probe = bytes.subarray(0, Math.min(bytes.length & ~1, 4096));
  let [even, odd] = [0, 0];
  for (let at = 0; at < probe.length; at += 2) {
    const [first, second] = [probe[at] === 0, probe[at + 1] === 0];
    if (first && second) return undefined; // no text holds the character NUL
    if (first) even++;
    if (second) odd++;
  }
  const most = probe.length * 0.35; // text in a script of its own still has ASCII spaces, line ends and digits
  // A few NULs on the other side are letters like U+4E00.
  if (odd > most && even < odd / 3) return "utf-16le";
  return even > most && odd < even / 3 ? "utf-16be" : undefined;
}

function wholeView(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): View {
  const start = byteOrderMark(bytes) === undefined ? 0 : 2;
  const units = Buffer.from(bytes.subarray(start, start + ((bytes.length - start) & ~1)));
  if (encoding === "utf-16be") units.swap16();
  const text = Buffer.from(units.toString("utf16le"), "utf8");
  return { text, at: { start, end: start + units.length }, whole: true };
}

/** Bytes that are text where a NUL is beside them. */
const printable = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);

/** Runs of printable ASCII with a NUL at every second byte: `side` 1 where the NUL comes second, 0 where first. */
function runs(bytes: Uint8Array, side: 0 | 1): View[] {
  const views: View[] = [];
  const other = 1 - side;
  const last = bytes.length - 1;
  const isUnit = (at: number): boolean => bytes[at + side] === 0 && printable[bytes[at + other] as number] === 1;
  let end = 0;
  const look = (inside: number): void => {
    let start = inside;
    while (start - 2 >= end && isUnit(start - 2)) start -= 2;
    let stop = inside + 2;
    while (stop < last && isUnit(stop)) stop += 2;
    if (stop - start < MIN_RUN * 2) return;
    const text = new Uint8Array((stop - start) / 2);
    for (let unit = 0; unit < text.length; unit++) text[unit] = bytes[start + 2 * unit + other] as number;
    views.push({ text, at: { start, end: stop }, whole: false });
    end = stop;
  };
  // A run long enough covers one of the probes of its alignment, which are as far apart as the shortest run is long.
  for (let probe = 0; probe < last; probe += MIN_RUN * 2) {
    if (probe >= end && isUnit(probe)) look(probe);
    if (probe + 1 >= end && isUnit(probe + 1)) look(probe + 1);
  }
  return views;
}
