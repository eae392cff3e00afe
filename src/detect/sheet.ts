import { type Position, positions } from "../bytes/lines.ts";
import { merge, touches, widen } from "../bytes/span.ts";
import { origins, type View as Utf16View, utf16Views } from "../bytes/text.ts";
import type { Piece, Span } from "../terms.ts";
import type { Text } from "./candidate.ts";

/** One text of a piece: its bytes as they are, or UTF-16 found in them. */
export interface Sheet extends Text {
  /** Where in the text to look. */
  readonly spans: readonly Span[];
  /** From an offset in the text to that in the piece. */
  readonly origin: (offset: number) => number;
  /** All of the piece is UTF-16, and not runs of it. */
  readonly whole?: boolean;
  /** A new function from offsets in the text to lines and columns; fast for offsets asked in ascending order. */
  readonly locate: () => (offset: number) => Position;
}

/** What a run of a sheet, or of another view, says without its encoding. */
export interface View extends Text {
  /** Decoders passed on the way, outermost first. */
  readonly decoded: readonly string[];
  /** What of the text was encoded. */
  readonly changed: readonly Span[];
  /** The outermost run, in the sheet's text. */
  readonly run: Span;
  /** From a span of the text to what it is written as in the sheet's. */
  readonly place: (span: Span) => Span;
}

/** The piece as bytes, then whatever UTF-16 is in it. */
export const sheetsOf = (piece: Piece): Sheet[] => [plainSheet(piece), ...hiddenSheets(piece)];

/** The piece as bytes. */
export function plainSheet(piece: Piece): Sheet {
  const { bytes, offset } = piece;
  const locate = () => positions(bytes, piece);
  return { bytes, first: offset === 0, spans: spansOf(piece), origin: (at: number) => at, locate };
}

const spansOf = ({ bytes, fresh }: Piece): Span[] => merge(fresh ?? [{ start: 0, end: bytes.length }]);

/** What is in the piece and not in its bytes as they stand: UTF-16. */
export function hiddenSheets(piece: Piece): Sheet[] {
  const { bytes, offset } = piece;
  const spans = spansOf(piece);
  // A NUL beside the fresh bytes counts: a change of one letter of UTF-16 text need not hold one.
  const nuls = spans.some((span) => {
    const { start, end } = widen(span, { before: 2, after: 2, length: bytes.length });
    return bytes.subarray(start, end).includes(0);
  });
  if (!nuls) return [];
  return utf16Views(bytes, offset === 0).flatMap((view) => (touches(view.at, spans) ? [ofView(view)] : []));

  /** A view is looked at whole: it is rare, and what is old in it falls away once it is known where matches stand. */
  function ofView(view: Utf16View): Sheet {
    const origin = origins(view);
    const inPiece = () => {
      const position = positions(bytes, piece);
      return (at: number) => position(origin(at));
    };
    const whole = [{ start: 0, end: view.text.length }];
    return {
      bytes: view.text,
      first: true,
      spans: whole,
      origin,
      whole: view.whole,
      locate: view.whole ? () => positions(view.text) : inPiece,
    };
  }
}
