/**
 * Encodings that write some characters of a text in another way and leave the rest: `%3D`, `&quot;`, `\u0041`. Their
 * run is a piece of a line: the marks that stand near each other, and what is around them, for a name may be written
 * plainly and only the value in code.
 */
import { touches } from "../../bytes/span.ts";
import type { Span } from "../../terms.ts";
import type { Decoded, Decoder, RunSpan } from "./decoder.ts";

/** Marks that stand further apart belong to two runs. */
const GAP = 256;

/** Bytes of the line before the first mark and behind the last that belong to the run. */
const MARGIN = 200;

/** Bytes by which the search for marks grows first where a run goes on; then by twice as many, and so on. */
const STEP = 1024;

export interface Substitution {
  readonly name: string;
  readonly texts: readonly [string, ...string[]];
  /** One mark: flag `g`, at most 64 bytes long, over latin1. */
  readonly mark: RegExp;
  /** A run goes on over line ends. */
  readonly overLines: boolean;
  /** What a mark stands for, as latin1, or `undefined` where it stands for itself; with the run before it, in part. */
  of(mark: string, before: string): string | undefined;
}

/** The decoder of a substitution. */
export const substituting = ({ name, texts, mark, overLines, of }: Substitution): Decoder => ({
  name,
  trace: { texts },
  runs: (bytes, span) => clusters(bytes, span, { texts, mark, overLines }),
  decode: (run) => substitute(run, mark, of),
});

type Marks = Pick<Substitution, "texts" | "mark" | "overLines">;

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");

function clusters(bytes: Uint8Array, span: Span, marks: Marks): RunSpan[] {
  let from = Math.max(0, span.start - GAP - MARGIN);
  let to = Math.min(bytes.length, span.end + GAP + MARGIN);
  for (let step = STEP; ; step *= 2) {
    from = unescaped(bytes, from);
    const found = clustersIn(bytes, { start: from, end: to }, marks);
    const [first] = found;
    const last = found.at(-1);
    const goesOnBefore = from > 0 && first !== undefined && first.first < from + GAP;
    const goesOnBehind = to < bytes.length && last !== undefined && last.last > to - GAP;
    if (!goesOnBefore && !goesOnBehind) {
      return found.map((cluster) => around(bytes, cluster)).filter((run) => touches(run, [span]));
    }
    if (goesOnBefore) from = Math.max(0, from - step);
    if (goesOnBehind) to = Math.min(bytes.length, to + step);
  }
}

/** A place from which marks are read as from the start: not behind a backslash, which may take the next byte with it. */
function unescaped(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at > 0 && bytes[at - 1] === 0x5c) at--;
  return at;
}

/** Where the first mark of some starts, and the last ends. */
interface Cluster {
  readonly first: number;
  readonly last: number;
}

function clustersIn(bytes: Uint8Array, { start, end }: Span, { texts, mark, overLines }: Marks): Cluster[] {
  const text = latin1(bytes, start, end);
  // A mark alone says little (`\n` in a string): in a run one of the texts is written so.
  if (!texts.some((one) => text.includes(one))) return [];
  const found: { first: number; last: number; telling: boolean }[] = [];
  let open: (typeof found)[number] | undefined;
  /** Where the first line end at or behind the last mark is. */
  let lineEnd = -1;
  for (const { index, 0: written } of text.matchAll(mark)) {
    const from = start + index;
    if (open !== undefined && !overLines && lineEnd < open.last - start) lineEnd = endOfLine(text, open.last - start);
    const isNear =
      open !== undefined && from - open.last <= GAP && (overLines || from === open.last || lineEnd >= index);
    if (open === undefined || !isNear) {
      open = { first: from, last: from, telling: false };
      found.push(open);
    }
    open.last = from + written.length;
    open.telling ||= texts.some((one) => written.includes(one));
  }
  return found.filter(({ telling }) => telling);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}

/** A cluster with the margins that its lines give it. Two are further apart than these, or a line end is between them. */
function around(bytes: Uint8Array, { first, last }: Cluster): RunSpan {
  let start = first;
  while (start > 0 && start > first - MARGIN && bytes[start - 1] !== 0x0a) start--;
  let end = last;
  while (end < bytes.length && end < last + MARGIN && bytes[end] !== 0x0a) end++;
  return { start, end, core: { start: first, end: last } };
}

/** A stretch of the text, and of the run it comes from. */
interface Part {
  readonly text: Span;
  readonly run: Span;
  readonly changed: boolean;
}

function substitute(run: Uint8Array, mark: RegExp, of: Substitution["of"]): Decoded | undefined {
  const source = latin1(run, 0, run.length);
  const parts: Part[] = [];
  let text = "";
  let at = 0;
  const add = (written: string, end: number, changed: boolean): void => {
    parts.push({ text: { start: text.length, end: text.length + written.length }, run: { start: at, end }, changed });
    text += written;
    at = end;
  };
  for (const { index, 0: found } of source.matchAll(mark)) {
    const meant = of(found, source.slice(Math.max(0, index - MARGIN), index));
    if (meant === undefined) continue;
    if (index > at) add(source.slice(at, index), index, false);
    add(meant, index + found.length, true);
  }
  if (parts.length === 0) return undefined;
  if (at < source.length) add(source.slice(at), source.length, false);
  const partAt = (offset: number): Part => parts[lastBefore(parts, offset)] as Part;
  return {
    text: Buffer.from(text, "latin1"),
    // A mark that stands for nothing joins what is beside it.
    changed: parts
      .filter(({ changed }) => changed)
      .map(({ text: { start, end } }) => ({
        start: end > start ? start : Math.max(0, start - 1),
        end: end > start ? end : end + 1,
      })),
    start(offset) {
      const { text: own, run: from, changed } = partAt(offset);
      return changed ? from.start : from.start + offset - own.start;
    },
    end(offset) {
      if (offset === 0) return 0;
      const { text: own, run: from, changed } = partAt(offset - 1);
      return changed ? from.end : from.start + offset - own.start;
    },
  };
}

/** Index of the part that holds the byte at `offset`; the last one where there is none. */
function lastBefore(parts: readonly Part[], offset: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle] as Part).text.end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
