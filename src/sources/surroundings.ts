/**
 * What a range of commits stands in. To say that a range brought a secret in, one must know that the commits before
 * it did not have it; to say that it is present, what the branches show. So the same paths are read there, and only
 * those: a tree is followed where it leads to one of them.
 */
import { visitTree } from "../git/history/objects.ts";
import type { ObjectStore } from "../git/object-store.ts";

export interface Surroundings {
  /** Object ids of the blobs at the paths. */
  readonly blobs: ReadonlySet<string>;
  /** Raw trees on the way to them, by object id. */
  readonly trees: ReadonlyMap<string, Uint8Array>;
}

/** Reads, level by level, what the given root trees have at `paths` (latin1, as trees write them). */
export async function readSurroundings(
  store: ObjectStore,
  roots: Iterable<string>,
  { paths, idBytes, signal }: { paths: ReadonlySet<string>; idBytes: number; signal: AbortSignal },
): Promise<Surroundings> {
  const folders = foldersOf(paths);
  const blobs = new Set<string>();
  const trees = new Map<string, Uint8Array>();
  let level = new Map<string, Set<string>>();
  for (const root of roots) level.set(root, new Set([""]));
  while (level.size > 0) {
    const below = new Map<string, Set<string>>();
    for await (const answers of store.read(level.keys(), signal)) {
      for (const answer of answers) {
        if (answer.kind !== "whole" || answer.type !== "tree") continue;
        const bytes = Uint8Array.from(answer.bytes);
        trees.set(answer.oid, bytes);
        for (const folder of level.get(answer.oid) ?? []) {
          visitTree(bytes, idBytes, (kind, nameStart, nameEnd, idStart) => {
            const path = folder + Buffer.from(bytes.subarray(nameStart, nameEnd)).toString("latin1");
            const id = Buffer.from(bytes.subarray(idStart, idStart + idBytes)).toString("hex");
            if (kind === "blob" && paths.has(path)) blobs.add(id);
            else if (kind === "tree" && folders.has(path)) below.set(id, (below.get(id) ?? new Set()).add(`${path}/`));
          });
        }
      }
    }
    level = below;
  }
  return { blobs, trees };
}

/** Every folder on the way to one of `paths`. */
function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      folders.add(path.slice(0, slash));
    }
  }
  return folders;
}
