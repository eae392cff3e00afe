/** Follows files below folders whose names may tell: which files those are is known when all trees have been read. */
import type { NamedFiles } from "../bytes/named-files.ts";
import type { HistoryRecord } from "../git/history/record.ts";
import type { ObjectStore } from "../git/object-store.ts";
import type { Batch } from "../terms.ts";
import type { Gathered } from "./gathered.ts";
import { idsOf } from "./ids.ts";

/** How trees are read once more. */
export interface Following {
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  /** Object indices of trees that need no further look; those that are read here are added. */
  readonly followed: Set<number>;
}

/** Reads those trees once more. None where no name tells, as nearly always. */
export async function* followBelow(
  { record, inventory, named, chosen }: Pick<Gathered, "record" | "inventory" | "named" | "chosen">,
  { store, signal, followed }: Following,
): AsyncIterable<Batch> {
  if (named === undefined) return;
  const trees = [...treesBelow(record, named)].filter((tree) => !followed.has(tree));
  // Of a tree that a range did not choose the names are not yet known: it is looked at again when they are.
  for (const tree of trees) if (chosen === undefined || chosen[tree] === 1) followed.add(tree);
  for await (const answers of store.read(idsOf(inventory, trees), signal)) {
    for (const answer of answers) {
      if (answer.kind === "whole") record.followFiles(inventory.table.indexOf(answer.oid), answer.bytes);
    }
    yield { tally: {}, skips: [], progress: 1, search: () => [] };
  }
}

/** Object indices of all trees at or below a folder with such a name. */
function treesBelow(record: HistoryRecord, { folderMay }: NamedFiles): ReadonlySet<number> {
  const tells = record.names.map(folderMay);
  const found = new Set<number>();
  if (!tells.includes(true)) return found;
  for (const tree of record.inventory.of("tree")) {
    record.folders(tree, (child, name) => {
      if (tells[name]) found.add(child);
    });
  }
  // What is added on the way is walked, too.
  for (const tree of found) record.folders(tree, (child) => found.add(child));
  return found;
}
