/**
 * Shannon entropy of a byte string, in bits per byte: 0 when empty or all one byte, never above 8.
 *
 * It measures the mix of bytes and not their order ("abcd" and "dbca" score alike), so it can throw out a dull match
 * but cannot make one. That is why rules pair it with a pattern.
 *
 * @param input Raw bytes of the secret alone, without quotes or key name.
 */
export function entropy(input: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const byte of input) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / input.length) * Math.log2(count / input.length);
  return bits;
}
