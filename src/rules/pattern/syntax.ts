/**
 * What a pattern is made of, once its text has been read. Flags are gone: `(?i)` is in the byte sets, `(?m)` in the
 * kind of an assertion, `(?s)` in what `.` stands for. Groups without a name leave no trace, since nobody can ask
 * for them. Every analysis (keywords, reach, gate, the proof of linear time) is a walk over these six nodes.
 */
import type { Span } from "../../terms.ts";
import type { ByteSet } from "./byte-set.ts";

/** `at` is the part of the source that the node was read from, for messages. */
export type Node = Bytes | Sequence | Choice | Repeat | Group | Assertion;

/** One byte of a set. */
export interface Bytes {
  readonly kind: "bytes";
  readonly set: ByteSet;
  readonly at: Span;
}

/** One after the other; empty for a pattern that matches nothing at all. */
export interface Sequence {
  readonly kind: "sequence";
  readonly parts: readonly Node[];
  readonly at: Span;
}

/** The first branch that leads to a match, in the order of the source. */
export interface Choice {
  readonly kind: "choice";
  readonly branches: readonly Node[];
  readonly at: Span;
}

/** `min` to `max` times; `max` is Infinity for `*` and `+`. */
export interface Repeat {
  readonly kind: "repeat";
  readonly body: Node;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  readonly at: Span;
}

/** A named group. */
export interface Group {
  readonly kind: "group";
  readonly name: string;
  readonly body: Node;
  readonly at: Span;
}

/** A condition on the place between two bytes. */
export interface Assertion {
  readonly kind: "assertion";
  readonly holds: "text-start" | "text-end" | "line-start" | "line-end" | "word-edge" | "no-word-edge";
  readonly at: Span;
}

/** Fewest and most bytes of a match of `node`; most is Infinity where a repetition has no limit. */
export function widthOf(node: Node): { readonly min: number; readonly max: number } {
  switch (node.kind) {
    case "bytes":
      return { min: 1, max: 1 };
    case "assertion":
      return { min: 0, max: 0 };
    case "group":
      return widthOf(node.body);
    case "repeat": {
      const { min, max } = widthOf(node.body);
      return { min: min * node.min, max: max === 0 || node.max === 0 ? 0 : max * node.max };
    }
    case "sequence": {
      const widths = node.parts.map(widthOf);
      return { min: sum(widths.map(({ min }) => min)), max: sum(widths.map(({ max }) => max)) };
    }
    case "choice": {
      const widths = node.branches.map(widthOf);
      return { min: Math.min(...widths.map(({ min }) => min)), max: Math.max(...widths.map(({ max }) => max)) };
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** True when `node` can match without taking a byte (assertions are taken to hold). */
export const canBeEmpty = (node: Node): boolean => widthOf(node).min === 0;

/** Every node of the tree, the root first, in the order of the source. */
export function nodesOf(node: Node): readonly Node[] {
  const nodes: Node[] = [];
  const add = (one: Node): void => {
    nodes.push(one);
    for (const child of childrenOf(one)) add(child);
  };
  add(node);
  return nodes;
}

/** The nodes right below `node`, in the order of the source. */
function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "bytes":
    case "assertion":
      return [];
    case "sequence":
      return node.parts;
    case "choice":
      return node.branches;
    case "group":
    case "repeat":
      return [node.body];
  }
}
