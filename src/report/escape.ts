/**
 * Text from strangers, made safe to print. Paths, names, messages and refs come out of somebody's commits, and a
 * report is read in terminals and CI logs, which obey what they read: an escape sequence recolours or retitles, a
 * bidi override shows a path that is not the path, a newline forges a second line, and the log readers of CI systems
 * take `::error` or `##vso[…]` for orders.
 */

/**
 * `text` on one line and in visible characters only: every control, format or default-ignorable character and every
 * lone surrogate becomes `\n`, `\t`, `\r`, `\x1b` or `\u{202e}`, and what a CI log would obey is broken by such an
 * escape. Meant for eyes: a backslash stays itself, so the form can't be read back.
 */
export function printable(text: string): string {
  return withoutHidden(text, visible).replace(order, disarmed);
}

/**
 * `value` as JSON in which no character can act on a terminal or a CI log. It parses to the same value as
 * `JSON.stringify` would give. `indent` spaces per level; none at all gives one line.
 */
export function json(value: unknown, indent = 0): string {
  return withoutHidden(JSON.stringify(value, undefined, indent), asJson).replace(order, asJson);
}

type Show = (character: string) => string;

/** The property classes are slow, so they only meet the rare part of a text that is not plain ASCII. */
const withoutHidden = (text: string, show: Show): string =>
  text.replace(/[^\x20-\x7e]+/g, (part) => part.replace(hidden, show));

// Variation selectors 15 and 16 only choose how an emoji is drawn.
const hidden = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

// GitHub obeys `::` at the start of a line, where wrapping can bring any word, and `##[` anywhere; Azure obeys `##vso[`
// anywhere and TeamCity `##teamcity[`.
const order = /(?<=^|\s):(?=:)|#(?=#(?:vso|teamcity)?\[)/gi;

const names: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return names[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
}

const disarmed = (character: string): string => `\\x${hex(character.charCodeAt(0), 2)}`;

// The line breaks of the layout are the only characters here that are not inside a string.
const asJson = (character: string): string =>
  character === "\n" ? character : character.replace(/[\s\S]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
