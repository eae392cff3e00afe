import { substituting } from "./substitution.ts";

/** The end of base64 that lacks one character of being whole, so that a `=` fills it up. */
const unfilled = /(?:^|[^\w+/-])(?:[\w+/-]{4}){4,}[\w+/-]{3}$/;

/**
 * Quoted-printable (RFC 2045) in mails: bytes in hex, and lines that go on behind a last `=`. One that fills up base64,
 * as at the end of every key of 32 bytes, is its padding.
 */
export const quotedPrintable = substituting({
  name: "quoted-printable",
  texts: ["=\n", "=\r\n", "=3D", "=20", "=0A", "=22", "=40"],
  mark: /(?<!=)=(?:[0-9A-F]{2}|[ \t]{0,8}\r?\n)/g,
  overLines: true,
  of(mark, before) {
    if (!mark.endsWith("\n")) return String.fromCharCode(Number.parseInt(mark.slice(1), 16));
    return unfilled.test(before) ? undefined : "";
  },
});
