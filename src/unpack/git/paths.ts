/** Where the files of a pack lie, by the trees that are in it. */
import { visitTree } from "../../git/history/objects.ts";
import type { OidBytes } from "../../git/oid-table.ts";

interface TreeEntry {
  readonly name: string;
  readonly id: string;
  readonly isTree: boolean;
}

/** Folders below folders that are followed: trees can be made that name themselves without end. */
const deepest = 100;

export class Paths {
  readonly #trees = new Map<string, readonly TreeEntry[]>();
  readonly #paths = new Map<string, string>();
  readonly #idBytes: OidBytes;

  constructor(idBytes: OidBytes) {
    this.#idBytes = idBytes;
  }

  /** Notes what a tree holds. */
  add(id: string, bytes: Uint8Array): void {
    const entries: TreeEntry[] = [];
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    visitTree(bytes, this.#idBytes, (kind, start, end, idStart) => {
      if (kind === "gitlink") return;
      const own = text.toString("hex", idStart, idStart + this.#idBytes);
      entries.push({ name: text.toString("utf8", start, end), id: own, isTree: kind === "tree" });
    });
    this.#trees.set(id, entries);
  }

  /** Walks the tree of a commit; what was named before keeps its name. */
  walk(root: string): void {
    const way = [{ id: root, path: "", depth: 0 }];
    for (let step = way.pop(); step; step = way.pop()) {
      const entries = this.#trees.get(step.id) ?? [];
      this.#trees.delete(step.id);
      for (const { name, id, isTree } of entries) {
        const path = step.path + name;
        if (!isTree && !this.#paths.has(id)) this.#paths.set(id, path);
        if (isTree && step.depth < deepest) way.push({ id, path: `${path}/`, depth: step.depth + 1 });
      }
    }
  }

  /** Names what no commit led to by the trees that are left. */
  walkRest(): void {
    for (const id of [...this.#trees.keys()]) this.walk(id);
  }

  /** The path of a blob, if a tree has one. */
  of(id: string): string | undefined {
    return this.#paths.get(id);
  }
}
