import type { Span } from "../../terms.ts";
import { setOf } from "./byte-runs.ts";

/** Most bytes of a name before a value, and of what stands between the two. */
const LONGEST = 80;

/** Most bytes of the name alone. */
const NAME = 64;

const naming =
  /^[\w.$-]{1,64}\\{0,2}["'`\]]{0,2}[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}\\{0,2}["'`]?$|\b(?:[Bb]asic|[Bb]earer|BASIC)[ \t]{1,4}$/;

const named = setOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-");
const signs = setOf("=>:");
const around = setOf(" \t\\\"'`]");

const quotes = setOf("\"'`");
const equals = 0x3d;

/**
 * A value with the name that it is given to before it and, where it is quoted, the quote behind it, which a pattern may
 * ask for as it asks for the name.
 */
export function withName(bytes: Uint8Array, { start, end }: Span): Span {
  const from = nameBefore(bytes, start);
  const quote = bytes[start - 1] as number;
  if (from === start || quotes[quote] !== 1) return { start: from, end };
  let behind = end;
  while (behind < end + 2 && bytes[behind] === equals) behind++;
  return { start: from, end: bytes[behind] === quote ? behind + 1 : end };
}

/** How many bytes at the end of such a run are no value: the quote, and what fills up base64 before it. */
export function tailOf(run: Uint8Array): number {
  if (quotes[run.at(-1) as number] !== 1) return 0;
  let at = run.length - 1;
  while (at > 0 && run[at - 1] === equals) at--;
  return run.length - at;
}

/**
 * Where the name begins that the value at `at` is given to on its line: it belongs to a run, since what is decoded
 * means nothing without it. `at` itself where there is none.
 */
function nameBefore(bytes: Uint8Array, at: number): number {
  const least = Math.max(0, at - LONGEST);
  const back = (from: number, set: Uint8Array, most: number): number => {
    let start = from;
    while (start > Math.max(least, from - most) && set[bytes[start - 1] as number] === 1) start--;
    return start;
  };
  // Backwards there is one way to read it, and whether it is a name and its sign is asked of that alone.
  const end = back(back(back(at, around, LONGEST), signs, 2), around, LONGEST);
  const start = back(end, named, NAME);
  if (start === end || end === at) return at;
  const before = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1");
  return start + (naming.exec(before)?.index ?? at - start);
}
