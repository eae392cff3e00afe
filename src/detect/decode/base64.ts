/**
 * Base64 (RFC 4648), in either alphabet, in one piece or wrapped over lines, with the name before it. Every fourth
 * character of text in base64 is one of 24, so that what only looks like it is dismissed at the first that is not.
 */
import { merge, touches, widen } from "../../bytes/span.ts";
import type { Span } from "../../terms.ts";
import { setOf, stretches } from "./byte-runs.ts";
import type { Decoded, Decoder } from "./decoder.ts";
import { tailOf, withName } from "./naming.ts";
import { isTextLike } from "./text-like.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Least length: twelve bytes, or a password behind its name. */
const LEAST = 16;

/** Bytes beside a span that decide which runs touch it: line ends and blanks between lines, and a name before. */
const BESIDE = { before: 120, after: 120 };

/** Least length of a line that another one can continue. PEM has 64 characters a line, MIME 76. */
const LINE = 40;

const blank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;

/** Base64 with `+/` or with `-_`; both say `base64` of themselves. */
function base64Of(signs: string): Decoder {
  const set = setOf(letters + signs);
  return {
    name: "base64",
    trace: { set, least: LEAST },
    runs(bytes, span) {
      const area = widen(span, { ...BESIDE, length: bytes.length });
      // The lines of a block lead to the same block.
      const blocks = merge(stretches(bytes, area, set, LEAST).map((line) => block(bytes, line, set)));
      const runs = blocks.filter(({ start }) => beginsText(bytes, start)).map((value) => withName(bytes, value));
      return runs.filter((run) => touches(run, [span]));
    },
    decode: (run) => decode(run, set, signs),
  };
}

/** The block of lines that a line of base64 belongs to: all full lines before and behind it, and a shorter last one. */
function block(bytes: Uint8Array, line: Span, set: Uint8Array): Span {
  let first = line;
  for (let before = lineBefore(bytes, first, set); before !== undefined; before = lineBefore(bytes, first, set)) {
    first = before;
  }
  let last = line;
  for (let next = lineAfter(bytes, last, set); next !== undefined; next = lineAfter(bytes, last, set)) last = next;
  return { start: first.start, end: last.end };
}

const lengthOf = ({ start, end }: Span): number => end - start;

function lineBefore(bytes: Uint8Array, { start, end }: Span, set: Uint8Array): Span | undefined {
  let at = start;
  while (blank(bytes[at - 1])) at--;
  if (bytes[at - 1] !== 0x0a) return undefined;
  at -= bytes[at - 2] === 0x0d ? 2 : 1;
  const before = at;
  while (at > 0 && set[bytes[at - 1] as number] === 1) at--;
  return before - at >= LINE && before - at >= end - start ? { start: at, end: before } : undefined;
}

function lineAfter(bytes: Uint8Array, line: Span, set: Uint8Array): Span | undefined {
  if (lengthOf(line) < LINE) return undefined;
  let at = line.end;
  if (bytes[at] === 0x0d) at++;
  if (bytes[at] !== 0x0a) return undefined;
  at++;
  while (blank(bytes[at])) at++;
  let end = at;
  while (end < bytes.length && set[bytes[end] as number] === 1) end++;
  return end > at && end - at <= lengthOf(line) ? { start: at, end } : undefined;
}

/** Characters after which it is asked whether they are text so far. */
const PROBE = 11;

/** Bits of each character, 255 for those of none. */
const bits = new Uint8Array(256).fill(255);
for (const [value, char] of [...`${letters}+/`].entries()) bits[char.charCodeAt(0)] = value;
bits[0x2d] = 62;
bits[0x5f] = 63;

/**
 * Whether the first twelve characters from `at` on can be text, UTF-8 or UTF-16: what is only spelled with these
 * letters is dismissed here, before anything is copied. A run has as many: PROBE is less than the least length.
 */
function beginsText(bytes: Uint8Array, at: number): boolean {
  let held = 0;
  let following = 0; // bytes of a character that are still to come
  for (let index = 0; index <= PROBE; index++) {
    held = ((held << 6) | (bits[bytes[at + index] as number] as number)) & 0xffffff;
    if (index % 4 === 0) continue;
    const byte = (held >> (6 - 2 * (index % 4))) & 0xff;
    const kind = kinds[byte] as number;
    if (kind === FOLLOWS ? following-- === 0 : following > 0) return false;
    if (kind === NONE || (byte === 0 && (index - Math.floor(index / 4)) % 2 === 1)) return false;
    if (kind > 0) following = kind;
  }
  return true;
}

/** What a byte of UTF-8 is: one that begins a character of so many bytes more, one that follows, or one of no text. */
const [FOLLOWS, NONE] = [-1, -2];
const kinds = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0xc2) return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : NONE;
  if (byte >= 0x80) return byte < 0xc0 ? FOLLOWS : NONE;
  const isControl = byte !== 0 && byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13;
  return isControl || byte === 0x7f ? NONE : 0;
});

function decode(run: Uint8Array, set: Uint8Array, signs: string): Decoded | undefined {
  const tail = tailOf(run);
  const from = valueStart(run, { set, tail });
  const chars = from === 0 && !run.includes(0x0a) ? undefined : places(run, from, set);
  const length = chars?.length ?? run.length;
  // Both alphabets read what has no sign: the second one leaves that to the first.
  const isSign = (byte: number): boolean => byte === 0x2d || byte === 0x5f;
  if (length < LEAST || (signs === "-_" && !run.subarray(from).some(isSign))) return undefined;
  const placeOf = (index: number): number => chars?.[index] ?? index;
  const text = Buffer.allocUnsafe(from + ((length * 3) >> 2) + 1);
  text.set(run.subarray(0, from));
  let to = from;
  let held = 0;
  for (let index = 0; index < length; index++) {
    const value = bits[run[placeOf(index)] as number] as number;
    held = ((held << 6) | value) & 0xffffff;
    if (index % 4 !== 0) text[to++] = (held >> (6 - 2 * (index % 4))) & 0xff;
  }
  const decoded = text.subarray(from, to);
  if (!isTextLike(decoded)) return undefined;
  const changed = { start: from, end: to };
  if (tail > 0) text[to++] = run.at(-1) as number;
  return {
    text: text.subarray(0, to),
    changed: [changed],
    start(offset) {
      if (offset >= changed.end) return run.length - (tail > 0 ? 1 : 0);
      return offset < from ? offset : placeOf(Math.floor(((offset - from) * 4) / 3));
    },
    end(offset) {
      if (offset > changed.end) return run.length;
      return offset <= from ? offset : placeOf(Math.ceil(((offset - from) * 4) / 3) - 1) + 1;
    },
  };
}

/** Where the value begins behind its name: the last stretch of a line, for a name has its characters too. */
function valueStart(run: Uint8Array, { set, tail }: { readonly set: Uint8Array; readonly tail: number }): number {
  const newline = run.indexOf(0x0a);
  let at = newline < 0 ? run.length - tail : newline - (run[newline - 1] === 0x0d ? 1 : 0);
  while (at > 0 && set[run[at - 1] as number] === 1) at--;
  return at;
}

/** Where the characters of the value stand in the run, its line ends and blanks left out. */
function places(run: Uint8Array, from: number, set: Uint8Array): Uint32Array {
  const found = new Uint32Array(run.length - from);
  let count = 0;
  for (let at = from; at < run.length; at++) if (set[run[at] as number] === 1) found[count++] = at;
  return found.subarray(0, count);
}

export const base64: readonly Decoder[] = [base64Of("+/"), base64Of("-_")];
