/**
 * An object store that reads small loose objects by itself. What a push adds was mostly committed a moment ago and lies
 * in files of its own: to read a handful of these takes less time than to start git.
 */
import { join } from "node:path";
import { type CatFileOptions, catFileStore } from "./cat-file.ts";
import type { Git } from "./git.ts";
import type { Answer, ObjectStore, StoredObject } from "./object-store.ts";
import { readLoose, readLooseHeader } from "./pack/loose.ts";
import { ownFolder } from "./pack/object-folders.ts";

/** Bytes; a larger object is left to the other store, which need not hold it whole. */
const mostSize = 1 << 20;

/** Objects, and about as many bytes, that make a batch full. */
const batchAnswers = 1024;
const batchBytes = 4 << 20;

/**
 * `rest`, but what lies loose in `folder` (absolute, the `objects` of a repository or of a push under way) is read from
 * there. Whatever is elsewhere, large or broken is asked of `rest`, and answered last.
 */
export function looseFirst(rest: ObjectStore, folder: string): ObjectStore {
  return {
    inventory: (signal) => rest.inventory(signal),
    async *read(oids, signal) {
      const left: string[] = [];
      let batch: Answer[] = [];
      let bytes = 0;
      for (const oid of oids) {
        const object = looseObject(folder, oid);
        if (object === undefined) {
          left.push(oid);
          continue;
        }
        batch.push(object);
        bytes += object.size;
        if (batch.length < batchAnswers && bytes < batchBytes) continue;
        signal.throwIfAborted();
        yield batch;
        batch = [];
        bytes = 0;
      }
      if (batch.length > 0) yield batch;
      if (left.length > 0) yield* rest.read(left, signal);
    },
  };
}

/** The store of the repository that `git` is bound to, for a few objects: a git is started for those that are not loose. */
export async function nearStore(git: Git, options: CatFileOptions): Promise<ObjectStore> {
  const store = catFileStore(git, options);
  return git.place ? looseFirst(store, await ownFolder(git.place)) : store;
}

/** The object of this id that lies loose in `folder`; none where there is no such file, or it is large or broken. */
export function looseObject(folder: string, oid: string): StoredObject | undefined {
  const file = join(folder, oid.slice(0, 2), oid.slice(2));
  try {
    const header = readLooseHeader(file);
    const { type, size } = header;
    return size > mostSize ? undefined : { kind: "whole", oid, type, size, bytes: readLoose(file, header) };
  } catch {
    return undefined; // Git looks into the packs, too, and says what is wrong.
  }
}
