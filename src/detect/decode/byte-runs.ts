import type { Span } from "../../terms.ts";

/** A table of 256 zeros and ones, with a one for each character of `chars`. */
export const setOf = (chars: string): Uint8Array => {
  const set = new Uint8Array(256);
  for (const char of chars) set[char.charCodeAt(0)] = 1;
  return set;
};

/**
 * Every stretch of at least `least` bytes of `set` that shares a byte with `span`, whole. Looks at one byte in `least`
 * where there is none.
 */
export function stretches(bytes: Uint8Array, { start, end }: Span, set: Uint8Array, least: number): Span[] {
  const found: Span[] = [];
  let from = start;
  while (from > 0 && set[bytes[from - 1] as number] === 1) from--;
  while (from < end && from + least <= bytes.length) {
    // If a stretch of this length covers `from`'s next `least` bytes, it covers the last of them.
    let first = from + least;
    while (first > from && set[bytes[first - 1] as number] === 1) first--;
    if (first > from) {
      from = first;
      continue;
    }
    let stop = from + least;
    while (stop < bytes.length && set[bytes[stop] as number] === 1) stop++;
    found.push({ start: from, end: stop });
    from = stop + 1;
  }
  return found;
}
