/**
 * When each mark came and went, by whole trees: moving a secret to another file is neither.
 *
 * *Introduced* is the first commit in the order of history whose tree holds the mark while no parent's does.
 * *Removed* is the last commit whose tree does not hold it while a parent's does. A merge only counts as the remover
 * when it dropped the mark itself: if the side it followed had lost it before, that earlier commit is the remover.
 * Commits that a ref reaches speak before those that none does, so an amended draft never hides the real thing.
 */
import type { Mark } from "../../terms.ts";
import type { Holding } from "./holding.ts";
import type { MarkSet, MarkSets } from "./mark-sets.ts";
import type { HistoryRecord } from "./record.ts";

/** Commit numbers. */
export interface Lifespan {
  introduced?: number;
  removed?: number;
}

export function lifespans(
  record: HistoryRecord,
  holdings: readonly Holding[],
  { order, reached, sets }: { order: Int32Array; reached: Uint8Array; sets: MarkSets },
): ReadonlyMap<Mark, Lifespan> {
  const spans = new Map<Mark, Lifespan>();
  const ever: MarkSet[] = [];
  const span = (mark: Mark): Lifespan => {
    const known = spans.get(mark) ?? {};
    spans.set(mark, known);
    return known;
  };
  const unreached = (commit: number): boolean => reached[commit] !== 1;
  const held = (commit: number): MarkSet => holdings[commit]?.marks ?? 0;

  for (const commit of order) {
    const parents = record.parents(commit);
    const now = held(commit);
    ever[commit] = parents.reduce((all, parent) => sets.union(all, ever[parent] ?? 0), now);
    if (parents.every((parent) => held(parent) === now) && parents.length > 0) continue;
    for (const mark of sets.marks(now)) {
      if (parents.some((parent) => sets.has(held(parent), mark))) continue;
      const { introduced } = span(mark);
      if (introduced === undefined || (unreached(introduced) && !unreached(commit))) span(mark).introduced = commit;
    }
    for (const mark of lost(parents, now)) {
      const { removed } = span(mark);
      if (removed === undefined || unreached(removed) || !unreached(commit)) span(mark).removed = commit;
    }
  }
  return spans;

  /** Marks that this commit itself took away. */
  function lost(parents: readonly number[], now: MarkSet): Mark[] {
    const before = parents.reduce((all, parent) => sets.union(all, held(parent)), 0);
    return [...sets.marks(before)].filter((mark) => {
      if (sets.has(now, mark)) return false;
      return parents.every((parent) => sets.has(held(parent), mark) || !sets.has(ever[parent] ?? 0, mark));
    });
  }
}
