/** How much room text takes on a terminal, and how it is laid out in lines of a given width. */

/**
 * Columns that `text` takes on a terminal: two for wide East Asian characters and emoji, none for combining marks,
 * one for the rest. Ranges: Unicode 16, EastAsianWidth.txt (W and F). Text has no control characters in it: escape
 * it first.
 */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let sum = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (wide.test(segment)) sum += 2;
    else if (!marks.test(segment)) sum += 1;
  }
  return sum;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const wide =
  /^(?:[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18df2}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|.\ufe0f|\p{Regional_Indicator}{2})/u;

const marks = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** Changes how text looks, not how much room it takes. */
export type Paint = (text: string) => string;

const unpainted: Paint = (text) => text;

/** Text that is not broken, as shown and as measured. */
export interface Word {
  readonly shown: string;
  readonly columns: number;
}

/** All of `text` as one word, spaces and all: a path, a URL, a command. */
export const solid = (text: string, paint: Paint = unpainted): Word => ({
  // Colouring nothing would still print the codes.
  shown: text === "" ? "" : paint(text),
  columns: columns(text),
});

/** The words of a sentence. */
export const words = (text: string, paint: Paint = unpainted): Word[] =>
  text.split(" ").flatMap((word) => (word === "" ? [] : solid(word, paint)));

/** Words joined into one, without a space. */
export const joined = (...parts: readonly Word[]): Word => ({
  shown: parts.map(({ shown }) => shown).join(""),
  columns: parts.reduce((sum, part) => sum + part.columns, 0),
});

/**
 * Lines, without their ends, that hold `text` from column `indent` on, broken between words so that none is wider
 * than `width` unless a single word is. `lead` stands at the start of the first line, in the room of the indent.
 */
export function* fill(
  text: readonly Word[],
  { lead, indent, width }: { lead: Word; indent: number; width: number },
): Generator<string> {
  let line = lead.shown + " ".repeat(Math.max(indent - lead.columns, 0));
  let used = Math.max(lead.columns, indent);
  let empty = true;
  for (const word of text) {
    if (!empty && used + 1 + word.columns > width) {
      yield line.trimEnd();
      line = " ".repeat(indent);
      used = indent;
      empty = true;
    }
    line += (empty ? "" : " ") + word.shown;
    used += (empty ? 0 : 1) + word.columns;
    empty = false;
  }
  yield line.trimEnd();
}
