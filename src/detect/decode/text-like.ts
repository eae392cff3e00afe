import { isUtf8 } from "node:buffer";

/** Bytes that no text holds: controls other than tab and line ends. */
const isControl = (byte: number): boolean => (byte < 0x20 ? byte !== 9 && byte !== 10 && byte !== 13 : byte === 0x7f);

/** Share of bytes beyond ASCII in texts that a secret may stand in. */
const FOREIGN = 0.3;

/**
 * Whether decoded bytes are text, UTF-8 or UTF-16 without its mark. Of bytes that were drawn at random one in eight is
 * a control, so that most are dismissed within a few.
 */
export function isTextLike(bytes: Uint8Array): boolean {
  if (isWide(bytes)) return true;
  let foreign = 0;
  for (const byte of bytes) {
    if (isControl(byte)) return false;
    if (byte >= 0x80) foreign++;
  }
  return foreign === 0 || (foreign <= bytes.length * FOREIGN && isUtf8(bytes));
}

/** ASCII in UTF-16, as PowerShell takes its encoded commands. */
function isWide(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  for (let at = 0; at < 16; at += 2) {
    if (bytes[at + 1] !== 0 || isControl(bytes[at] ?? 0)) return false;
  }
  return true;
}
