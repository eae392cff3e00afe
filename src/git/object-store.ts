/**
 * The contract of anything that holds git objects: list them all, read many of them. Consumers never learn whether
 * the bytes came through a pipe from git (`cat-file.ts`) or out of a pack by other means, and every implementation
 * answers for each id that was asked, if only to say why it cannot be read.
 */
import type { OidTable } from "./oid-table.ts";
import type { PackLayout } from "./pack/layout.ts";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

/** An object, whole. `bytes` is valid only until the next batch is taken: copy what must be kept. */
export interface StoredObject {
  readonly kind: "whole";
  readonly oid: string;
  readonly type: ObjectType;
  readonly size: number;
  readonly bytes: Uint8Array;
}

/**
 * An object too large to be held at once. `parts` can be walked once; what is left of it when the next batch is
 * taken is thrown away. When the object turns out to be broken, `parts` just ends early, and an `Unreadable` of the
 * same id follows in a later batch.
 */
export interface LargeObject {
  readonly kind: "large";
  readonly oid: string;
  readonly type: ObjectType;
  readonly size: number;
  /** Each part is valid until the next one is taken. */
  readonly parts: AsyncIterable<Uint8Array>;
}

/** An object that cannot be read. `reason` goes on where its name leaves off: "is missing or corrupt". */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly oid: string;
  readonly reason: string;
}

/** What a store says about one id that it was asked for. */
export type Answer = StoredObject | LargeObject | Unreadable;

/** Every object of a store, by dense index from 0; equal ids in several packs count once. */
export interface Inventory {
  /** Ids of all objects, in the order of their indices. */
  readonly table: OidTable;
  readonly count: number;
  type(index: number): ObjectType;
  /** Bytes that the object takes up where it lies, compressed: what reading it costs. */
  stored(index: number): number;
  /** Indices of one type's objects, in the order in which they are cheapest to read. */
  of(type: ObjectType): Int32Array;
  /** Objects that the store lists but cannot even say the type of. They have no index. */
  readonly unreadable: readonly Unreadable[];
  /** What is wrong with the store itself (a broken pack index, an alternate that is not there), one sentence each. */
  readonly complaints: readonly string[];
  /** How the packs are built, where the store has looked: those of which every entry can be read where it lies. */
  readonly packs?: readonly PackLayout[];
}

export interface ObjectStore {
  /** Every object of every pack, loose folder and alternate, reachable or not. */
  inventory(signal: AbortSignal): Promise<Inventory>;
  /**
   * One answer for each of `oids`, in batches of about 4 MiB; a `LargeObject` comes alone in its batch. Answers come in
   * the order of `oids`, but for those that one store has to leave to another: these come last. Duplicates are read twice. Throws `LeaksweepError` ("git.failed") only when nothing can be read at all.
   */
  read(oids: Iterable<string>, signal: AbortSignal): AsyncIterable<readonly Answer[]>;
}
