/** Where history is entered, and the walk that every question about it starts from. */
import { reachable, topological } from "./order.ts";
import type { HistoryRecord } from "./record.ts";

/** Something that keeps objects reachable. */
export interface Tip {
  /** `refs/heads/main`, `HEAD`, `stash@{1}`. */
  readonly name: string;
  /** Object index of what it points to: a commit or tag, rarely a tree or blob. */
  readonly object: number;
  /** A reflog entry or pseudo-ref (`log`) keeps objects alive but shows them to nobody. */
  readonly kind: "ref" | "log";
}

/** History put in order. */
export interface Walked {
  readonly record: HistoryRecord;
  /** Commit numbers, parents before children. */
  readonly order: Int32Array;
  /** Place of each commit in `order`. */
  readonly place: Int32Array;
  /** 1 for each commit that a ref reaches. */
  readonly reached: Uint8Array;
  /** The tips with the commit that each leads to, -1 where it leads to none. */
  readonly tips: readonly (Tip & { readonly commit: number })[];
}

export function walk(record: HistoryRecord, tips: readonly Tip[]): Walked {
  const order = topological(record);
  const place = new Int32Array(order.length);
  order.forEach((commit, at) => {
    place[commit] = at;
  });
  const placed = tips.map((tip) => ({ ...tip, commit: commitOf(record, tip.object) }));
  const shown = placed.filter(({ kind }) => kind === "ref").map(({ commit }) => commit);
  return { record, order, place, reached: reachable(record, order, shown), tips: placed };
}

/** Every object from `object` through the annotated tags it leads to; itself alone when it is no tag. */
export function* peel(record: HistoryRecord, object: number): Iterable<number> {
  for (let next: number | undefined = object; next !== undefined; next = record.tags.get(next)) yield next;
}

/** Number of the commit that an object leads to through annotated tags, or -1. */
export function commitOf(record: HistoryRecord, object: number): number {
  let last = -1;
  for (const next of peel(record, object)) last = next;
  return last < 0 ? -1 : record.number(last);
}
