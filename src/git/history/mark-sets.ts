import type { Mark } from "../../terms.ts";

/** A set of marks, as a number; equal sets have equal numbers. */
export type MarkSet = number;

export const noMarks: MarkSet = 0;

/** Sets of marks, each kept once, so that most comparisons in a history are of two integers. */
export class MarkSets {
  readonly #numbers = new Map<string, MarkSet>([["", noMarks]]);
  readonly #sets: ReadonlySet<Mark>[] = [new Set()];
  readonly #unions = new Map<string, MarkSet>();

  of(marks: Iterable<Mark>): MarkSet {
    const sorted = [...new Set(marks)].sort((a, b) => a - b);
    const key = sorted.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#sets.length);
    return this.#sets.push(new Set(sorted)) - 1;
  }

  marks(set: MarkSet): ReadonlySet<Mark> {
    return this.#sets[set] ?? new Set();
  }

  has(set: MarkSet, mark: Mark): boolean {
    return this.marks(set).has(mark);
  }

  union(a: MarkSet, b: MarkSet): MarkSet {
    if (a === b || b === noMarks) return a;
    if (a === noMarks) return b;
    const key = `${a} ${b}`;
    const known = this.#unions.get(key);
    if (known !== undefined) return known;
    const both = this.of([...this.marks(a), ...this.marks(b)]);
    this.#unions.set(key, both);
    return both;
  }
}
