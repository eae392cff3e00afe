import { touches, widen } from "../../bytes/span.ts";
import { setOf, stretches } from "./byte-runs.ts";
import type { Decoder } from "./decoder.ts";
import { tailOf, withName } from "./naming.ts";
import { isTextLike } from "./text-like.ts";

const set = setOf("0123456789abcdefABCDEF");

/** Least length: a key and its value, and more than chance makes readable. */
const LEAST = 32;

/** Bytes behind a span where a value may begin whose name the span touches. */
const BESIDE = 100;

/** Two hex digits a byte, in one piece, with the name before it. A digest is no text: it is dismissed within a few bytes. */
export const hex: Decoder = {
  name: "hex",
  trace: { set, least: LEAST },
  runs: (bytes, span) =>
    stretches(bytes, widen(span, { before: 0, after: BESIDE, length: bytes.length }), set, LEAST)
      .map((value) => withName(bytes, value))
      .filter((run) => touches(run, [span])),
  decode(run) {
    const to = run.length - tailOf(run);
    let from = to;
    while (from > 0 && set[run[from - 1] as number] === 1) from--;
    const bytes = Buffer.from(Buffer.from(run.subarray(from, to)).toString("latin1"), "hex");
    if (bytes.length * 2 !== to - from || !isTextLike(bytes)) return undefined;
    const changed = { start: from, end: from + bytes.length };
    const place = (offset: number): number => {
      if (offset > changed.end) return to + offset - changed.end;
      return offset < from ? offset : from + 2 * (offset - from);
    };
    return {
      text: Buffer.concat([run.subarray(0, from), bytes, run.subarray(to)]),
      changed: [changed],
      start: place,
      end: place,
    };
  },
};
