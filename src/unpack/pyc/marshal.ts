/**
 * Python's marshal format, as compiled files hold it: the code of a module, with its constants and names. Source:
 * Python/marshal.c of CPython 3.6 to 3.14. Nothing is run, and every length is held against the bytes that are left.
 */

/** A constant. Numbers and the like are `undefined`: no secret is one. */
export type Constant = string | readonly Constant[] | Code | undefined;

/** A module, a class's body or a function. */
export interface Code {
  /** Two bytes an instruction. */
  readonly instructions: Uint8Array;
  readonly constants: readonly Constant[];
  readonly names: readonly string[];
  /** Names of the variables of a function. */
  readonly locals: readonly string[];
}

/** Thrown where the bytes say what cannot be. The message is the end of "is damaged: …". */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** Fields of a code object by the magic number of their version, each a kind of what is read. */
type Layout = readonly ("int" | "code" | "constants" | "names" | "locals" | "other")[];

const before38: Layout = [
  ...Array.from({ length: 5 }, () => "int" as const),
  "code",
  "constants",
  "names",
  "locals",
  ...Array.from({ length: 4 }, () => "other" as const),
  "int",
  "other",
];
const before311: Layout = ["int", ...before38];
const since311: Layout = [
  ...Array.from({ length: 5 }, () => "int" as const),
  "code",
  "constants",
  "names",
  "locals",
  ...Array.from({ length: 4 }, () => "other" as const),
  "int",
  "other",
  "other",
];

/** Magic numbers of the first compiled files of a version. */
export const versions = { v36: 3370, v37: 3390, v38: 3400, v311: 3450, v313: 3550, v314: 3600 } as const;

const layoutOf = (magic: number): Layout =>
  magic < versions.v38 ? before38 : magic < versions.v311 ? before311 : since311;

/** Objects in objects, as deep as Python itself reads them. */
const deepest = 2000;

/** The code that begins at `at`. Throws `Malformed`. */
export function codeAt(bytes: Buffer, at: number, magic: number): Code {
  const code = new Reader(bytes, at, layoutOf(magic)).read(0);
  if (!isCode(code)) throw new Malformed("it holds no code");
  return code;
}

/** Whether a constant is code of its own. */
export const isCode = (constant: Constant | Uint8Array): constant is Code =>
  typeof constant === "object" && "instructions" in constant;

class Reader {
  readonly #bytes: Buffer;
  readonly #layout: Layout;
  readonly #refs: (Constant | Uint8Array)[] = [];
  #at: number;

  constructor(bytes: Buffer, at: number, layout: Layout) {
    this.#bytes = bytes;
    this.#at = at;
    this.#layout = layout;
  }

  read(depth: number): Constant | Uint8Array {
    if (depth > deepest) throw new Malformed("its objects lie too deep");
    const first = this.#byte();
    const isReferred = first >= 0x80;
    // What holds others is referred to by the place it takes before them.
    const place = isReferred ? this.#refs.push(undefined) - 1 : -1;
    const value = this.#value(String.fromCharCode(first & 0x7f), depth);
    if (isReferred) this.#refs[place] = value;
    return value;
  }

  #value(type: string, depth: number): Constant | Uint8Array {
    switch (type) {
      case "z":
      case "Z":
        return this.#take(this.#byte()).toString("latin1");
      case "a":
      case "A":
        return this.#take(this.#int()).toString("latin1");
      case "u":
      case "t":
        return this.#take(this.#int()).toString("utf8");
      case "s":
        return this.#take(this.#int());
      case ")":
        return this.#list(this.#byte(), depth);
      case "(":
      case "[":
      case "<":
      case ">":
        return this.#list(this.#int(), depth);
      case "{":
        return this.#pairs(depth);
      case "c":
        return this.#code(depth);
      case "r":
        return this.#refs[this.#int()];
      case ":":
        return void this.#list(3, depth);
      default:
        return void this.#take(this.#numberSize(type));
    }
  }

  /** Bytes of what holds neither text nor other objects. */
  #numberSize(type: string): number {
    const fixed: Readonly<Record<string, number>> = { 0: 0, N: 0, F: 0, T: 0, S: 0, ".": 0, i: 4, I: 8, g: 8, y: 16 };
    const size = fixed[type];
    if (size !== undefined) return size;
    if (type === "l") return 2 * Math.abs(this.#take(4).readInt32LE());
    if (type === "f") return this.#byte();
    if (type === "x") {
      this.#take(this.#byte());
      return this.#byte();
    }
    throw new Malformed(`it has an object of type ${JSON.stringify(type)}`);
  }

  #list(count: number, depth: number): readonly Constant[] {
    // An object takes a byte at least.
    if (count > this.#bytes.length - this.#at) throw new Malformed("it ends within a list");
    return Array.from({ length: count }, () => constantOf(this.read(depth + 1)));
  }

  /** A dictionary: keys and values by turns, until a null. */
  #pairs(depth: number): readonly Constant[] {
    const items: Constant[] = [];
    while (this.#bytes[this.#at] !== 0x30) items.push(constantOf(this.read(depth + 1)));
    this.#at++;
    return items;
  }

  #code(depth: number): Code {
    const read: Record<string, Constant | Uint8Array> = {};
    for (const field of this.#layout) {
      if (field === "int") this.#take(4);
      else read[field] = this.read(depth + 1);
    }
    return {
      instructions: read.code instanceof Uint8Array ? read.code : new Uint8Array(),
      constants: Array.isArray(read.constants) ? read.constants : [],
      names: texts(read.names),
      locals: texts(read.locals),
    };
  }

  #byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  #int(): number {
    return this.#take(4).readUInt32LE();
  }

  #take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new Malformed("it ends within an object");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** Bytes count as text where they are: a password in `b"…"` is one. */
const constantOf = (value: Constant | Uint8Array): Constant =>
  value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;

const texts = (value: Constant | Uint8Array): readonly string[] =>
  Array.isArray(value) ? value.map((each) => (typeof each === "string" ? each : "")) : [];
