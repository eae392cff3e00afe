import type { NamedFiles } from "../bytes/named-files.ts";
import { pathsOf } from "../git/history/climb.ts";
import type { HistoryRecord } from "../git/history/record.ts";
import type { TextPlace } from "../git/history/texts.ts";
import type { Answer, Inventory } from "../git/object-store.ts";
import type { Batch, Skip } from "../terms.ts";
import type { Barren } from "./barren.ts";

/** What a history source learns while its batches are searched. */
export interface Gathered {
  /** Whose Git LFS objects pointers stand for. */
  readonly repository: { readonly commonDir: string };
  readonly inventory: Inventory;
  readonly record: HistoryRecord;
  /** 1 for each object that is to be searched, by index; absent: all are. */
  readonly chosen: Uint8Array | undefined;
  /** Bytes; larger blobs are skipped by policy. */
  readonly maxFileSize: number;
  /** Object indices of blobs in which something was matched. */
  readonly matched: Set<number>;
  /** Blobs that were not read, and why; where they lie is found when trees have been read. */
  readonly unread: Map<number, Pick<Skip, "by" | "reason">>;
  /** Objects that an earlier scan searched, and those that this one did: there is nothing in them. */
  readonly barren?: Barren;
  /** Files that are followed for their paths; absent: none are. */
  readonly named?: NamedFiles;
  /** Stops the reading of Git LFS objects, too. */
  readonly signal?: AbortSignal;
  /** Texts in which something was matched. */
  readonly texts: TextPlace[];
}

/** A batch before the source adds how far it is. */
export type Lot = Omit<Batch, "progress">;

/** Makes a lot of what the object store answered. */
export type MakeLot = (answers: readonly Answer[], gathered: Gathered) => Lot;

/** Object indices of the blobs whose history is told: something was matched in them, or their names may tell. */
export const followedBlobs = ({ matched, record }: Pick<Gathered, "matched" | "record">): ReadonlySet<number> =>
  record.named.size === 0 ? matched : new Set([...matched, ...record.named]);

/** A skip, with its path, for each blob that was not read. Call when the trees have been. */
export function unreadSkips({ record, unread, inventory }: Gathered): Skip[] {
  const paths = pathsOf(record, new Set(unread.keys()));
  return [...unread].map(([object, { by, reason }]) => {
    const path = paths.get(object)?.path;
    return { ...(path !== undefined && { path }), blob: inventory.table.hex(object), by, reason };
  });
}
