import { substituting } from "./substitution.ts";

/**
 * Quoted-printable (RFC 2045) in mails: bytes in hex, and lines that go on behind a last `=`. One that fills up base64,
 * as at the end of every key of 32 bytes, is its padding. How far is looked back for that is bounded, and less than what
 * marks of one run may be apart: what stands further off must not decide.
 */
export const quotedPrintable = substituting({
  name: "quoted-printable",
  texts: ["=\n", "=\r\n", "=3D", "=20", "=0A", "=22", "=40"],
  mark: /(?<!=)=(?:[0-9A-F]{2}|(?<![^\w+/-](?:[\w+/-]{4}){4,30}[\w+/-]{3}=)[ \t]{0,8}\r?\n)/g,
  overLines: true,
  of: (mark) => (mark.endsWith("\n") ? "" : String.fromCharCode(Number.parseInt(mark.slice(1), 16))),
});
