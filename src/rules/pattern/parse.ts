/**
 * Reads the text of a pattern: RE2 syntax plus `(?<name>…)`, over bytes.
 *
 * The dialect has a reader of its own because neither engine behind it reads it: V8 of Node 20 knows no `(?i:…)`,
 * no `\z` and no POSIX classes, and re2js folds the case of letters beyond ASCII, which bytes do not have. Both get
 * what `print.ts` writes for them, so this file alone decides what a pattern means.
 */
import type { Span } from "../../terms.ts";
import { all, bytesOf, foldCase, notNewline } from "./byte-set.ts";
import { type Cursor, fault, matchAt, take, takeMatch } from "./cursor.ts";
import { escapedSet, readClass } from "./parse-class.ts";
import { type Assertion, type Node, nodesOf } from "./syntax.ts";

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** Most repetitions that a pattern may count. RE2 stops at 1000; V8, which runs the built-in ones, does not. */
const mostRepeats = 20_000;
const mostNesting = 100;

/**
 * The tree of a pattern.
 *
 * @throws LeaksweepError `rule.invalid`, naming the offset and the fix, on what is not in the dialect: look-around,
 *   back-references, Unicode classes, characters beyond ASCII (a pattern speaks of bytes), a named group that is
 *   repeated (which of its matches would it be?).
 */
export function parsePattern(text: string): Node {
  const strange = /[^\t\n\r\x20-\x7e]/.exec(text);
  const cursor: Cursor = { text, at: strange?.index ?? 0, names: new Set() };
  if (strange !== null) {
    throw fault(cursor, `"${strange[0]}" is not ASCII`, "Write its bytes, such as \\xc3\\xa9 for é in UTF-8.");
  }
  const node = readChoice(cursor, { i: false, m: false, s: false }, 0);
  if (cursor.at < text.length) throw fault(cursor, "`)` closes nothing", "Write \\) for a parenthesis, or remove it.");
  return node;
}

/** Branches up to the end of the group or the text. Flags set on the way hold for the rest of the group. */
function readChoice(cursor: Cursor, outer: Flags, depth: number): Node {
  const start = cursor.at;
  if (depth > mostNesting) throw fault(cursor, "groups are nested too deep", `Nest at most ${mostNesting} groups.`);
  let flags = outer;
  const branches: Node[] = [];
  let parts: Node[] = [];
  let branchStart = start;
  const close = (): void => {
    const [only] = parts;
    const at = { start: branchStart, end: cursor.at };
    branches.push(parts.length === 1 && only !== undefined ? only : { kind: "sequence", parts, at });
  };
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== ")") {
    if (take(cursor, "|")) {
      cursor.at -= 1;
      close();
      cursor.at += 1;
      parts = [];
      branchStart = cursor.at;
      continue;
    }
    const change = takeMatch(cursor, /\(\?([a-zA-Z]*(?:-[a-zA-Z]+)?)\)/y);
    if (change !== undefined) flags = flagsAfter(cursor, flags, change[1] ?? "");
    else parts.push(...readRepeated(cursor, flags, depth));
  }
  close();
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return only;
  return { kind: "choice", branches, at: { start, end: cursor.at } };
}

/** One atom and the repetition behind it; none or several nodes for `\Q…\E`. */
function readRepeated(cursor: Cursor, flags: Flags, depth: number): readonly Node[] {
  const start = cursor.at;
  const quoted = takeMatch(cursor, /\\Q([\s\S]*?)(?:\\E|$)/y);
  const atoms =
    quoted === undefined
      ? [readAtom(cursor, flags, depth)]
      : [...(quoted[1] ?? "")].map((char, index) => literal(char.charCodeAt(0), flags, at(start + 2 + index)));
  const last = atoms.at(-1);
  const count = last === undefined ? undefined : readCount(cursor);
  if (last === undefined || count === undefined) return atoms;
  if (count.max > 1 && nodesOf(last).some(({ kind }) => kind === "group")) {
    throw fault(cursor, "a named group is repeated", "Put the repetition inside: (?<name>(?:…){2}).", start);
  }
  const from = quoted === undefined ? start : last.at.start;
  const repeat: Node = { kind: "repeat", body: last, ...count, at: { start: from, end: cursor.at } };
  const again = cursor.at;
  if (readCount(cursor) !== undefined) {
    throw fault(cursor, "a repetition is repeated", "Put the first one in a group: (?:a{2}){3}.", again);
  }
  return [...atoms.slice(0, -1), repeat];
}

