/** Batches of blobs, and the large files that LFS pointers among them stand for. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Answer } from "../git/object-store.ts";
import type { Engine, Sighting } from "../terms.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { searchParts, searchWhole } from "./search.ts";

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
        for await (const sighting of searchBlob(engine, answer, gathered)) {
          gathered.matched.add(object);
          yield sighting;
        }
      }
    },
  };
}

async function* searchBlob(engine: Engine, answer: Answer, gathered: Gathered): AsyncIterable<Sighting> {
  const { oid } = answer;
  const { maxFileSize, unread, inventory } = gathered;
  const object = inventory.table.indexOf(oid);
  if (answer.kind === "unreadable") {
    unread.set(object, { by: "fault", reason: answer.reason });
  } else if (answer.size > maxFileSize) {
    unread.set(object, { by: "policy", reason: `larger than ${maxFileSize} bytes` });
  } else if (answer.kind === "large") {
    yield* searchParts(engine, oid, answer.parts);
  } else {
    yield* searchWhole(engine, oid, answer.bytes);
    const pointer = answer.size < longestPointer ? readPointer(answer.bytes) : undefined;
    if (pointer) yield* searchLarge(engine, oid, { pointer, gathered, object });
  }
}

/** A pointer is a few short lines; git-lfs refuses longer ones. */
const longestPointer = 1024;

/** The SHA-256 that a Git LFS pointer names. Format: git-lfs docs/spec.md. */
function readPointer(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.startsWith("version https://git-lfs.github.com/spec/")) return undefined;
  return /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
}

async function* searchLarge(
  engine: Engine,
  oid: string,
  { pointer, gathered, object }: { pointer: string; gathered: Gathered; object: number },
): AsyncIterable<Sighting> {
  const folder = join(gathered.repository.commonDir, "lfs", "objects", pointer.slice(0, 2), pointer.slice(2, 4));
  const file = join(folder, pointer);
  const size = await stat(file).then(
    (info) => info.size,
    () => undefined,
  );
  if (size === undefined) {
    gathered.unread.set(object, { by: "fault", reason: "its Git LFS object is not in .git/lfs" });
  } else if (size > gathered.maxFileSize) {
    gathered.unread.set(object, { by: "policy", reason: `larger than ${gathered.maxFileSize} bytes` });
  } else {
    for await (const { matches } of searchParts(engine, oid, createReadStream(file, { highWaterMark: 1 << 20 }))) {
      yield { content: oid, matches: matches.map((match) => ({ ...match, member: "lfs" })) };
    }
  }
}
