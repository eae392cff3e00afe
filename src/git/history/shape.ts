/**
 * The *shape* of a tree is what is left of it when all is forgotten but the targets below it. Equal shapes are one
 * number, so that "did this commit touch anything we follow?" is a comparison of two integers, and trees that differ
 * only in files nobody cares about are the same thing.
 */
import { crypto } from "../../bytes/crypto.ts";
import type { HistoryRecord } from "./record.ts";
import type { TargetEntry } from "./targets.ts";

/** A folder or target in a shape. */
export type ShapeEntry =
  | { readonly kind: "folder"; readonly name: number; readonly shape: number }
  | { readonly kind: TargetEntry["kind"]; readonly name: number; readonly object: number };

/** The shape of a tree that holds no target. */
export const emptyShape = 0;

/** In place of a shape: nobody has asked yet; the folders below are being looked at. */
const [unknown, underway] = [-1, -2];

export class Shapes {
  readonly #record: HistoryRecord;
  readonly #of: Int32Array;
  readonly #numbers = new Map<string, number>();
  /** A tree of each shape, from which its entries are told anew: keeping them all would cost gigabytes. */
  readonly #examples: number[] = [-1];

  constructor(record: HistoryRecord) {
    this.#record = record;
    this.#of = new Int32Array(record.inventory.count).fill(unknown);
    // Without targets every tree is empty, and nothing below needs a walk.
    if (record.targets.count === 0) this.#of.fill(emptyShape);
  }

  /** Folders and targets of a shape, in no particular order. */
  entries(shape: number): readonly ShapeEntry[] {
    const tree = this.#examples[shape] ?? -1;
    return tree < 0 ? [] : this.#entriesOf(tree);
  }

  /**
   * Shape of a tree, by object index; the empty one for an absent tree. A stack of our own: depth is hostile. Forged
   * ids can put a tree into itself: there it counts as empty.
   */
  of(tree: number): number {
    if (tree < 0) return emptyShape;
    const of = this.#of;
    const stack = [tree];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (of[top] === unknown) {
        of[top] = underway;
        this.#record.folders(top, (child) => of[child] === unknown && stack.push(child));
      } else {
        stack.pop();
        if (of[top] === underway) of[top] = this.#build(top);
      }
    }
    return of[tree] ?? emptyShape;
  }

  /** All folders below `tree` have their shape already, but for those that it is in itself. */
  #build(tree: number): number {
    const entries = this.#entriesOf(tree);
    if (entries.length === 0) return emptyShape;
    const parts = entries.map(
      (entry) => `${entry.kind}:${entry.name}:${"shape" in entry ? entry.shape : entry.object}`,
    );
    const key = crypto().createHash("sha1").update(parts.join()).digest("base64");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#examples.push(tree) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  #entriesOf(tree: number): ShapeEntry[] {
    const entries: ShapeEntry[] = [];
    this.#record.folders(tree, (child, name) => {
      const shape = this.#of[child] ?? emptyShape;
      if (shape > emptyShape) entries.push({ kind: "folder", name, shape });
    });
    for (const target of this.#record.targets.of(tree)) entries.push(target);
    return entries;
  }
}
