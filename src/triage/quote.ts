/**
 * A word as a POSIX shell reads it back, on one line and in visible characters: bare where nothing in it is special,
 * in single quotes where something is, and as `$'…'` (bash, zsh, ksh) where it holds what must not be printed.
 * A leading `-` stays: write `--option=${quote(path)}`, so that no program takes the path for an option.
 */
export function quote(word: string): string {
  if (/^[\w./@%+:,=-]+$/.test(word)) return word;
  if (!hidden.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${word.replace(/[\\']/g, "\\$&").replace(new RegExp(hidden, "gu"), octets)}'`;
}

/** Controls, bidi and other format characters, line separators, lone surrogates. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const octets = (character: string): string =>
  [...Buffer.from(character, "utf8")].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
