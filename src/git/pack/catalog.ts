/** Everything that a repository's object folders hold, found without a git process: packs, loose objects, and ids. */
import { basename } from "node:path";
import type { GitPlace } from "../environment.ts";
import { printable } from "../git.ts";
import type { Inventory, ObjectType, Unreadable } from "../object-store.ts";
import { type OidBytes, OidTable } from "../oid-table.ts";
import { type IndexedLayout, type PackLayout, parents, positionOf } from "./layout.ts";
import { adoptType, visitFamily } from "./lineage.ts";
import { type LooseHeader, readLooseHeader } from "./loose.ts";
import { objectFolders } from "./object-folders.ts";
import { findId, idAt } from "./pack-index.ts";
import { readLayout } from "./read-layout.ts";
import { type LooseObject, reasonOf, type StoredPack, surveyStorage } from "./storage.ts";

/** Names of git's numbers for types. */
export const typeNames: readonly (ObjectType | undefined)[] = [undefined, "commit", "tree", "blob", "tag"];

/** A pack with its layout. */
export interface CatalogPack extends StoredPack {
  readonly layout: IndexedLayout;
}

/** A loose object with its header. */
export interface CatalogLoose extends LooseObject, LooseHeader {}

/** Where one copy of an object lies: an entry of a pack, or with `pack` -1 a loose object by its number. */
export interface Copy {
  readonly pack: number;
  readonly position: number;
}

export interface Catalog {
  /** Those that match their index first, larger ones first: their copy of an object is the one that counts. */
  readonly packs: readonly CatalogPack[];
  readonly loose: readonly CatalogLoose[];
  readonly inventory: Inventory;
  /** The copy of an object, by its index in the inventory, that counts. */
  home(index: number): Copy;
  /** Every copy of an object, by its hexadecimal id, those in packs first. */
  copies(oid: string): Copy[];
}

/** Takes stock of the repository at `place`. Throws `UnknownFormat` where only a newer git can. */
export async function takeCatalog(
  place: GitPlace,
  { idBytes, signal }: { idBytes: OidBytes; signal: AbortSignal },
): Promise<Catalog> {
  const { folders, complaints } = await objectFolders(place);
  const storage = await surveyStorage(folders, idBytes);
  const said = [...complaints, ...storage.complaints];
  const packs: CatalogPack[] = [];
  for (const pack of [...storage.packs].sort(bySoundness)) {
    try {
      packs.push({ ...pack, layout: await readLayout(pack.file, pack.index, signal) });
    } catch (error) {
      signal.throwIfAborted();
      said.push(`pack ${printable(basename(pack.file))} ${reasonOf(error)}`);
    }
  }
  const unreadable: Unreadable[] = [];
  const loose = readHeaders(storage.loose, { unreadable, signal });
  const copies = copyFinder(packs, loose);
  adoptTypes(packs, { loose, copies });
  const shelves = new Shelves(packs, { loose, idBytes });
  return {
    packs,
    loose,
    copies,
    home: (index) => shelves.home(index),
    inventory: shelves.inventory({ unreadable, complaints: said }),
  };
}

const bySoundness = (a: StoredPack, b: StoredPack): number =>
  Number(b.isSound) - Number(a.isSound) || b.bytes - a.bytes || (a.file < b.file ? -1 : 1);

/** Loose objects with their headers; the first copy of each that has one. */
function readHeaders(
  objects: readonly LooseObject[],
  { unreadable, signal }: { unreadable: Unreadable[]; signal: AbortSignal },
): CatalogLoose[] {
  const read = new Map<string, CatalogLoose>();
  for (const object of objects) {
    signal.throwIfAborted();
    if (read.has(object.oid)) continue;
    try {
      read.set(object.oid, { ...object, ...readLooseHeader(object.file) });
    } catch (error) {
      unreadable.push({ kind: "unreadable", oid: object.oid, reason: reasonOf(error) });
    }
  }
  return [...read.values()];
}

function copyFinder(packs: readonly CatalogPack[], loose: readonly CatalogLoose[]): (oid: string) => Copy[] {
  const looseNumbers = new Map(loose.map(({ oid }, number) => [oid, number]));
  return (oid) => {
    const id = Buffer.from(oid, "hex");
    const copies: Copy[] = [];
    for (const [pack, { layout }] of packs.entries()) {
      const place = findId(layout.index, id);
      const position = place < 0 ? -1 : positionOf(layout, place);
      if (position >= 0) copies.push({ pack, position });
    }
    const number = looseNumbers.get(oid);
    if (number !== undefined) copies.push({ pack: -1, position: number });
    return copies;
  };
}

/** How many packs deep a delta's bases may lie one upon the other. */
const mostCrossings = 64;

/** Gives deltas whose base is in another pack, or loose, the type of that base. */
function adoptTypes(
  packs: readonly CatalogPack[],
  { loose, copies }: { loose: readonly CatalogLoose[]; copies: (oid: string) => Copy[] },
): void {
  const typeAt = ({ pack, position }: Copy): number =>
    pack < 0 ? typeNames.indexOf(loose[position]?.type) : (packs[pack]?.layout.type[position] ?? 0);
  let left = packs.flatMap(({ layout }) => [...layout.bases].map(([position, id]) => ({ layout, position, id })));
  for (let round = 0, before = -1; round < mostCrossings && left.length !== before; round++) {
    before = left.length;
    left = left.filter(({ layout, position, id }) => {
      const type = copies(id)
        .map(typeAt)
        .find((type) => type > 0);
      if (type !== undefined) adoptType(layout, position, type);
      return type === undefined;
    });
  }
}

