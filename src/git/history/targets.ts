/** What of trees history follows: files in which something was matched, and names that tell by themselves. */
import { Ints } from "./ints.ts";

/** An entry of a tree that history must follow: `object` is an index in the inventory. */
export interface TargetEntry {
  readonly name: number;
  readonly object: number;
  /** What to follow: the content behind the entry, or the entry's own name. */
  readonly kind: "content" | "path";
}

/** The target entries of all trees, in flat arrays: there can be as many as trees times files that hold secrets. */
export class TargetTable {
  /** Tree, place of its first entry. */
  readonly #starts = new Map<number, number>();
  readonly #entries = new Ints();

  /** Number of trees that have any. */
  get count(): number {
    return this.#starts.size;
  }

  /** Trees that have any. */
  get trees(): Iterable<number> {
    return this.#starts.keys();
  }

  /** Whether a tree has any. */
  has(tree: number): boolean {
    return this.#starts.has(tree);
  }

  /** Takes these for all the entries of a tree. */
  set(tree: number, entries: readonly TargetEntry[]): void {
    this.#starts.set(tree, this.#entries.length);
    this.#entries.push(entries.length);
    for (const { name, object, kind } of entries) {
      this.#entries.push(name);
      this.#entries.push(object);
      this.#entries.push(kind === "path" ? 1 : 0);
    }
  }

  /** The entries of one tree, in its order. */
  *of(tree: number): Iterable<TargetEntry> {
    const start = this.#starts.get(tree);
    if (start === undefined) return;
    const entries = this.#entries;
    for (let at = start + 1; at <= start + 3 * entries.at(start); at += 3) {
      const kind = entries.at(at + 2) === 1 ? "path" : "content";
      yield { name: entries.at(at), object: entries.at(at + 1), kind };
    }
  }
}

/** Asks what of a tree is worth keeping. */
export interface Targets {
  /** Was something matched in this blob? */
  content(object: number): boolean;
  /** Was something matched in this file or folder name? Called once for each distinct name. */
  name(bytes: Uint8Array): boolean;
  /** Is a file of this name, latin1, followed whatever it holds? Called once for each name; absent: none is. */
  readonly file?: ((name: string) => boolean) | undefined;
}
