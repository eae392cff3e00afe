/**
 * From byte offsets to what an editor shows. A line ends at LF, at CR LF or at a CR alone; a column counts UTF-16
 * units, because editors and code hosts do. Bytes that are not UTF-8 count as the one replacement character that
 * stands for them there, by the rule of the WHATWG decoder, so Latin-1 text has right columns too.
 */

/** A place in a text, both numbers 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LF = 10;
const CR = 13;

/** Length in bytes of the character or broken sequence at `at`, times two, plus one if it is two UTF-16 units. */
function stepAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 2;
  const following = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  // The first continuation byte has a narrower range after these four: overlong forms, surrogates, above U+10FFFF.
  let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let seen = 0; seen < following; seen++) {
    const byte = bytes[at + 1 + seen];
    if (byte === undefined || byte < low || byte > high) return (1 + seen) * 2;
    low = 0x80;
    high = 0xbf;
  }
  return (1 + following) * 2 + (following === 3 ? 1 : 0);
}

/** How many UTF-16 units the UTF-8 text between two offsets decodes to. */
export function utf16Units(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; ) {
    if ((bytes[at] ?? 0) < 0x80) {
      units++;
      at++;
      continue;
    }
    const step = stepAt(bytes, at);
    units += 1 + (step & 1);
    at += step >> 1;
  }
  return units;
}

/**
 * A function from byte offsets of `bytes` to positions. It remembers where it was, so that offsets asked in
 * ascending order cost one pass over the text together, however long its lines are.
 *
 * @param start Position of the first byte; 1, 1 for a whole text, whose byte order mark then has no width.
 * @param endsIn Counts the lines that end between two offsets, for who can do that faster than one by one.
 */
export function positions(
  bytes: Uint8Array,
  start: Position = { line: 1, column: 1 },
  endsIn = (from: number, to: number): number => countEnds(bytes, from, to),
): (offset: number) => Position {
  const whole = start.line === 1 && start.column === 1;
  const marked = whole && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const home = { ...start, at: 0, counted: 0 };
  const first = marked ? { ...home, counted: 3 } : home;
  let cursor = first; // `column` is that of `counted`, an offset on the line that holds `at`
  return (offset) => {
    let { line, column, at, counted } = offset < cursor.counted || offset < cursor.at ? first : cursor;
    const ends = offset > at ? endsIn(at, offset) : 0;
    if (ends > 0) {
      line += ends;
      column = 1;
      counted = offset;
      while (!isEnd(bytes, counted - 1)) counted--;
    }
    at = Math.max(at, offset);
    if (offset > counted) {
      column += utf16Units(bytes, counted, offset);
      counted = offset;
    }
    cursor = { line, column, at, counted };
    return { line, column };
  };
}

/** Whether a line ends with the byte at `at`. */
function isEnd(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === LF || (byte === CR && bytes[at + 1] !== LF);
}

function countEnds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (isEnd(bytes, at)) count++;
  return count;
}

/** The span of the line that holds `offset`, `around` lines more on both sides, without the last line's end. */
export function linesAround(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  around: number,
): { start: number; end: number } {
  let from = start;
  for (let left = around; from > 0; from--) if (isEnd(bytes, from - 1) && left-- === 0) break;
  let to = end;
  for (let left = around; to < bytes.length; to++) if (isEnd(bytes, to) && left-- === 0) break;
  return { start: from, end: to };
}
