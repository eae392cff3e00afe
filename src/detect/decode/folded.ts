/**
 * Block scalars of YAML: the value stands on the lines below its key, indented. `>` folds them into one line, `|` keeps
 * them; either way a value of one line is written where rules look for it, behind its key.
 */
import type { Span } from "../../terms.ts";
import type { Decoded, Decoder } from "./decoder.ts";

/** Longest block that is read; private keys and certificates have rules that read them as they stand. */
const LONGEST = 2048;

const texts = [": |", ": >", ":\t|", ":\t>"] as const;

const header = /[ \t][>|][+-]?[1-9]?[+-]?[ \t]{0,4}(?:#[^\n]{0,80})?\r?\n/g;

/** A key, and perhaps the tag of its value, before a header. */
const key = /[\w."'-]{1,80}:[ \t]{0,4}(?:![\w!]{1,20}[ \t]{0,4})?$/;

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");

export const folded: Decoder = {
  name: "yaml-block",
  trace: { texts },
  runs(bytes, { start, end }) {
    const from = Math.max(0, start - LONGEST - 200);
    const to = Math.min(bytes.length, end + LONGEST + 200);
    const found: Span[] = [];
    const text = latin1(bytes, from, to);
    if (!texts.some((one) => text.includes(one))) return [];
    for (const { index, 0: head } of text.matchAll(header)) {
      const name = key.exec(text.slice(Math.max(0, index - 110), index + 1));
      const length = blockLength(text.slice(index + head.length, index + head.length + LONGEST));
      if (name === null || length === 0) continue;
      const run = { start: from + index + 1 - name[0].length, end: from + index + head.length + length };
      if (run.start < end && run.end > start) found.push(run);
    }
    return found;
  },
  decode(run) {
    const text = latin1(run, 0, run.length);
    const head = text.slice(0, text.indexOf("\n") + 1);
    const name = /^[^:]*:[ \t]/.exec(head)?.[0];
    if (name === undefined) return undefined;
    const indent = /^[ \t]*/.exec(text.slice(head.length))?.[0].length ?? 0;
    return unfolded(text, { name, from: head.length, indent, joint: /:[ \t]{1,4}(?:!\S+ )?>/.test(head) ? " " : "\n" });
  },
};

/** Bytes of the lines that are indented like the first, the last line end left out. */
function blockLength(text: string): number {
  const indent = /^[ \t]+/.exec(text)?.[0];
  if (indent === undefined) return 0;
  let length = 0;
  for (const line of text.split("\n")) {
    if (!line.startsWith(indent)) break;
    length += line.length + 1;
  }
  return Math.max(0, length - 1);
}

interface Block {
  readonly name: string;
  /** Where the first line of the block starts. */
  readonly from: number;
  readonly indent: number;
  readonly joint: string;
}

function unfolded(source: string, { name, from, indent, joint }: Block): Decoded {
  let text = name;
  /** For each line where it begins in the text and in the run. */
  const lines: { at: number; run: number; length: number }[] = [];
  let run = from;
  for (const line of source.slice(from).split("\n")) {
    const own = line.replace(/\r$/, "").slice(indent);
    if (lines.length > 0) text += joint;
    lines.push({ at: text.length, run: run + indent, length: own.length });
    text += own;
    run += line.length + 1;
  }
  const place = (offset: number): number => {
    if (offset < name.length) return offset;
    const line = lines.findLast(({ at }) => at <= offset);
    return line === undefined ? from : line.run + Math.min(offset - line.at, line.length);
  };
  return {
    text: Buffer.from(text, "latin1"),
    changed: [{ start: name.length, end: text.length }],
    start: place,
    end: place,
  };
}
