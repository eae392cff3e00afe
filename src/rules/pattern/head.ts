/**
 * What a part of a pattern begins with: the sets that its first bytes must be in, as far as they are known. The proof
 * of linear time asks this of whatever follows a part, to count the places where the part can hand over.
 */
import { type ByteSet, disjoint, union } from "./byte-set.ts";
import type { Node, Repeat } from "./syntax.ts";

/** One byte of a head, and the steps that an engine takes until it has tested it. */
export interface Tested {
  readonly set: ByteSet;
  readonly steps: number;
}

/** What comes behind a node. */
export interface Next {
  /** Its first bytes; empty when it may take none at all, so that any byte can come next. */
  readonly head: readonly Tested[];
  /** It cannot fail. */
  readonly sure: boolean;
}

/** The end of the pattern. */
export const accept: Next = { head: [], sure: true };
const unknown: Next = { head: [], sure: false };

const longest = 16;

/** What comes when `node` does, and then `next`. */
export function before(node: Node, next: Next): Next {
  switch (node.kind) {
    case "bytes":
      return { head: [{ set: node.set, steps: 1 }, ...next.head].slice(0, longest), sure: false };
    case "assertion": {
      const [first, ...more] = next.head;
      return { head: first === undefined ? [] : [{ ...first, steps: first.steps + 1 }, ...more], sure: false };
    }
    case "group":
      return before(node.body, next);
    case "sequence":
      return [...node.parts].reverse().reduce((behind, part) => before(part, behind), next);
    case "choice":
      return either(node.branches.map((branch) => before(branch, next)));
    case "repeat":
      return beforeRepeat(node, next);
  }
}

function beforeRepeat({ body, min, max }: Repeat, next: Next): Next {
  if (max === 0) return next;
  if (min === 0) return either([before(body, unknown), next]);
  if (body.kind !== "bytes") return before(body, max === 1 ? next : unknown);
  const copies = Array.from({ length: Math.min(min, longest) }, () => ({ set: body.set, steps: 2 }));
  return { head: [...copies, ...(min === max ? next.head : [])].slice(0, longest), sure: false };
}

/** Any of several: byte by byte what one of them can begin with, as far as all are known. */
function either(roads: readonly Next[]): Next {
  const length = Math.min(...roads.map(({ head }) => head.length));
  const head = Array.from({ length }, (_, index) => {
    const tested = roads.flatMap((road) => road.head[index] ?? []);
    const steps = tested.reduce((sum, one) => sum + one.steps + (index === 0 ? 1 : 0), 0);
    return { set: union(...tested.map(({ set }) => set)), steps };
  });
  return { head, sure: roads.some(({ sure }) => sure) };
}

/** The bytes that `node`, which takes at least one, can begin with. */
export const firstBytes = (node: Node): ByteSet => before(node, unknown).head[0]?.set ?? new Uint8Array(256).fill(1);

/** False when no text fits both heads, because they differ at some byte. */
export const compatible = (a: Next, b: Next): boolean =>
  a.head.every(({ set }, index) => {
    const other = b.head[index];
    return other === undefined || !disjoint(set, other.set);
  });

/** Least distance between two places where the head fits: 6 for `mongod`, which cannot overlap itself. */
export function spacingOf({ head }: Next): number {
  for (let shift = 1; shift < head.length; shift++) {
    const shifted: Next = { head: head.slice(shift), sure: false };
    if (compatible(shifted, { head: head.slice(0, shifted.head.length), sure: false })) return shift;
  }
  return Math.max(1, head.length);
}
