import { substituting } from "./substitution.ts";

const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", 0: "\0" };

/** What an escape stands for, as latin1 of UTF-8. */
function meaning(mark: string): string | undefined {
  const code = /^\\(?:u\{?|x\{?|U)([0-9A-Fa-f]+)\}?$/.exec(mark)?.[1];
  if (code !== undefined) return charOf(Number.parseInt(code, 16));
  const octal = /^\\([0-3][0-7]{2})$/.exec(mark)?.[1];
  if (octal !== undefined) return charOf(Number.parseInt(octal, 8));
  const letter = mark.slice(1);
  return controls[letter] ?? letter;
}

function charOf(code: number): string | undefined {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  return Buffer.from(String.fromCodePoint(code)).toString("latin1");
}

/**
 * Escapes of JSON, JavaScript, Python, Java, C and shells: by code point, by byte in hex or octal, and quotes and
 * slashes behind a backslash, as a text in a text has them.
 */
export const escapes = substituting({
  name: "escape",
  texts: ["\\u", "\\x", "\\U", '\\"', "\\/", "\\1", "\\0", "\\'"],
  mark: /\\(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{2,6}\}|[0-3][0-7]{2}|[nrt"'/\\])/g,
  overLines: false,
  of: meaning,
});
