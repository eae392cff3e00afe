import {
  type ByteSet,
  bytesOf,
  complement,
  foldCase,
  members,
  none,
  perlClasses,
  posixClasses,
  union,
} from "./byte-set.ts";
import { type Cursor, fault, take, takeMatch } from "./cursor.ts";

/**
 * The bytes of the bracketed class at the cursor, which is left behind its `]`. With `anyCase`, letters bring their
 * other case along, before a `^` turns the set round.
 *
 * @throws LeaksweepError `rule.invalid`
 */
export function readClass(cursor: Cursor, anyCase: boolean): ByteSet {
  const start = cursor.at;
  cursor.at += 1;
  const negated = take(cursor, "^");
  let set = none;
  for (let first = true; first || cursor.text[cursor.at] !== "]"; first = false) {
    if (cursor.at >= cursor.text.length) {
      throw fault(cursor, "a class is not closed", "Add the missing `]`; write \\[ for a bracket.", start);
    }
    set = union(set, readMember(cursor));
  }
  cursor.at += 1;
  const folded = anyCase ? foldCase(set) : set;
  return negated ? complement(folded) : folded;
}

/** A POSIX class, an escape, a byte, or a range of bytes. */
function readMember(cursor: Cursor): ByteSet {
  const start = cursor.at;
  const posix = takeMatch(cursor, /\[:(\^?)(\w+):\]/y);
  if (posix !== undefined) {
    const known = posixClasses.get(posix[2] ?? "");
    if (known === undefined) {
      throw fault(cursor, `${posix[0]} is unknown`, `Use one of ${[...posixClasses.keys()].join(", ")}.`, start);
    }
    return posix[1] === "^" ? complement(known) : known;
  }
  const low = readByte(cursor);
  const isRange = cursor.text[cursor.at] === "-" && /[^\]]/.test(cursor.text.charAt(cursor.at + 1));
  if (!isRange) return low;
  cursor.at += 1;
  const [first, ...firstMore] = members(low);
  const [last, ...lastMore] = members(readByte(cursor));
  if (first === undefined || last === undefined || firstMore.length + lastMore.length > 0 || last < first) {
    const text = cursor.text.slice(start, cursor.at);
    throw fault(cursor, `${text} is no range`, "Write the smaller byte first, or \\- for a hyphen.", start);
  }
  const range = new Uint8Array(256);
  return range.fill(1, first, last + 1);
}

function readByte(cursor: Cursor): ByteSet {
  if (cursor.text[cursor.at] === "\\") return escapedSet(cursor);
  const set = new Uint8Array(256);
  set[cursor.text.charCodeAt(cursor.at)] = 1;
  cursor.at += 1;
  return set;
}

const controls: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["t", 9],
  ["n", 10],
  ["v", 11],
  ["f", 12],
  ["r", 13],
]);

/** The bytes that the escape at the cursor stands for, inside a class or outside; moves the cursor behind it. */
export function escapedSet(cursor: Cursor): ByteSet {
  const start = cursor.at;
  const hex = takeMatch(cursor, /\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/y);
  if (hex !== undefined) {
    const byte = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (byte > 255) throw fault(cursor, `${hex[0]} is no byte`, "Write its UTF-8 bytes one by one.", start);
    return bytesOf([byte, byte]);
  }
  const char = cursor.text.charAt(cursor.at + 1);
  const known = perlClasses.get(char.toLowerCase());
  const byte = controls.get(char) ?? (/[^A-Za-z0-9]/.test(char) ? char.charCodeAt(0) : undefined);
  cursor.at += 2;
  if (known !== undefined) return char === char.toLowerCase() ? known : known.map((bit) => 1 - bit);
  if (byte !== undefined) return bytesOf([byte, byte]);
  const problem = char === "" ? "the pattern ends in `\\`" : /[1-9]/.test(char) ? "a back-reference" : `\\${char}`;
  const what = char === "" ? problem : `${problem} is not in the dialect`;
  throw fault(cursor, what, "See the dialect in docs/rules.md; \\x41 writes any byte.", start);
}
