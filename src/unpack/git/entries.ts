/** The entries of a pack that is held in memory, and what they are when deltas are undone. */
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { ObjectType } from "../../git/object-store.ts";
import type { OidBytes } from "../../git/oid-table.ts";
import { Damage } from "../../git/pack/damage.ts";
import { applyDelta, readDeltaHead } from "../../git/pack/delta.ts";
import { entryTypes, newHeader, readHeader } from "../../git/pack/entry-header.ts";
import { isPlausible } from "../../git/pack/inflate.ts";
import { objectHash } from "../../git/pack/object-hash.ts";
import type { Budget } from "../budget.ts";

/** Where an entry's compressed bytes lie, what they inflate to, and what it is made of. */
interface Entry {
  readonly at: number;
  readonly size: number;
  readonly type: number;
  /** Entries that are deltas of this one by offset; by id they are found when the id is known. */
  readonly children: Entry[];
}

/** An object as git has it. */
export interface PackedObject {
  readonly type: ObjectType;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Bytes before the first entry: a mark, a version, how many entries there are. Format: gitformat-pack(5). */
const headBytes = 12;

const types = new Map<number, ObjectType>([
  [entryTypes.commit, "commit"],
  [entryTypes.tree, "tree"],
  [entryTypes.blob, "blob"],
  [entryTypes.tag, "tag"],
]);

/** The length of ids, by which hash the pack ends with; that of SHA-1 for one that is cut short. */
export function idBytesOf(pack: Buffer): OidBytes {
  const sum = createHash("sha256").update(pack.subarray(0, -32)).digest();
  return sum.equals(pack.subarray(-32)) ? 32 : 20;
}

export class Entries {
  /** What is wrong with the pack from some entry on, as far as anybody can tell. */
  problem: string | undefined;
  readonly #pack: Buffer;
  readonly #idBytes: OidBytes;
  readonly #budget: Budget;
  readonly #roots: Entry[] = [];
  readonly #byId = new Map<string, Entry[]>();
  #deltas = 0;

  /** Finds all entries. Throws `OverBudget`. */
  constructor(pack: Buffer, { idBytes, budget }: { readonly idBytes: OidBytes; readonly budget: Budget }) {
    this.#pack = pack;
    this.#idBytes = idBytes;
    this.#budget = budget;
    const count = pack.length < headBytes ? 0 : pack.readUInt32BE(8);
    const byOffset = new Map<number, Entry>();
    let at = headBytes;
    for (let number = 0; number < count; number++) {
      const end = this.#find(at, byOffset);
      if (end === undefined) {
        this.problem = `is damaged: of ${count} objects ${number} can be read`;
        return;
      }
      at = end;
    }
  }

  /**
   * All objects of a type, each once, those that are made of others behind them. Throws `OverBudget`; what is damaged
   * is left out, with all that is made of it.
   */
  *objects(type: ObjectType): Iterable<PackedObject> {
    const way: { readonly entry: Entry; readonly base?: Buffer }[] = this.#roots
      .filter((root) => types.get(root.type) === type)
      .map((entry) => ({ entry }));
    for (let step = way.pop(); step; step = way.pop()) {
      const bytes = this.#made(step.entry, step.base);
      if (bytes === undefined) continue;
      const id = objectHash(type, bytes.length, this.#idBytes).update(bytes).digest("hex");
      yield { type, id, bytes };
      for (const entry of [...step.entry.children, ...(this.#byId.get(id) ?? [])]) way.push({ entry, base: bytes });
      this.#byId.delete(id);
    }
  }

  /** Deltas of objects that are not here. To be asked when objects of all types have been. */
  get left(): number {
    return this.#deltas;
  }

  /** Notes the entry at `at`. Where it ends; `undefined` where there is none. */
  #find(at: number, byOffset: Map<number, Entry>): number | undefined {
    const header = newHeader();
    const limit = this.#pack.length;
    if (!readHeader(this.#pack, { at, limit, idBytes: this.#idBytes }, header)) return undefined;
    const start = at + header.length;
    if (!isPlausible(header.size, limit - start)) return undefined;
    if (header.size > this.#budget.left) this.#budget.takeBytes(header.size);
    const taken = this.#inflated(start, header.size)?.taken;
    if (taken === undefined) return undefined;
    const entry: Entry = { at: start, size: header.size, type: header.type, children: [] };
    byOffset.set(at, entry);
    if (types.has(header.type)) {
      this.#roots.push(entry);
      return start + taken;
    }
    this.#deltas++;
    if (header.type === entryTypes.offsetDelta) {
      byOffset.get(at - header.distance)?.children.push(entry);
    } else {
      const id = this.#pack.toString("hex", start - this.#idBytes, start);
      this.#byId.set(id, [...(this.#byId.get(id) ?? []), entry]);
    }
    return start + taken;
  }

  #made(entry: Entry, base: Buffer | undefined): Buffer | undefined {
    const own = this.#inflated(entry.at, entry.size)?.bytes;
    if (own === undefined) return undefined;
    if (base === undefined) {
      this.#budget.takeBytes(own.length);
      return own;
    }
    try {
      this.#budget.takeBytes(readDeltaHead(own).size);
      const made = applyDelta(base, own);
      this.#deltas--;
      return made;
    } catch (error) {
      if (error instanceof Damage) return undefined;
      throw error;
    }
  }

  /** The bytes of a zlib stream, and how many compressed bytes it takes. */
  #inflated(at: number, size: number): { readonly bytes: Buffer; readonly taken: number } | undefined {
    try {
      // With `info` there is an object instead of a buffer, which Node's types do not know.
      const { buffer, engine } = inflateSync(this.#pack.subarray(at), {
        info: true,
        maxOutputLength: Math.max(size, 1),
        chunkSize: Math.max(size + 1, 64),
      }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
      return buffer.length === size ? { bytes: buffer, taken: engine.bytesWritten } : undefined;
    } catch {
      return undefined;
    }
  }
}
