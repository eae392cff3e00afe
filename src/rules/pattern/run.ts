/**
 * Derives a run: so many bytes of one set in a row, which every match has somewhere behind its keyword. A key of 32
 * digits is one, and prose has none, so that most keywords that are plain words come to nothing in some nanoseconds.
 */
import { chanceOfSet } from "../../bytes/frequency.ts";
import type { Gate } from "../../bytes/gate.ts";
import { type ByteSet, none, union } from "./byte-set.ts";
import { type Node, nodesOf, widthOf } from "./syntax.ts";

type Run = NonNullable<Gate["run"]>;

/**
 * A run further from its keyword costs more to look for than it saves; a shorter one is what the gate's own byte asks
 * for, a longer one is as good as this.
 */
const limits = { within: 256, shortest: 6, least: 64 };

/** Above this chance that ordinary text has such a run there, asking is not worth it. */
const leastSelective = 0.5;

/** The run behind the anchors of a pattern, given what follows each; `undefined` when none is worth asking for. */
export function runBehind(rests: readonly (readonly Node[])[]): Run | undefined {
  let joined: Run | undefined;
  for (const rest of rests) {
    const run = bestRun(rest);
    if (run === undefined) return undefined;
    joined = joined === undefined ? run : either(joined, run);
  }
  return joined !== undefined && chanceOfRun(joined) <= leastSelective ? joined : undefined;
}

/** A run that is there where one of the two is. */
const either = (a: Run, b: Run): Run => ({
  set: union(a.set, b.set),
  least: Math.min(a.least, b.least),
  within: Math.max(a.within, b.within),
});

/** Of all stretches of neighbouring parts the one that ordinary text has least. */
function bestRun(rest: readonly Node[]): Run | undefined {
  const parts = rest.flatMap(flat).map((node) => ({ set: bytesOf(node), ...widthOf(node) }));
  let best: Run | undefined;
  let within = 0;
  for (let first = 0; first < parts.length && within <= limits.within; first++) {
    let set = none;
    let least = 0;
    for (let last = first; last < parts.length && least < limits.least; last++) {
      const part = parts[last];
      if (part === undefined) break;
      set = union(set, part.set);
      least = Math.min(limits.least, least + part.min);
      const run = { set, least, within };
      if (part.min > 0 && least >= limits.shortest && (best === undefined || chanceOfRun(run) < chanceOfRun(best)))
        best = run;
    }
    within += parts[first]?.max ?? 0;
  }
  return best;
}

/** A node as the parts that follow one another in it. */
function flat(node: Node): readonly Node[] {
  if (node.kind === "group") return flat(node.body);
  if (node.kind === "sequence") return node.parts.flatMap(flat);
  return node.kind === "assertion" ? [] : [node];
}

/** Every byte that can be in a match of `node`. */
const bytesOf = (node: Node): ByteSet =>
  union(none, ...nodesOf(node).map((inner) => (inner.kind === "bytes" ? inner.set : none)));

/** Chance that one of the places where the run can begin begins one, bytes taken to be independent. */
const chanceOfRun = ({ set, least, within }: Run): number => Math.min(1, chanceOfSet(set) ** least * (within + 1));
