/**
 * How often bytes stand in source code, roughly. It decides nothing but which of several keywords, gates or triples
 * is the cheaper one, so that a rough table does.
 */
/** In per cent, letters of either case together; what is not named is rare. */
const shares = [
  [" ", 12],
  ["e", 8],
  ["t", 6],
  ["aionrs", 5],
  ["lcd\n", 3],
  ["ump", 2.3],
  ["fh", 2],
  ["gby", 1.4],
  ["wvk._-,()\"/=:;'\t", 1],
  ["0123456789x", 0.7],
  ["jqz", 0.2],
] as const;

/** Chance of each byte, of letters both cases counted under the lower one. Together they are 1. */
const anyCase = new Float64Array(256).fill(0.00005);
for (const [chars, share] of shares) for (const char of chars) anyCase[char.charCodeAt(0)] = share / 107;

/** Chance of each byte as it is: of seven letters six are lower case. */
const exact = anyCase.map((chance, byte) => {
  if (byte >= 0x61 && byte <= 0x7a) return (chance * 6) / 7;
  return byte >= 0x41 && byte <= 0x5a ? (anyCase[byte + 0x20] ?? 0) / 7 : chance;
});

/** Chance that `text`, in lower case, begins at a given byte in either case. A byte often follows itself (`-----`). */
export function chanceOf(text: string): number {
  let chance = 1;
  for (let index = 0; index < text.length; index++) {
    const byte = text.charCodeAt(index);
    chance *= index > 0 && byte === text.charCodeAt(index - 1) ? 0.5 : (anyCase[byte] ?? 0);
  }
  return chance;
}

/** Chance that a byte is in `set`, a table of 256 zeros and ones. */
export function chanceOfSet(set: Uint8Array): number {
  let chance = 0;
  for (let byte = 0; byte < 256; byte++) if (set[byte] === 1) chance += exact[byte] ?? 0;
  return Math.min(1, chance);
}