function readCount(cursor: Cursor): { min: number; max: number; lazy: boolean } | undefined {
  const start = cursor.at;
  const short = takeMatch(cursor, /([*+?])(\??)/y);
  if (short !== undefined) {
    return { min: short[1] === "+" ? 1 : 0, max: short[1] === "?" ? 1 : Infinity, lazy: short[2] === "?" };
  }
  // RE2 takes a brace that is no count for itself.
  const long = takeMatch(cursor, /\{(\d+)(,?)(\d*)\}(\??)/y);
  if (long === undefined) return undefined;
  const min = Number(long[1]);
  const max = long[3] !== "" ? Number(long[3]) : long[2] === "" ? min : Infinity;
  if (max < min) throw fault(cursor, "the count runs backwards", `Write {${max},${min}}.`, start);
  if (min > mostRepeats || (max > mostRepeats && max !== Infinity)) {
    throw fault(cursor, `the count is above ${mostRepeats}`, `Count to ${mostRepeats} at most.`, start);
  }
  return { min, max, lazy: long[4] === "?" };
}

function readAtom(cursor: Cursor, flags: Flags, depth: number): Node {
  const start = cursor.at;
  const char = cursor.text.charAt(cursor.at);
  if (char === "(") return readGroup(cursor, flags, depth);
  if (char === "[") {
    const set = readClass(cursor, flags.i);
    return { kind: "bytes", set, at: { start, end: cursor.at } };
  }
  if (char === "\\") return readEscape(cursor, flags);
  if (/[*+?]/.test(char) || /^\{\d+(,\d*)?\}/.test(cursor.text.slice(cursor.at))) {
    throw fault(cursor, `\`${char}\` repeats nothing`, `Write \\${char} for the character itself.`);
  }
  cursor.at += 1;
  const span = { start, end: cursor.at };
  if (char === ".") return { kind: "bytes", set: flags.s ? all : notNewline, at: span };
  if (char === "^") return { kind: "assertion", holds: flags.m ? "line-start" : "text-start", at: span };
  if (char === "$") return { kind: "assertion", holds: flags.m ? "line-end" : "text-end", at: span };
  return literal(char.charCodeAt(0), flags, span);
}

const refused: readonly (readonly [opening: RegExp, what: string])[] = [
  [/\(\?=|\(\?!/y, "look-ahead"],
  [/\(\?<=|\(\?<!/y, "look-behind"],
  [/\(\?P=|\(\?P>/y, "a back-reference"],
  [/\(\?>/y, "an atomic group"],
  [/\(\?#/y, "a comment"],
];

function readGroup(cursor: Cursor, flags: Flags, depth: number): Node {
  const start = cursor.at;
  for (const [opening, what] of refused) {
    if (matchAt(cursor, opening) === undefined) continue;
    throw fault(cursor, `${what} is not in the dialect`, "Match the surroundings and name the secret: (?<secret>…).");
  }
  const name = takeMatch(cursor, /\(\?P?<([A-Za-z_]\w*)>/y)?.[1];
  const change = name === undefined ? takeMatch(cursor, /\(\?([a-zA-Z]*(?:-[a-zA-Z]+)?):/y)?.[1] : undefined;
  if (name === undefined && change === undefined) {
    cursor.at += 1;
    if (cursor.text[cursor.at] === "?") {
      throw fault(cursor, "this group is not in the dialect", "Use (…), (?:…), (?<name>…) or (?i:…).", start);
    }
  }
  if (name !== undefined && cursor.names.has(name)) {
    throw fault(cursor, `there are two groups "${name}"`, "Give each group a name of its own.", start);
  }
  if (name !== undefined) cursor.names.add(name);
  const body = readChoice(cursor, change === undefined ? flags : flagsAfter(cursor, flags, change), depth + 1);
  if (!take(cursor, ")")) throw fault(cursor, "a group is not closed", "Add the missing `)`.", start);
  const span = { start, end: cursor.at };
  return name === undefined ? { ...body, at: span } : { kind: "group", name, body, at: span };
}

function flagsAfter(cursor: Cursor, flags: Flags, change: string): Flags {
  const [on = "", off = ""] = change.split("-");
  const unknown = /[^ims]/.exec(on + off);
  if (unknown !== null) throw fault(cursor, `flag "${unknown[0]}" is not in the dialect`, "Use i, m and s.");
  const set = (name: "i" | "m" | "s"): boolean => (flags[name] || on.includes(name)) && !off.includes(name);
  return { i: set("i"), m: set("m"), s: set("s") };
}

const assertions: ReadonlyMap<string, Assertion["holds"]> = new Map([
  ["A", "text-start"],
  ["z", "text-end"],
  ["b", "word-edge"],
  ["B", "no-word-edge"],
]);

function readEscape(cursor: Cursor, flags: Flags): Node {
  const start = cursor.at;
  const holds = assertions.get(cursor.text.charAt(cursor.at + 1));
  if (holds !== undefined) {
    cursor.at += 2;
    return { kind: "assertion", holds, at: { start, end: cursor.at } };
  }
  const set = escapedSet(cursor);
  return { kind: "bytes", set: flags.i ? foldCase(set) : set, at: { start, end: cursor.at } };
}

function literal(byte: number, flags: Flags, span: Span): Node {
  const set = bytesOf([byte, byte]);
  return { kind: "bytes", set: flags.i ? foldCase(set) : set, at: span };
}

const at = (start: number): Span => ({ start, end: start + 1 });
