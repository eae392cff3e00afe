/** Rebuilds objects from entries: along the chain of deltas to a whole object, and back with each delta applied. */
import { basename } from "node:path";
import { printable } from "../git.ts";
import type { ObjectType } from "../object-store.ts";
import { type Catalog, type Copy, typeNames } from "./catalog.ts";
import { Damage, TooLarge } from "./damage.ts";
import { applyDelta, readDeltaHead } from "./delta.ts";
import { inflateWhole } from "./inflate.ts";
import { parents } from "./layout.ts";
import { readLoose } from "./loose.ts";
import { objectHash } from "./object-hash.ts";
import type { PackFiles } from "./pack-file.ts";
import { idAt } from "./pack-index.ts";

export interface RebuildOptions {
  readonly files: PackFiles;
  readonly bases: BaseCache;
  /** An object, base or delta above this many bytes is `TooLarge`. */
  readonly wholeBytes: number;
}

/** How often another copy of a broken base is looked for, one within the other. */
const mostDetours = 8;

export class Rebuilder {
  readonly #catalog: Catalog;
  readonly #files: PackFiles;
  readonly #bases: BaseCache;
  readonly #wholeBytes: number;

  constructor(catalog: Catalog, { files, bases, wholeBytes }: RebuildOptions) {
    this.#catalog = catalog;
    this.#files = files;
    this.#bases = bases;
    this.#wholeBytes = wholeBytes;
  }

  /**
   * The content of one copy of the object `oid`. Throws `Damage` or `TooLarge`, and the system's error where a file
   * cannot be read. The bytes are shared with later deltas: they must not be changed.
   */
  content(oid: string, copy: Copy): Buffer {
    const bytes = this.#content(copy, 0);
    const pack = this.#catalog.packs[copy.pack];
    if (pack && !pack.isSound && this.#idOf(bytes, this.#typeOf(copy)) !== oid) {
      throw new Damage(`is corrupt: ${printable(basename(pack.file))} has another content for it`);
    }
    return bytes;
  }

  #content(copy: Copy, detours: number): Buffer {
    const deltas: Copy[] = [];
    const known = (at: Copy): Buffer | undefined => (at.pack < 0 ? undefined : this.#bases.get(at));
    let at = copy;
    let bytes = known(at);
    const crossed = new Set<string>();
    while (!bytes) {
      const next = this.#baseOf(at, crossed);
      if (next) {
        deltas.push(at);
        at = next;
        bytes = known(at);
      } else bytes = this.#orElsewhere(at, { isAsked: at === copy, detours }, () => this.#whole(at));
    }
    for (let delta = deltas.pop(); delta; delta = deltas.pop()) {
      const [base, step] = [bytes, delta];
      bytes = this.#orElsewhere(step, { isAsked: step === copy, detours }, () => this.#applied(base, step));
    }
    return bytes;
  }

  /** What the entry is a delta of; `undefined` for a whole object. */
  #baseOf({ pack, position }: Copy, crossed: Set<string>): Copy | undefined {
    const layout = this.#catalog.packs[pack]?.layout;
    const parent = layout?.parent[position] ?? parents.none;
    if (parent >= 0) return { pack, position: parent };
    if (parent === parents.broken) throw new Damage("is corrupt: its entry cannot be true");
    if (parent === parents.none) return undefined;
    const id = layout?.bases.get(position) ?? "";
    for (const copy of this.#catalog.copies(id)) {
      const key = `${copy.pack} ${copy.position}`;
      const type = copy.pack < 0 ? 1 : (this.#catalog.packs[copy.pack]?.layout.type[copy.position] ?? 0);
      if (crossed.has(key) || type === 0) continue;
      crossed.add(key);
      return copy;
    }
    throw new Damage(`is a delta of ${id}, which is missing or corrupt`);
  }

  /** What `read` gives; where it is damaged and only a base, another copy of the same object. */
  #orElsewhere(at: Copy, { isAsked, detours }: { isAsked: boolean; detours: number }, read: () => Buffer): Buffer {
    try {
      return read();
    } catch (error) {
      if (isAsked || error instanceof TooLarge) throw error;
      const oid = this.#oidAt(at);
      const others = detours < mostDetours ? this.#catalog.copies(oid) : [];
      for (const copy of others.filter(({ pack, position }) => pack !== at.pack || position !== at.position)) {
        try {
          return this.#content(copy, detours + 1);
        } catch {
          // Then perhaps the next one.
        }
      }
      // A file that went away says nothing about the object.
      if (!(error instanceof Damage)) throw error;
      throw new Damage(`is a delta of ${oid === "" ? "an object" : oid}, which ${error.message}`);
    }
  }

  #whole(at: Copy): Buffer {
    const { pack, position } = at;
    const loose = pack < 0 ? this.#catalog.loose[position] : undefined;
    if (loose) {
      if (loose.size > this.#wholeBytes) throw new TooLarge();
      return readLoose(loose.file, loose);
    }
    return this.#bases.keep(at, this.#stream(at));
  }

  #applied(base: Buffer, at: Copy): Buffer {
    const delta = this.#stream(at);
    if (readDeltaHead(delta).size > this.#wholeBytes) throw new TooLarge();
    return this.#bases.keep(at, applyDelta(base, delta));
  }

  /** What the compressed bytes of an entry hold. */
  #stream({ pack, position }: Copy): Buffer {
    const layout = this.#catalog.packs[pack]?.layout;
    const size = layout?.size[position] ?? 0;
    if (size > this.#wholeBytes) throw new TooLarge();
    const bytes = this.#files.read(layout?.file ?? "", layout?.data[position] ?? 0, layout?.end[position] ?? 0);
    return inflateWhole(bytes, size);
  }

  #oidAt({ pack, position }: Copy): string {
    if (pack < 0) return this.#catalog.loose[position]?.oid ?? "";
    const layout = this.#catalog.packs[pack]?.layout;
    const place = layout?.order[position] ?? -1;
    return layout && place >= 0 && place < layout.index.count ? idAt(layout.index, place) : "";
  }

  #typeOf({ pack, position }: Copy): ObjectType {
    return typeNames[this.#catalog.packs[pack]?.layout.type[position] ?? 0] ?? "blob";
  }

  #idOf(bytes: Buffer, type: ObjectType): string {
    return objectHash(type, bytes.length, this.#catalog.inventory.table.idBytes).update(bytes).digest("hex");
  }
}

/** Objects rebuilt lately, which others may be deltas of: as many as fit in so many bytes, the last used ones. */
export class BaseCache {
  readonly #most: number;
  readonly #kept = new Map<number, Buffer>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(copy: Copy): Buffer | undefined {
    const key = keyOf(copy);
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
    }
    return known;
  }

  /** Keeps `bytes`, unless they would drive out most others, and returns them. */
  keep(copy: Copy, bytes: Buffer): Buffer {
    if (bytes.length > this.#most / 4) return bytes;
    this.#kept.set(keyOf(copy), bytes);
    this.#bytes += bytes.length;
    for (const [key, oldest] of this.#kept) {
      if (this.#bytes <= this.#most) break;
      this.#kept.delete(key);
      this.#bytes -= oldest.length;
    }
    return bytes;
  }
}

/** Positions are below 2^32, and so is the number of packs. */
const keyOf = ({ pack, position }: Copy): number => pack * 2 ** 32 + position;
