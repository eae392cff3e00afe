/**
 * The order of history and who reaches whom. One order serves every question: parents before children, among those
 * free to come the earlier committer date, then the smaller id, so that two runs and two clones agree.
 */
import type { HistoryRecord } from "./record.ts";

/**
 * Commit numbers, parents before children. Forged ids can make commits each other's ancestors: such a circle is broken
 * open at one of them.
 */
export function topological(record: HistoryRecord): Int32Array {
  const count = record.commits.length;
  const { starts } = record.ancestry;
  const waiting = new Int32Array(count);
  for (let commit = 0; commit < count; commit++) waiting[commit] = (starts[commit + 1] ?? 0) - (starts[commit] ?? 0);
  const children = childrenOf(record);
  const { table } = record.inventory;
  const isBefore = (a: number, b: number): boolean => {
    const difference = record.time(a) - record.time(b);
    return difference < 0 || (difference === 0 && table.compare(record.commits.at(a), record.commits.at(b)) < 0);
  };
  const free = new Heap(isBefore);
  for (let commit = 0; commit < count; commit++) if (waiting[commit] === 0) free.push(commit);
  const order = new Int32Array(count);
  let stuck = 0;
  for (let place = 0; place < count; place++) {
    while (free.isEmpty && (waiting[stuck] ?? 0) <= 0) stuck++;
    const commit = free.isEmpty ? stuck : free.pop();
    waiting[commit] = 0;
    order[place] = commit;
    for (let at = children.starts[commit] ?? 0; at < (children.starts[commit + 1] ?? 0); at++) {
      const child = children.children[at] ?? 0;
      waiting[child] = (waiting[child] ?? 0) - 1;
      if (waiting[child] === 0) free.push(child);
    }
  }
  return order;
}

/** Children by commit number, laid out as parents are; a child stands there as often as it names the parent. */
function childrenOf({ ancestry: { starts, parents } }: HistoryRecord): { starts: Int32Array; children: Int32Array } {
  const ends = new Int32Array(starts.length);
  for (const parent of parents) ends[parent + 1] = (ends[parent + 1] ?? 0) + 1;
  for (let commit = 1; commit < ends.length; commit++) ends[commit] = (ends[commit] ?? 0) + (ends[commit - 1] ?? 0);
  const next = ends.slice();
  const children = new Int32Array(parents.length);
  for (let commit = 0; commit + 1 < starts.length; commit++) {
    for (let at = starts[commit] ?? 0; at < (starts[commit + 1] ?? 0); at++) {
      const parent = parents[at] ?? 0;
      const slot = next[parent] ?? 0;
      children[slot] = commit;
      next[parent] = slot + 1;
    }
  }
  return { starts: ends, children };
}

/** Marks, with 1, every commit that one of `tips` reaches. `order` is topological. */
export function reachable(record: HistoryRecord, order: Int32Array, tips: Iterable<number>): Uint8Array {
  const { starts, parents } = record.ancestry;
  const reached = new Uint8Array(record.commits.length);
  for (const tip of tips) if (tip >= 0) reached[tip] = 1;
  for (let place = order.length - 1; place >= 0; place--) {
    const commit = order[place] ?? 0;
    if (reached[commit] !== 1) continue;
    for (let at = starts[commit] ?? 0; at < (starts[commit + 1] ?? 0); at++) reached[parents[at] ?? 0] = 1;
  }
  return reached;
}

/**
 * For each of `wanted`, the tips that reach it. Thirty-one commits at a time ride through history as bits of one
 * number, so the cost is one pass over all commits for each thirty-one.
 */
export function reachedFrom(
  record: HistoryRecord,
  order: Int32Array,
  { wanted, tips }: { wanted: readonly number[]; tips: readonly { name: string; commit: number }[] },
): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (let start = 0; start < wanted.length; start += 31) {
    const some = wanted.slice(start, start + 31);
    const bits = new Int32Array(record.commits.length);
    some.forEach((commit, bit) => {
      bits[commit] = (bits[commit] ?? 0) | (1 << bit);
    });
    for (const commit of order) {
      for (const parent of record.parents(commit)) bits[commit] = (bits[commit] ?? 0) | (bits[parent] ?? 0);
    }
    some.forEach((commit, bit) => {
      names.set(
        commit,
        tips.filter((tip) => ((bits[tip.commit] ?? 0) >> bit) & 1).map(({ name }) => name),
      );
    });
  }
  return names;
}

/** A binary heap of numbers, first the one that is before all others. */
class Heap {
  readonly #values: number[] = [];
  readonly #isBefore: (a: number, b: number) => boolean;

  constructor(isBefore: (a: number, b: number) => boolean) {
    this.#isBefore = isBefore;
  }

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  push(value: number): void {
    const values = this.#values;
    let at = values.push(value) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#before(at, up)) break;
      this.#swap(at, up);
      at = up;
    }
  }

  /** The least value. Must not be called on an empty heap. */
  pop(): number {
    const values = this.#values;
    const least = values[0] ?? -1;
    const last = values.pop() ?? -1;
    if (values.length > 0) {
      values[0] = last;
      this.#sink();
    }
    return least;
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let least = at;
      for (const down of [2 * at + 1, 2 * at + 2])
        if (down < this.#values.length && this.#before(down, least)) least = down;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    return this.#isBefore(this.#values[a] ?? 0, this.#values[b] ?? 0);
  }

  #swap(a: number, b: number): void {
    const values = this.#values;
    const value = values[a] ?? 0;
    values[a] = values[b] ?? 0;
    values[b] = value;
  }
}
