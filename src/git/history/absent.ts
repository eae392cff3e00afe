/**
 * Objects that something reachable names and no store holds: what makes "complete" true or false. Garbage may name
 * what was pruned with it, so only reachable namers count, exactly as for `git rev-list --objects --missing=print`.
 */
import { climber } from "./climb.ts";
import type { HistoryRecord } from "./record.ts";
import { peel, type Walked } from "./tips.ts";

export interface AbsentObject {
  readonly id: string;
  /** What is missing: a commit's parent, or what some tree, commit or tag names. */
  readonly kind: "parent" | "object";
  /** A path at which it is missing, where it is an entry of a tree. */
  readonly path: string;
}

/** Absent objects in order of their ids. The parents that a shallow clone cut off are not among them. */
export function absentObjects({ record, reached, tips }: Walked, shallow: ReadonlySet<string>): AbsentObject[] {
  const parents = new Set<string>();
  for (let commit = 0; commit < record.commits.length; commit++) {
    if (reached[commit] !== 1 || shallow.has(record.id(commit))) continue;
    for (const id of record.absentParents(commit)) parents.add(id);
  }
  const absent: AbsentObject[] = [...parents].map((id) => ({ id, kind: "parent", path: "" }));
  const named = [...record.absent];
  if (named.length > 0) {
    const roots = tips.filter(({ kind }) => kind === "ref").flatMap(({ object }) => [...peel(record, object)]);
    const seen = reachableObjects(record, reached, roots);
    const climb = climber(record);
    for (const { id, namedBy, path } of named) {
      const namer = namedBy.find((object) => seen[object] === 1);
      if (namer === undefined) continue;
      absent.push({ id, kind: "object", path: path === "" ? "" : climb(namer, path).path });
    }
  }
  return absent.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** 1 for each commit, tree and tag that the reached commits or `roots` lead to. */
function reachableObjects(record: HistoryRecord, reached: Uint8Array, roots: readonly number[]): Uint8Array {
  const seen = new Uint8Array(record.inventory.count);
  const stack: number[] = [];
  const push = (object: number): void => {
    if (object < 0 || seen[object] === 1) return;
    seen[object] = 1;
    stack.push(object);
  };
  for (const root of roots) push(root);
  for (let commit = 0; commit < record.commits.length; commit++) {
    if (reached[commit] !== 1) continue;
    push(record.commits.at(commit));
    push(record.trees.at(commit));
  }
  for (let object = stack.pop(); object !== undefined; object = stack.pop()) record.folders(object, push);
  return seen;
}