/** Builds the inventory, and remembers where the copy that counts of each object lies. */
class Shelves {
  readonly #packs: readonly CatalogPack[];
  readonly #loose: readonly CatalogLoose[];
  readonly #table: OidTable;
  readonly #kinds: Uint8Array;
  readonly #homes: Int32Array;
  readonly #positions: Int32Array;

  constructor(
    packs: readonly CatalogPack[],
    { loose, idBytes }: { loose: readonly CatalogLoose[]; idBytes: OidBytes },
  ) {
    this.#packs = packs;
    this.#loose = loose;
    const most = packs.reduce((sum, { index }) => sum + index.count, loose.length);
    this.#table = new OidTable(idBytes, most);
    this.#kinds = new Uint8Array(most);
    this.#homes = new Int32Array(most);
    this.#positions = new Int32Array(most);
    for (const [pack, { layout }] of packs.entries()) this.#addPack(pack, layout);
    for (const [number, { oid, type }] of loose.entries()) {
      const before = this.#table.count;
      const index = this.#table.addHex(oid);
      if (index === before) this.#settle(index, { kind: typeNames.indexOf(type), pack: -1, position: number });
    }
  }

  home(index: number): Copy {
    return { pack: this.#homes[index] ?? -1, position: this.#positions[index] ?? -1 };
  }

  inventory({ unreadable, complaints }: Pick<Inventory, "unreadable" | "complaints">): Inventory {
    const table = this.#table;
    const indexed = (index: number): number => {
      if (index < 0 || index >= table.count) throw new RangeError(`no object has index ${index}`);
      return index;
    };
    return {
      table,
      count: table.count,
      type: (index) => typeNames[this.#kinds[indexed(index)] ?? 0] ?? "blob",
      stored: (index) => this.#stored(indexed(index)),
      of: (type) => this.#of(typeNames.indexOf(type)),
      unreadable: this.#unreadable(unreadable),
      complaints,
      packs: this.#packs.filter(({ isSound }) => isSound).map(({ layout }) => layout),
    };
  }

  #addPack(pack: number, layout: IndexedLayout): void {
    const { index, order, object, type, count, idBytes } = layout;
    // The usual case, one pack and nothing wrong with it, takes the ids as they are.
    const isBulk = this.#table.count === 0 && count === index.count && type.every((kind) => kind > 0);
    if (isBulk) this.#table.addSorted(index.ids, count);
    for (let position = 0; position < count; position++) {
      const place = order[position] ?? 0;
      const kind = type[position] ?? 0;
      if (kind === 0 || place >= index.count) continue;
      const before = this.#table.count;
      const number = isBulk ? place : this.#table.add(index.ids, place * idBytes);
      if (!isBulk && number < before) continue;
      object[position] = number;
      this.#settle(number, { kind, pack, position });
    }
  }

  #settle(index: number, { kind, pack, position }: Copy & { kind: number }): void {
    this.#kinds[index] = kind;
    this.#homes[index] = pack;
    this.#positions[index] = position;
  }

  #stored(index: number): number {
    const { pack, position } = this.home(index);
    const layout = this.#packs[pack]?.layout;
    if (!layout) return this.#loose[position]?.stored ?? 0;
    return (layout.end[position] ?? 0) - (layout.data[position] ?? 0);
  }

  /** Family by family, each base before its deltas; then loose ones. */
  #of(kind: number): Int32Array {
    const objects: number[] = [];
    for (const { layout } of this.#packs) {
      const { count, type, parent, object } = layout;
      for (let position = 0; position < count; position++) {
        if (type[position] !== kind || (parent[position] ?? 0) >= 0) continue;
        visitFamily(layout, position, (member) => {
          const index = object[member] ?? -1;
          if (index >= 0) objects.push(index);
        });
      }
    }
    for (let index = 0; index < this.#table.count; index++) {
      if (this.#homes[index] === -1 && this.#kinds[index] === kind) objects.push(index);
    }
    return Int32Array.from(objects);
  }

  /** Those of which no copy has an index. */
  #unreadable(loose: readonly Unreadable[]): Unreadable[] {
    const found = new Map<string, Unreadable>();
    const add = (one: Unreadable): void => {
      if (this.#table.indexOf(one.oid) < 0 && !found.has(one.oid)) found.set(one.oid, one);
    };
    for (const { layout, file } of this.#packs) {
      const { order, index, count, type } = layout;
      for (let position = 0; position < count; position++) {
        const place = order[position] ?? 0;
        if ((type[position] ?? 0) > 0 || place >= index.count) continue;
        add({ kind: "unreadable", oid: idAt(index, place), reason: whyUnknown(layout, file, position) });
      }
    }
    for (const one of loose) add(one);
    return [...found.values()];
  }
}

function whyUnknown(layout: PackLayout, file: string, position: number): string {
  const parent = layout.parent[position] ?? parents.broken;
  if (parent === parents.broken)
    return `is corrupt: it has no entry in ${printable(basename(file))} that could be true`;
  if (parent === parents.elsewhere) return `is a delta of ${layout.bases.get(position)}, which is missing or corrupt`;
  return "is a delta of an object that is missing or corrupt";
}
