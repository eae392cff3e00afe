/**
 * Readers for the three objects that hold history together. They take raw object bytes and give offsets rather than
 * strings where a repository has millions of them. Formats: git's Documentation/gitformat-*.adoc and `git cat-file`.
 */
import type { Span } from "../../terms.ts";

const newline = 0x0a;
const space = 0x20;

/** A header line of a commit or tag: `tree <id>`, `author <person>`; continuation lines belong to the one before. */
interface Header {
  readonly key: string;
  readonly value: Span;
}

/** The headers of a commit or tag, and where its message begins (the end of the object if it has none). */
function readHeaders(bytes: Uint8Array): { readonly headers: readonly Header[]; readonly message: number } {
  const headers: Header[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === newline) return { headers, message: at + 1 };
    let end = bytes.indexOf(newline, at);
    if (end < 0) end = bytes.length;
    if (bytes[at] !== space) {
      let gap = bytes.indexOf(space, at);
      if (gap < 0 || gap > end) gap = end;
      headers.push({ key: latin1(bytes, at, gap), value: { start: Math.min(gap + 1, end), end } });
    }
    at = end + 1;
  }
  return { headers, message: bytes.length };
}

/** What a commit says of history, ids in hex; `undefined` when it has no tree line. */
export interface CommitHeader {
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Name <mail> seconds zone`, as bytes say it. */
  readonly author: string;
  /** Committer date in seconds since 1970; 0 when it can't be read. */
  readonly time: number;
  readonly message: number;
  /** The author and committer lines, where a reader looks for people. */
  readonly people: readonly Span[];
  /** The keys of all headers, in order. */
  readonly keys: readonly string[];
}

/** Reads a commit object. Returns `undefined` for one that names no tree, which git would not show either. */
export function readCommit(bytes: Uint8Array): CommitHeader | undefined {
  const { headers, message } = readHeaders(bytes);
  const people: Span[] = [];
  const parents: string[] = [];
  let tree: string | undefined;
  let author = "";
  let time = 0;
  for (const { key, value } of headers) {
    if (key === "tree") tree ??= latin1(bytes, value.start, value.end);
    else if (key === "parent") parents.push(latin1(bytes, value.start, value.end));
    else if (key === "author" || key === "committer") {
      people.push(value);
      const line = utf8(bytes, value.start, value.end);
      if (key === "author") author ||= line;
      else time = Number(/> (\d{1,12})/.exec(line)?.[1] ?? 0);
    }
  }
  const keys = headers.map(({ key }) => key);
  return tree === undefined ? undefined : { tree, parents, author, time, message, people, keys };
}

/** What an annotated tag says. */
export interface TagHeader {
  readonly object: string;
  readonly name: string;
  readonly tagger: string;
  readonly message: number;
  readonly people: readonly Span[];
}

/** Reads an annotated tag object; `undefined` when it names no object. */
export function readTag(bytes: Uint8Array): TagHeader | undefined {
  const { headers, message } = readHeaders(bytes);
  const text = (key: string): string | undefined => {
    const found = headers.find((header) => header.key === key);
    return found && utf8(bytes, found.value.start, found.value.end);
  };
  const object = text("object");
  if (object === undefined) return undefined;
  const people = headers.filter(({ key }) => key === "tagger").map(({ value }) => value);
  return { object, name: text("tag") ?? "", tagger: text("tagger") ?? "", message, people };
}

/** What a tree entry is: a folder, a submodule's commit (never an object of this repository), or a file or link. */
export type EntryKind = "tree" | "gitlink" | "blob";

/** Told of one tree entry: its kind, its name as `bytes[nameStart, nameEnd)`, its raw id at `bytes[idStart…]`. */
export type VisitEntry = (kind: EntryKind, nameStart: number, nameEnd: number, idStart: number) => void;

/**
 * Visits the entries of a raw tree object in order. No strings are made and no method is called on the bytes: a large
 * history has a hundred million entries. Returns false where the tree ends in the middle of an entry.
 */
export function visitTree(bytes: Uint8Array, idBytes: number, visit: VisitEntry): boolean {
  const { length } = bytes;
  let at = 0;
  while (at < length) {
    const mode = at;
    while (at < length && bytes[at] !== space) at++;
    const name = at + 1;
    while (at < length && bytes[at] !== 0) at++;
    if (at + 1 + idBytes > length || at < name) return false;
    visit(kindOf(bytes, mode, name - 1), name, at, at + 1);
    at += 1 + idBytes;
  }
  return true;
}

/** Modes are octal text: 40000 folder, 160000 submodule, 100644, 100755, 120000 files and links. */
function kindOf(bytes: Uint8Array, start: number, end: number): EntryKind {
  if (bytes[start] === 0x34 || (bytes[start] === 0x30 && bytes[start + 1] === 0x34)) return "tree";
  return end - start === 6 && bytes[start + 1] === 0x36 ? "gitlink" : "blob";
}

const person = /^(?<name>.*?) ?<(?<email>[^>]*)> ?(?<seconds>-?\d{1,12})? ?(?<zone>[+-]\d{4})?/;

/** Name, address and RFC 3339 date (with its own offset) of an `author` or `tagger` line. */
export function readPerson(line: string): { name: string; email: string; date: string } {
  const { name = line, email = "", seconds = "0", zone = "+0000" } = person.exec(line)?.groups ?? {};
  return { name, email, date: rfc3339(Number(seconds), zone) };
}

/** Whether RFC 3339 can write a time, in seconds since 1970: it goes from 0000-01-01 to 9999-12-31. */
const isWritable = (time: number): boolean => time >= -62_167_219_200 && time <= 253_402_300_799;

/** Git takes down any number as a date. One that cannot be written is 1970, one in a zone that no place has is UTC. */
function rfc3339(seconds: number, zone: string): string {
  const text = (time: number): string => new Date(time * 1000).toISOString().slice(0, 19);
  if (!isWritable(seconds)) return "1970-01-01T00:00:00Z";
  const shift = shiftOf(zone);
  const local = seconds + shift;
  return shift === 0 || !isWritable(local) ? `${text(seconds)}Z` : `${text(local)}${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** Seconds that a zone like `+0530` is ahead of UTC; 0 for one beyond 14 hours, which no place has. */
function shiftOf(zone: string): number {
  const minutes = Number(zone.slice(3, 5));
  const all = Number(zone.slice(1, 3)) * 60 + minutes;
  if (minutes > 59 || all > 14 * 60) return 0;
  return (zone.startsWith("-") ? -all : all) * 60;
}

const utf8 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
