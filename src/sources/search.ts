/** How a source shows contents to an engine: whole, or in windows where one is too large to hold. */
import { createReadStream } from "node:fs";
import { windows } from "../bytes/windows.ts";
import type { ContentId, Engine, Match, Piece, Sighting } from "../terms.ts";
import { type Format, formatOf, headBytes, isLegible } from "../unpack/magic.ts";

/** Contents above this many bytes are read in windows. */
export const wholeBytes = 32 * 1024 * 1024;

/** The most a window repeats of the one before: all that any rule can reach, within reason for unbounded ones. */
const mostOverlap = 1024 * 1024;

/** A content held whole. */
const wholePiece = (bytes: Uint8Array): Piece => ({ bytes, offset: 0, line: 1, column: 1 });

/** What `engine` recognises in a content held whole; nothing where there is nothing. */
export function* searchWhole(engine: Engine, content: ContentId, bytes: Uint8Array): Iterable<Sighting> {
  const matches = engine.match(wholePiece(bytes));
  if (matches.length > 0) yield { content, matches };
}

/** What `engine` recognises in a content that arrives in parts, in constant memory. */
async function* searchParts(
  engine: Engine,
  content: ContentId,
  parts: AsyncIterable<Uint8Array>,
): AsyncIterable<Sighting> {
  const found = new Map<string, Match>();
  for await (const piece of windows(parts, { size: wholeBytes, overlap: overlapFor(engine) })) {
    for (const match of engine.match(piece)) {
      // A match in the overlap of two windows is seen twice; the longer look at it is the true one.
      const key = `${match.rule.id} ${match.at.byteOffset}`;
      const before = found.get(key);
      if (!before || before.secret.length < match.secret.length) found.set(key, match);
    }
  }
  if (found.size > 0) yield { content, matches: [...found.values()] };
}

/** Containers above this many bytes are not opened: they would have to be held whole. */
const mostPacked = 512 * 1024 * 1024;

/** Why a container so large has its members unread. */
const tooLargeToOpen = `is a container of more than ${mostPacked / (1 << 20)} MiB and was not opened`;

/** What is to be done about a member that cannot be read: its path in the content, and why. */
export type OnUnread = (member: string, reason: string) => void;

/**
 * What `engine` recognises in a content held whole, and in the members of the container that it may be. The container's
 * own bytes are read as they stand where text can be among them, or where it could not all be opened; what stands in a
 * member as well is told of once, at the member.
 */
export async function* searchContent(
  engine: Engine,
  content: ContentId,
  { bytes, onUnread }: { readonly bytes: Uint8Array; readonly onUnread: OnUnread },
): AsyncIterable<Sighting> {
  const format = containerOf(engine, bytes);
  if (format === undefined) {
    yield* searchWhole(engine, content, bytes);
    return;
  }
  const { unpack } = await import("../unpack/unpack.ts");
  const inside: Match[] = [];
  let readsItself = isLegible(format);
  for await (const member of unpack(bytes, { depth: engine.archiveDepth ?? 0, now: () => performance.now() })) {
    if ("reason" in member) {
      readsItself = true;
      onUnread(member.path, member.reason);
    } else {
      inside.push(...engine.match(wholePiece(member.bytes)).map((match) => ({ ...match, member: nameOf(member) })));
    }
  }
  const told = new Set(inside.map(keyOf));
  const outside = readsItself ? engine.match(wholePiece(bytes)).filter((match) => !told.has(keyOf(match))) : [];
  const matches = [...outside, ...inside];
  if (matches.length > 0) yield { content, matches };
}

/** The same of a content that arrives in parts: in constant memory, unless it is a container. */
export async function* searchStream(
  engine: Engine,
  content: ContentId,
  { parts, onUnread }: { readonly parts: AsyncIterable<Uint8Array>; readonly onUnread: OnUnread },
): AsyncIterable<Sighting> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    const begun = await firstParts(iterator, headBytes);
    if (containerOf(engine, Buffer.concat(begun.parts)) === undefined) {
      yield* searchParts(engine, content, chained(begun.parts, iterator));
      return;
    }
    const rest = await firstParts(iterator, mostPacked);
    const held = [...begun.parts, ...rest.parts];
    if (rest.ended) {
      yield* searchContent(engine, content, { bytes: Buffer.concat(held), onUnread });
      return;
    }
    onUnread("", tooLargeToOpen);
    yield* searchParts(engine, content, chained(held, iterator));
  } finally {
    await iterator.return?.();
  }
}

/** Copies of the next parts, of so many bytes or more together, and whether they were the last. */
async function firstParts(iterator: AsyncIterator<Uint8Array>, bytes: number) {
  const parts: Uint8Array[] = [];
  for (let count = 0; count < bytes; ) {
    const next = await iterator.next();
    if (next.done) return { parts, ended: true };
    parts.push(Uint8Array.from(next.value));
    count += next.value.length;
  }
  return { parts, ended: false };
}

async function* chained(held: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* held;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The format of a content that begins so, if it is one that `engine` wants opened. */
const containerOf = (engine: Engine, head: Uint8Array): Format | undefined =>
  (engine.archiveDepth ?? 0) > 0 ? formatOf(head) : undefined;

/** What a compressed file holds has no name of its own. */
const nameOf = ({ path }: { readonly path: string }): string => (path === "" ? "contents" : path);

const keyOf = ({ rule, secret }: Match): string => `${rule.id} ${Buffer.from(secret.reveal()).toString("latin1")}`;

/** A file's bytes in parts, until the signal aborts. */
export const fileParts = (file: string | Buffer, signal?: AbortSignal): AsyncIterable<Uint8Array> =>
  createReadStream(file, { highWaterMark: 1 << 20, ...(signal && { signal }) });

/** `ENOENT` and the like: why a file cannot be read, without its path. Throws `error` again where it says no such. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}

/** A window keeps half its overlap clear of what is fresh: a match and what touches it, on either side. */
function overlapFor({ rulepack }: Engine): number {
  const reach = Math.max(0, ...rulepack.rules.map(({ pattern: { reach } }) => reach.before + reach.after));
  return Math.min(mostOverlap, 4 * (reach + 1));
}
