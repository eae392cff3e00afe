import { latin1 } from "../bytes/text.ts";
import type { Match, Passage, Span } from "../terms.ts";
import { foreignPlace } from "./place.ts";

/** The text and the line of a match as other scanners' allowlists see them, without an encoding. */
export const seenOf = ({ passage }: Pick<Match, "passage">): Pick<Passage, "match" | "line"> | undefined =>
  passage?.decoded ?? passage;

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
