/** Most bytes of a name before a value, and of what stands between the two. */
const LONGEST = 80;

const naming =
  /(?:[\w.$-]{1,64}\\{0,2}["'`\]]{0,2}[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}\\{0,2}["'`]?|\b(?:[Bb]asic|[Bb]earer|BASIC)[ \t]{1,4})$/;

/**
 * Where the name begins that the value at `at` is given to on its line: it belongs to a run, since what is decoded
 * means nothing without it. `at` itself where there is none.
 */
export function nameBefore(bytes: Uint8Array, at: number): number {
  const from = Math.max(0, at - LONGEST);
  const before = Buffer.from(bytes.buffer, bytes.byteOffset + from, at - from).toString("latin1");
  const found = naming.exec(before);
  return found === null ? at : from + found.index;
}
