/**
 * When each mark came and went, by whole trees: moving a secret to another file is neither.
 *
 * *Introduced* is the first commit in the order of history whose tree holds the mark while no parent's does.
 * *Removed* is the last commit whose tree does not hold it while a parent's does. A merge only counts as the remover
 * when it dropped the mark itself: if the side it followed had lost it before, that earlier commit is the remover.
 * Commits that a ref reaches speak before those that none does, so an amended draft never hides the real thing; of a
 * range only its own commits speak.
 */
import type { Mark } from "../../terms.ts";
import type { MarkSet, MarkSets } from "./mark-sets.ts";

/** Commit numbers. */
export interface Lifespan {
  introduced?: number;
  removed?: number;
}

/** What a commit's tree holds, and its parents. Commits are told in topological order. */
export interface HeldAt {
  readonly commit: number;
  readonly held: MarkSet;
  readonly parents: readonly number[];
  /** Whether a ref reaches it. */
  readonly reached: boolean;
  /** Whether it may be called the one that brought or took something. */
  readonly speaks: boolean;
}

export class Lifespans {
  readonly spans = new Map<Mark, Lifespan>();
  readonly #sets: MarkSets;
  readonly #held: MarkSet[] = [];
  /** All that a commit or its ancestors ever held. */
  readonly #ever: MarkSet[] = [];
  readonly #unreached = new Set<number>();

  constructor(sets: MarkSets) {
    this.#sets = sets;
  }

  /** What a commit's tree holds, once it has been told. */
  held(commit: number): MarkSet {
    return this.#held[commit] ?? 0;
  }

  tell({ commit, held, parents, reached, speaks }: HeldAt): void {
    const sets = this.#sets;
    this.#held[commit] = held;
    this.#ever[commit] = parents.reduce((all, parent) => sets.union(all, this.#ever[parent] ?? 0), held);
    if (!reached) this.#unreached.add(commit);
    if (!speaks) return;
    const before = parents.reduce((all, parent) => sets.union(all, this.held(parent)), 0);
    if (before === held) return;
    for (const mark of sets.minus(held, before)) {
      const { introduced } = this.#span(mark);
      const isFirst = introduced === undefined || (this.#unreached.has(introduced) && reached);
      if (isFirst) this.#span(mark).introduced = commit;
    }
    for (const mark of sets.minus(before, held)) {
      if (!this.#took(mark, parents)) continue;
      const { removed } = this.#span(mark);
      const isLast = removed === undefined || this.#unreached.has(removed) || reached;
      if (isLast) this.#span(mark).removed = commit;
    }
  }

  /** Whether a commit that lacks a mark took it away itself: no parent had lost it before. */
  #took(mark: Mark, parents: readonly number[]): boolean {
    const sets = this.#sets;
    return parents.every((parent) => sets.has(this.held(parent), mark) || !sets.has(this.#ever[parent] ?? 0, mark));
  }

  #span(mark: Mark): Lifespan {
    const span = this.spans.get(mark) ?? {};
    this.spans.set(mark, span);
    return span;
  }
}
