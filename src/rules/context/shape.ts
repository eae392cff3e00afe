/**
 * The short notation in which rows of the shelf say what a value looks like: `32 hex`, `20-40 alnum`, `uuid`, or such
 * parts and quoted literals in a row, as in `32 hex "." 16 alnum`.
 */

/** Alphabets by name, as the inside of a character class. */
const alphabets: ReadonlyMap<string, string> = new Map([
  ["digits", "0-9"],
  ["hex", "0-9a-fA-F"],
  ["lower", "a-z0-9"],
  ["upper", "A-Z0-9"],
  ["letters", "A-Za-z"],
  ["alnum", "A-Za-z0-9"],
  ["word", "A-Za-z0-9_"],
  ["dashed", "A-Za-z0-9-"],
  ["base64url", "A-Za-z0-9_-"],
  ["base64", "A-Za-z0-9+/"],
  ["dotted", "A-Za-z0-9._-"],
  ["signs", "A-Za-z0-9!@#$^&*()_+=?:;.,~%/-"],
]);

/** Names of the alphabets, for messages. */
export const alphabetNames: readonly string[] = [...alphabets.keys()];

/** Hexadecimal digits of MD5, SHA-1, SHA-2 and their shorter kin. */
const hashes = [8, 16, 32, 40, 56, 64, 96, 128];

const uuid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

const form = /"([^"]+)"|(\d+)(?:-(\d+))? ([a-z0-9]+)|uuid/y;

/** A shape that has been read. */
export interface Shape {
  /** Source of a pattern that matches such values, in the dialect of rules, case told apart. */
  readonly pattern: string;
  /** Length of the longest such value. */
  readonly most: number;
  /** A UUID, or hexadecimal digits as many as a hash has: half of all code is full of those, so that a name must tell. */
  readonly plain: boolean;
  /** Least Shannon entropy of such a value, in bits per byte: what one in many thousands made by chance falls below. */
  readonly entropy: number;
}

/** The shape that `text` describes, or `undefined` when it is not in the notation. */
export function readShape(text: string): Shape | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    form.lastIndex = at;
    const found = form.exec(text);
    const part = found === null ? undefined : partOf(found);
    if (found === null || part === undefined) return undefined;
    parts.push(part);
    at += found[0].length;
    if (at < text.length && text[at++] !== " ") return undefined;
  }
  if (parts.length === 0) return undefined;
  const plain = parts.every((part) => part.plain);
  const total = (of: (part: Part) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  return {
    pattern: parts.map(({ pattern }) => pattern).join(""),
    most: total(({ most }) => most),
    plain,
    entropy: leastEntropy(
      total(({ least }) => least),
      parts.every((part) => part.hexadecimal),
    ),
  };
}

/** One literal, one run of an alphabet, or a UUID. */
interface Part {
  readonly pattern: string;
  readonly least: number;
  readonly most: number;
  readonly plain: boolean;
  readonly hexadecimal: boolean;
}

function partOf([, literal, min, max, alphabet = ""]: RegExpExecArray): Part | undefined {
  if (literal !== undefined) {
    const pattern = literal.replaceAll(/[^A-Za-z0-9_]/g, "\\$&");
    return { pattern, least: literal.length, most: literal.length, plain: false, hexadecimal: false };
  }
  if (min === undefined) return { pattern: uuid, least: 36, most: 36, plain: true, hexadecimal: true };
  const letters = alphabets.get(alphabet);
  const [least, most] = [Number(min), Number(max ?? min)];
  if (letters === undefined || most < least) return undefined;
  const count = max === undefined ? min : `${min},${max}`;
  const padding = alphabet === "base64" ? "={0,2}" : "";
  const hexadecimal = alphabet === "hex" || alphabet === "digits";
  const plain = hexadecimal && hashes.some((length) => least <= length && length <= most);
  return { pattern: `[${letters}]{${count}}${padding}`, least, most, plain, hexadecimal };
}

/** Short values are less mixed, and hexadecimal ones hold at most 4 bits a byte. */
const leastEntropy = (length: number, hexadecimal: boolean): number => {
  if (length < 12) return 1.5;
  if (hexadecimal) return length < 20 ? 2 : 2.8;
  return length < 24 ? 2.5 : 3.2;
};
