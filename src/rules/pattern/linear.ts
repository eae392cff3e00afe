/**
 * Proves that a pattern is safe on a backtracking engine: from any one start in any text, V8 takes at most `steps`
 * steps, a number that depends on the pattern alone. A scan of n bytes then costs at most n × steps: linear.
 *
 * Theorem. Let a *step* be one test of a byte or an assertion, one decision to repeat, or one branch that is tried.
 * For a node N followed by K write work(N) for the steps spent inside N from one entry until it has no more ways to
 * offer, and ways(N) for how often it hands over to K where the text fits K's head (`head.ts`); other handovers die
 * in that head and are charged to N. Then for a sequence
 *     work(N₁…Nₖ) ≤ work(N₁) + ways(N₁) × (work(N₂) + ways(N₂) × (…)),   ways = Π ways(Nᵢ),
 * because a backtracking engine enters Nᵢ₊₁ once for each handover of Nᵢ. What keeps the product small:
 * - X{m,n} of one byte set hands over at n−m+1 places, but at one only when K cannot begin with a byte of X: all
 *   shorter runs are followed by a byte of X. The same holds for longer bodies that have one way themselves.
 * - Where K begins with `mongod`, which cannot overlap itself, only every sixth place can be one to hand over at.
 * - Branches that differ at some byte within what they begin with cannot both match; only the others add up.
 * - When all that follows may be left out, the first handover ends the search.
 * Every bound is from above: the proof never errs in favour of a pattern, though it may refuse a harmless one.
 */
import type { Span } from "../../terms.ts";
import { disjoint } from "./byte-set.ts";
import { accept, before, compatible, firstBytes, type Next, spacingOf } from "./head.ts";
import { canBeEmpty, type Node, nodesOf, type Repeat, widthOf } from "./syntax.ts";

/** Most steps from one start that a built-in pattern may need. */
export const mostSteps = 1_000_000;

/** How many steps a pattern needs from one start at most, or why that is unknown or too many. */
export type Proof =
  | { readonly linear: true; readonly steps: number }
  | { readonly linear: false; readonly problem: string; readonly part: Span; readonly hint: string };

/** Tries to prove that `pattern` needs at most a million steps from any start. */
export function proveLinear(pattern: Node): Proof {
  for (const node of nodesOf(pattern)) {
    if (node.kind !== "repeat") continue;
    if (node.max === Infinity) {
      return refusal("has no upper limit", node.at, "Write {0,n} or {1,n} with the length that real secrets have.");
    }
    if (canBeEmpty(node.body)) {
      return refusal("repeats what can be empty", node.at, "Move the optional part out of the repetition.");
    }
  }
  const forks: Fork[] = [];
  const { work } = costOf(pattern, accept, forks);
  if (work <= mostSteps) return { linear: true, steps: Math.ceil(work) };
  const worst = forks.reduce((most, fork) => (fork.ways > most.ways ? fork : most), { at: pattern.at, ways: 0 });
  const steps = work < 1e15 ? Math.ceil(work).toLocaleString("en") : "more than a quadrillion";
  const hint = `Shorten it, or let what follows begin with a byte that it cannot take (it has ${worst.ways} ways to end).`;
  return refusal(`makes a start cost ${steps} steps, limit ${mostSteps.toLocaleString("en")}`, worst.at, hint);
}

const refusal = (problem: string, part: Span, hint: string): Proof => ({ linear: false, problem, part, hint });

interface Cost {
  readonly ways: number;
  readonly work: number;
}

/** A node with several ways. */
interface Fork {
  readonly at: Span;
  readonly ways: number;
}

function costOf(node: Node, next: Next, forks: Fork[]): Cost {
  switch (node.kind) {
    case "bytes":
    case "assertion":
      return { ways: 1, work: 1 };
    case "group":
      return costOf(node.body, next, forks);
    case "sequence":
      return costOfSequence(node.parts, next, forks);
    case "choice":
      return noted(costOfChoice(node.branches, next, forks), node.at, forks);
    case "repeat":
      return noted(costOfRepeat(node, next, forks), node.at, forks);
  }
}

function noted(cost: Cost, at: Span, forks: Fork[]): Cost {
  if (cost.ways > 1) forks.push({ at, ways: cost.ways });
  return cost;
}

function costOfSequence(parts: readonly Node[], next: Next, forks: Fork[]): Cost {
  let behind = next;
  let total: Cost = { ways: 1, work: 0 };
  for (const part of [...parts].reverse()) {
    const { ways, work } = costOf(part, behind, forks);
    total = { ways: ways * total.ways, work: work + ways * total.work };
    behind = before(part, behind);
  }
  return total;
}

function costOfRepeat({ body, min, max }: Repeat, next: Next, forks: Fork[]): Cost {
  if (max === 0) return { ways: 1, work: 1 };
  const again: Node = { kind: "repeat", body, min: 0, max, lazy: false, at: body.at };
  const inner = costOf(body, max === 1 ? decided(next) : before(again, { ...next, sure: false }), forks);
  const [first] = next.head;
  const apart = first !== undefined && disjoint(firstBytes(body), first.set);
  const handovers = geometric(inner.ways, min, max);
  const dismissal = apart ? first.steps : stepsOf(next);
  const decisions = geometric(inner.ways, 0, max);
  const work = decisions + geometric(inner.ways, 0, max - 1) * inner.work + handovers * dismissal;
  if (next.sure) return { ways: 1, work };
  if (apart && (max === 1 || inner.ways === 1)) return { ways: inner.ways, work };
  const places = (max - min) * widthOf(body).max + 1;
  return { ways: inner.ways === 1 ? Math.min(handovers, Math.ceil(places / spacingOf(next))) : handovers, work };
}

/** What follows, with the decision not to repeat before it. */
function decided({ head: [first, ...more], sure }: Next): Next {
  return { head: first === undefined ? [] : [{ ...first, steps: first.steps + 1 }, ...more], sure };
}

/** Steps in which what follows fails at worst, when the text does not fit its head. */
const stepsOf = ({ head }: Next): number => head.reduce((sum, { steps }) => sum + steps, 0);

/** Sum of the powers of `base` from `first` to `last`. */
function geometric(base: number, first: number, last: number): number {
  return base === 1 ? last - first + 1 : (base ** (last + 1) - base ** first) / (base - 1);
}

function costOfChoice(branches: readonly Node[], next: Next, forks: Fork[]): Cost {
  const costs = branches.map((branch) => costOf(branch, next, forks));
  const heads = branches.map((branch) => before(branch, next));
  // Branches that match at one place are pairwise compatible, so they all are among those compatible with any of them.
  const together = heads.map((head) => costs.filter((_, index) => compatible(head, heads[index] ?? head)));
  const most = (of: (cost: Cost) => number): number =>
    Math.max(...together.map((some) => some.reduce((sum, cost) => sum + of(cost), 0)));
  const dismissals = heads.reduce((sum, head) => sum + stepsOf(head) + 1, 0);
  return { ways: next.sure ? 1 : most(({ ways }) => ways), work: most(({ work }) => work) + dismissals };
}
