/** How a source shows contents to an engine: whole, or in windows where one is too large to hold. */
import { createReadStream } from "node:fs";
import { windows } from "../bytes/windows.ts";
import type { ContentId, Engine, Match, Piece, Sighting } from "../terms.ts";

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
export async function* searchParts(
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
