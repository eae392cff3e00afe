import type { HistoryRecord } from "./record.ts";

/** A path, and the object index of the tree it starts from: the topmost that leads there. */
export interface Climbed {
  readonly path: string;
  readonly root: number;
}

/** Folders above one another that are told of. Forged ids can put a tree into itself, which would never end. */
const highest = 4096;

/** A function that finds one path to an entry of a tree. Building it costs a pass over all folders of the record. */
export function climber(record: HistoryRecord): (tree: number, name: string) => Climbed {
  const { count } = record.inventory;
  const aboves = new Int32Array(count).fill(-1);
  const names = new Int32Array(count);
  for (const tree of record.inventory.of("tree")) {
    record.folders(tree, (child, name) => {
      aboves[child] = tree;
      names[child] = name;
    });
  }
  return (tree, name) => {
    let path = name;
    let root = tree;
    for (
      let above = aboves[root] ?? -1, level = 0;
      above >= 0 && level < highest;
      above = aboves[root] ?? -1, level++
    ) {
      path = `${record.names[names[root] ?? 0] ?? ""}/${path}`;
      root = above;
    }
    return { path: Buffer.from(path, "latin1").toString("utf8"), root };
  };
}

/** One path for each of `blobs` that lies in a tree of the record; only targets were kept there. */
export function pathsOf(record: HistoryRecord, blobs: ReadonlySet<number>): ReadonlyMap<number, Climbed> {
  const paths = new Map<number, Climbed>();
  if (blobs.size === 0) return paths;
  const climb = climber(record);
  for (const tree of record.targets.trees) {
    for (const { kind, object, name } of record.targets.of(tree)) {
      if (kind !== "content" || !blobs.has(object) || paths.has(object)) continue;
      paths.set(object, climb(tree, record.names[name] ?? ""));
    }
  }
  return paths;
}
