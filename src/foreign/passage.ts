import { latin1 } from "../bytes/text.ts";
import type { Passage, Span } from "../terms.ts";
import { foreignPlace } from "./place.ts";

/**
 * What other scanners' allowlists and reports want to know of a match, from the text that it stands in, whose first
 * line is `first`.
 */
export function passageOf(bytes: Uint8Array, match: Span, first: number): Passage {
  const { line, startLine, endLine, ...columns } = foreignPlace(bytes, match);
  const lines = { startLine: startLine + first, endLine: endLine + first };
  return {
    ...lines,
    ...columns,
    match: latin1(bytes, match.start, match.end),
    line: latin1(bytes, line.start, line.end),
  };
}
