import type { Span } from "../terms.ts";

/** A match's place in a text as gitleaks gives it. Lines count from 0. */
export interface ForeignPlace {
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  /** The lines of the match; but for the first line of a text they begin with the line feed before them. */
  readonly line: Span;
}

const LF = 10;

/**
 * Lines and columns of `span` as gitleaks reckons them, whose reports and baselines are compared number by number: in
 * bytes, the first line from 1, later lines from 2, because there the line feed before a line is its first byte. The
 * end column is that of the last byte; of a match that ends on a last line without line feed, but began above it,
 * only the start is known, and the end is line of the start, column 0.
 */
export function foreignPlace(bytes: Uint8Array, { start, end }: Span): ForeignPlace {
  const first = lineOf(bytes, start);
  const last = lineOf(bytes, end - 1);
  const startColumn = start - first.from + 1;
  const tail = lastFeed(bytes);
  if (first.number !== last.number && end > tail && tail >= 0) {
    return {
      startLine: first.number,
      endLine: first.number,
      startColumn,
      endColumn: 0,
      line: { start: first.from, end: Math.max(first.to, end) },
    };
  }
  return {
    startLine: first.number,
    endLine: last.number,
    startColumn,
    endColumn: end - last.from,
    line: { start: first.from, end: Math.max(last.to, end) },
  };
}

const lastFeed = (bytes: Uint8Array): number => bytes.lastIndexOf(LF);

/** The line that holds the byte at `at`: from the line feed before it, which belongs to it, to the one behind it. */
function lineOf(bytes: Uint8Array, at: number): { number: number; from: number; to: number } {
  let number = 0;
  let from = 0;
  for (let feed = bytes.indexOf(LF); feed >= 0 && feed <= at; feed = bytes.indexOf(LF, feed + 1)) {
    // A line feed is the first byte of the line behind it.
    number++;
    from = feed;
  }
  const to = bytes.indexOf(LF, at + (at === from && number > 0 ? 1 : 0));
  return { number, from, to: to < 0 ? bytes.length : to };
}
