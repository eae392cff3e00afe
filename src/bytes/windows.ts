/**
 * Contents too large to hold are shown to the engine in overlapping windows. What a window has as `fresh` is never
 * within half an overlap of an edge that is not the content's own, so that every match whose pattern reaches no
 * further than that stands whole, with what is around it, in the window whose fresh bytes it touches. A match that
 * lies across the border of two fresh spans is seen from both sides: readers keep one of two with equal rule and
 * byte offset.
 */
import type { Piece } from "../terms.ts";
import { positions } from "./lines.ts";

/** Pieces of `size` bytes at most, neighbours sharing `overlap` bytes. */
export interface WindowSize {
  readonly size: number;
  readonly overlap: number;
}

/** Small enough for any machine, and an overlap wider than any built-in pattern reaches. */
const windowSize: WindowSize = { size: 16 << 20, overlap: 256 << 10 };

/**
 * Cuts a stream into pieces whose fresh spans together are the whole content, each byte once, in constant memory.
 * An empty stream has no pieces. A piece's bytes are good until the next one is asked for.
 */
export async function* windows(
  parts: AsyncIterable<Uint8Array>,
  { size, overlap }: WindowSize = windowSize,
): AsyncGenerator<Piece> {
  if (overlap * 2 > size) throw new RangeError(`overlap ${overlap} is more than half of window ${size}`);
  const margin = overlap >> 1;
  const window = Buffer.allocUnsafe(size);
  let held = 0; // bytes in the window
  let seen = 0; // of which a former piece has shown these as fresh
  let at = { offset: 0, line: 1, column: 1 };
  for await (const part of parts) {
    for (let taken = 0; taken < part.length; ) {
      if (held === size) {
        yield { ...at, bytes: window, fresh: [{ start: seen, end: size - margin }] };
        const cut = seam(window, size - Math.max(1, overlap));
        at = { offset: at.offset + cut, ...positions(window, at)(cut) };
        window.copyWithin(0, cut);
        held = size - cut;
        seen = size - margin - cut;
      }
      const room = Math.min(size - held, part.length - taken);
      window.set(part.subarray(taken, taken + room), held);
      held += room;
      taken += room;
    }
  }
  if (held > seen) yield { ...at, bytes: window.subarray(0, held), fresh: [{ start: seen, end: held }] };
}

/**
 * The last place, at `at` or up to three bytes before, where a text may be cut without its lines and columns being
 * counted wrongly: not between CR and LF, not inside a character.
 */
function seam(bytes: Uint8Array, at: number): number {
  if (bytes[at - 1] === 13) return at - 1;
  for (let cut = at; cut > at - 4; cut--) if (((bytes[cut] ?? 0) & 0xc0) !== 0x80) return cut;
  return at; // no UTF-8: every byte is a character
}
