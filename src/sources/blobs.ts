/** Batches of blobs, and the large files that LFS pointers among them stand for. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Answer, LargeObject, StoredObject } from "../git/object-store.ts";
import type { Engine, Match, Sighting, Skip } from "../terms.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { codeOf, fileParts, type OnUnread, searchContent, searchStream } from "./search.ts";

/** A lot of blobs. What can't be read is noted in `gathered.unread`, not in the lot's skips: its path comes later. */
export function blobLot(answers: readonly Answer[], gathered: Gathered): Lot {
  const read = answers.filter((answer) => answer.kind !== "unreadable");
  const bytes = read.reduce((sum, { size }) => sum + size, 0);
  return {
    tally: { blobs: read.length, bytes },
    skips: [],
    async *search(engine) {
      for (const answer of answers) {
        const object = gathered.inventory.table.indexOf(answer.oid);
        const unread: AnswerOptions["unread"] = (why) => gathered.unread.set(object, why);
        for await (const sighting of searchAnswer(engine, answer, { ...gathered, unread })) {
          gathered.matched.add(object);
          yield sighting;
        }
        if (isBarren(answer, object, gathered)) gathered.barren?.note(object, answer.size);
      }
    },
  };
}

/** Whether there is nothing in it, for all time: of a file that a pointer stands for nobody can say that. */
function isBarren(answer: Answer, object: number, { matched, unread }: Gathered): answer is StoredObject | LargeObject {
  if (answer.kind === "unreadable" || matched.has(object) || unread.has(object)) return false;
  return answer.kind === "large" || !isPointer(answer.bytes);
}

/** What reading one blob needs. */
export interface AnswerOptions {
  /** Whose Git LFS objects pointers stand for. */
  readonly repository: { readonly commonDir: string };
  /** Bytes; larger blobs and Git LFS objects are skipped by policy. */
  readonly maxFileSize: number;
  /** Is told why a blob, or the file that it stands for, is not read. */
  readonly unread: (why: Pick<Skip, "by" | "reason">) => void;
  readonly signal?: AbortSignal;
}

/** What `engine` recognises in a blob and in the Git LFS object that it points to, all under the blob's id. */
export async function* searchAnswer(engine: Engine, answer: Answer, options: AnswerOptions): AsyncIterable<Sighting> {
  const { oid } = answer;
  const { maxFileSize, unread } = options;
  if (answer.kind === "unreadable") {
    unread({ by: "fault", reason: answer.reason });
  } else if (answer.size > maxFileSize) {
    unread({ by: "policy", reason: `larger than ${maxFileSize} bytes` });
  } else if (answer.kind === "large") {
    yield* opening((onUnread) => searchStream(engine, oid, { parts: answer.parts, onUnread }), unread);
  } else {
    const { bytes } = answer;
    const pointer = readPointer(bytes);
    yield* opening((onUnread) => searchContent(engine, oid, { bytes, onUnread }), unread);
    if (pointer) yield* searchLarge(engine, oid, { ...options, pointer });
  }
}

/** A search that tells of all members it could not read at once: a blob is one skip, however much of it is unread. */
export async function* opening(
  search: (onUnread: OnUnread) => AsyncIterable<Sighting>,
  unread: AnswerOptions["unread"],
): AsyncIterable<Sighting> {
  const problems: string[] = [];
  yield* search((member, reason) => void problems.push(member === "" ? reason : `${member} in it ${reason}`));
  const [first, ...more] = problems;
  if (first === undefined) return;
  const reason = more.length === 0 ? first : `${first} (and ${more.length} more of its members cannot be read)`;
  unread({ by: "fault", reason });
}

const inLfs = ({ member }: Match): string => (member === undefined ? "lfs" : `lfs!${member}`);

/** A pointer is a few short lines; git-lfs refuses longer ones. */
const longestPointer = 1024;

/** Whether it stands for a Git LFS object. */
export const isPointer = (bytes: Uint8Array): boolean => readPointer(bytes) !== undefined;

/** The SHA-256 that a Git LFS pointer names. Format: git-lfs docs/spec.md. */
function readPointer(bytes: Uint8Array): string | undefined {
  if (bytes.length >= longestPointer) return undefined;
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.startsWith("version https://git-lfs.github.com/spec/")) return undefined;
  return /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
}

async function* searchLarge(
  engine: Engine,
  oid: string,
  { pointer, repository, maxFileSize, unread, signal }: AnswerOptions & { pointer: string },
): AsyncIterable<Sighting> {
  const folder = join(repository.commonDir, "lfs", "objects", pointer.slice(0, 2), pointer.slice(2, 4));
  const file = join(folder, pointer);
  try {
    const info = await lstat(file);
    if (!info.isFile()) {
      // A pipe would never end, and a link could lead anywhere.
      unread({ by: "fault", reason: "its Git LFS object is not a regular file" });
    } else if (info.size > maxFileSize) {
      unread({ by: "policy", reason: `larger than ${maxFileSize} bytes` });
    } else {
      const parts = fileParts(file, signal);
      for await (const { matches } of opening((onUnread) => searchStream(engine, oid, { parts, onUnread }), unread)) {
        yield { content: oid, matches: matches.map((match) => ({ ...match, member: inLfs(match) })) };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    const code = codeOf(error);
    const state = code === "ENOENT" ? "is not in .git/lfs" : `cannot be read: ${code}`;
    unread({ by: "fault", reason: `its Git LFS object ${state}` });
  }
}
