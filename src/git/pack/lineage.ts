/** What follows from who is whose base: types, and ways down. Forged packs can hold circles and chains of any length. */
import { type PackLayout, parents } from "./layout.ts";

/** Gives each delta the type of the whole object below it, as far as that is in the pack; breaks up circles. */
export function settleTypes({ count, type, parent }: PackLayout): void {
  /** 1: on the way that is being followed, 2: settled. */
  const state = new Uint8Array(count);
  const way: number[] = [];
  for (let position = 0; position < count; position++) {
    let at = position;
    while ((parent[at] ?? -1) >= 0 && state[at] === 0) {
      state[at] = 1;
      way.push(at);
      at = parent[at] ?? -1;
    }
    const isCircle = state[at] === 1;
    const found = isCircle ? 0 : (type[at] ?? 0);
    for (let step = way.pop(); step !== undefined; step = way.pop()) {
      state[step] = 2;
      type[step] = found;
      if (isCircle) parent[step] = parents.broken;
    }
  }
}

/** Makes the lists of children, each in the order of the pack. */
export function linkChildren({ count, parent, firstChild, nextSibling }: PackLayout): void {
  for (let position = count - 1; position >= 0; position--) {
    const base = parent[position] ?? -1;
    if (base < 0) continue;
    nextSibling[position] = firstChild[base] ?? -1;
    firstChild[base] = position;
  }
}

/** Calls `visit` with `root` and all that is built on it, each base before its deltas, a family's branches in turn. */
export function visitFamily(
  { firstChild, nextSibling }: PackLayout,
  root: number,
  visit: (position: number) => void,
): void {
  const waiting = [root];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    visit(at);
    const sibling = nextSibling[at] ?? -1;
    if (at !== root && sibling >= 0) waiting.push(sibling);
    const child = firstChild[at] ?? -1;
    if (child >= 0) waiting.push(child);
  }
}

/** Gives `root`, whose base is elsewhere, and all that is built on it the type of that base. */
export function adoptType(layout: PackLayout, root: number, type: number): void {
  visitFamily(layout, root, (position) => {
    layout.type[position] = type;
  });
}
