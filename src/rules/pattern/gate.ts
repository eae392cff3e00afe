/**
 * Derives a gate: a condition on the bytes behind a keyword that every match meets and most keywords in ordinary text
 * do not. For `(?i)token["']?\s{0,4}[:=]…` it says "at most five quotes and spaces, then `:` or `=`", and the word
 * "token" in prose is dismissed after one byte.
 *
 * Every part that a match must have behind its keyword makes one such condition (what may lie in between; what the
 * part begins with). All of them are true, so the one that dismisses most is taken.
 */
import { chanceOfSet } from "../../bytes/frequency.ts";
import type { Gate } from "../../bytes/gate.ts";
import { type ByteSet, complement, none, union } from "./byte-set.ts";
import type { Anchor } from "./literals.ts";
import { runBehind } from "./run.ts";
import { canBeEmpty, type Node, nodesOf, widthOf } from "./syntax.ts";

/** Above this chance to pass there is nothing to be saved: asking takes some nanoseconds, a pattern hundreds. */
const leastSelective = 0.97;
const mostSkipped = 256;

/** The gate around the anchors of a pattern, or `undefined` when none is worth asking. */
export function gateOf(anchors: readonly Anchor[]): Gate | undefined {
  const next = nextBehind(anchors);
  const run = runBehind(anchors.map(({ rest }) => rest));
  const prior = union(none, ...anchors.map((anchor) => anchor.prior));
  const asksPrior = chanceOfSet(prior) <= leastSelective;
  if (next === undefined && run === undefined && !asksPrior) return undefined;
  const ends = anchors.some(({ rest }) => rest.every(canBeEmpty));
  // A keyword at the end of its text meets "any byte" only where a match must go on.
  if (next === undefined && ends) return undefined;
  return {
    ...(asksPrior && { prior }),
    ...(next ?? { skip: none, need: complement(none), max: 0 }),
    ...(run !== undefined && { run }),
  };
}

/** The condition on the bytes right behind the keyword. */
function nextBehind(anchors: readonly Anchor[]): Gate | undefined {
  let gate: Gate = { skip: none, need: none, max: 0 };
  for (const { rest } of anchors) {
    const part = bestGate(rest);
    if (part === undefined) return undefined;
    gate = { skip: union(gate.skip, part.skip), need: union(gate.need, part.need), max: Math.max(gate.max, part.max) };
  }
  return chanceToPass(gate) <= leastSelective ? gate : undefined;
}

function bestGate(rest: readonly Node[]): Gate | undefined {
  let best: Gate | undefined;
  let skip = none;
  let max = 0;
  for (const [index, node] of rest.entries()) {
    if (!canBeEmpty(node)) {
      const gate = { skip, need: firstOf(node), max };
      if (best === undefined || chanceToPass(gate) < chanceToPass(best)) best = gate;
    }
    skip = union(skip, ...nodesOf(node).map((inner) => (inner.kind === "bytes" ? inner.set : none)));
    max += widthOf(node).max;
    if (max > mostSkipped || index > 40) break;
  }
  return best;
}

/** Chance that a place in source code meets the condition, bytes taken to be independent. */
function chanceToPass({ skip, need, max }: Gate): number {
  const stop = chanceOfSet(need);
  const go = chanceOfSet(skip.map((bit, byte) => (need[byte] === 1 ? 0 : bit)));
  return go >= 1 ? 1 : Math.min(1, (stop * (1 - go ** (max + 1))) / (1 - go));
}

/** The bytes that a match of `node` can begin with, as far as it takes any. */
function firstOf(node: Node): ByteSet {
  switch (node.kind) {
    case "bytes":
      return node.set;
    case "assertion":
      return none;
    case "group":
      return firstOf(node.body);
    case "repeat":
      return node.max === 0 ? none : firstOf(node.body);
    case "choice":
      return union(...node.branches.map(firstOf));
    case "sequence": {
      const head = node.parts.findIndex((part) => !canBeEmpty(part));
      return union(none, ...node.parts.slice(0, head < 0 ? undefined : head + 1).map(firstOf));
    }
  }
}
