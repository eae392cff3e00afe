/**
 * Sets of marks as numbers: equal sets are equal numbers. A set is a binary tree over the marks, thirty-two to a leaf,
 * and equal subtrees are one node, so that the sets of neighbouring commits share all but the path to what changed.
 * That keeps ten thousand commits with ten thousand secrets in some megabytes.
 */
import type { Mark } from "../../terms.ts";

/** A set of marks. */
export type MarkSet = number;

export const noMarks: MarkSet = 0;

/** Levels above the leaves: room for 2^25 marks. */
const height = 20;

export class MarkSets {
  /** By level; level 0 are leaves, masks of 32 marks. Node 0 is the empty one on every level. */
  readonly #levels = Array.from({ length: height + 1 }, () => new Level());

  of(marks: Iterable<Mark>): MarkSet {
    const sorted = [...new Set(marks)].sort((a, b) => a - b);
    return this.#build(sorted, { from: 0, to: sorted.length, level: height });
  }

  /** The marks of a set, rising. */
  *marks(set: MarkSet): Iterable<Mark> {
    yield* this.minus(set, noMarks);
  }

  has(set: MarkSet, mark: Mark): boolean {
    let node = set;
    for (let level = height; level > 0; level--) {
      const { left, right } = this.#level(level).pair(node);
      node = bitOf(mark, level) === 0 ? left : right;
    }
    return ((this.#level(0).pair(node).left >>> (mark & 31)) & 1) === 1;
  }

  union(a: MarkSet, b: MarkSet): MarkSet {
    return this.#union(a, b, height);
  }

  /** The marks of `a` that `b` has not, rising. What the two share costs nothing. */
  minus(a: MarkSet, b: MarkSet): Iterable<Mark> {
    return this.#minus(a, b, { level: height, base: 0 });
  }

  #union(a: MarkSet, b: MarkSet, level: number): MarkSet {
    if (a === b || b === noMarks) return a;
    if (a === noMarks) return b;
    const nodes = this.#level(level);
    const [one, other] = [nodes.pair(a), nodes.pair(b)];
    if (level === 0) return nodes.node(one.left | other.left, 0);
    return nodes.node(this.#union(one.left, other.left, level - 1), this.#union(one.right, other.right, level - 1));
  }

  *#minus(a: MarkSet, b: MarkSet, { level, base }: { level: number; base: Mark }): Iterable<Mark> {
    if (a === b || a === noMarks) return;
    const [one, other] = [this.#level(level).pair(a), this.#level(level).pair(b)];
    if (level === 0) {
      for (let bits = one.left & ~other.left; bits !== 0; bits &= bits - 1) yield base + 31 - Math.clz32(bits & -bits);
      return;
    }
    const below = level - 1;
    yield* this.#minus(one.left, other.left, { level: below, base });
    yield* this.#minus(one.right, other.right, { level: below, base: base + 32 * 2 ** below });
  }

  #build(sorted: readonly Mark[], { from, to, level }: { from: number; to: number; level: number }): MarkSet {
    if (from === to) return noMarks;
    if (level === 0) {
      let mask = 0;
      for (let at = from; at < to; at++) mask |= 1 << ((sorted[at] ?? 0) & 31);
      return this.#level(0).node(mask, 0);
    }
    let middle = from;
    while (middle < to && bitOf(sorted[middle] ?? 0, level) === 0) middle++;
    const left = this.#build(sorted, { from, to: middle, level: level - 1 });
    return this.#level(level).node(left, this.#build(sorted, { from: middle, to, level: level - 1 }));
  }

  #level(level: number): Level {
    return this.#levels[level] ?? new Level();
  }
}

/** Which half of a node of this level the mark lies in. */
const bitOf = (mark: Mark, level: number): 0 | 1 => (((mark >>> (level + 4)) & 1) === 0 ? 0 : 1);

/** The nodes of one level, each kept once. */
class Level {
  readonly #numbers = new Map<number, number>();
  readonly #pairs: { readonly left: number; readonly right: number }[] = [{ left: 0, right: 0 }];

  node(left: number, right: number): number {
    if (left === 0 && right === 0) return 0;
    // Both are below 2^26 or, in a leaf, one is a mask of 32 bits: together they fit a double exactly.
    const key = right * 2 ** 32 + (left >>> 0);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#pairs.push({ left, right }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  pair(node: number): { readonly left: number; readonly right: number } {
    return this.#pairs[node] ?? { left: 0, right: 0 };
  }
}
