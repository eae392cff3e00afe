import type { HistoryRecord } from "./record.ts";

/** A path, and the object index of the tree it starts from: the topmost that leads there. */
export interface Climbed {
  readonly path: string;
  readonly root: number;
}

/** A function that finds one path to an entry of a tree. Building it costs a pass over all folders of the record. */
export function climber(record: HistoryRecord): (tree: number, name: string) => Climbed {
  const above = new Map<number, { tree: number; name: number }>();
  for (const tree of record.inventory.of("tree")) {
    record.folders(tree, (child, name) => {
      above.set(child, { tree, name });
    });
  }
  return (tree, name) => {
    let path = name;
    let root = tree;
    for (let up = above.get(root); up; up = above.get(root)) {
      path = `${record.names[up.name] ?? ""}/${path}`;
      root = up.tree;
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
