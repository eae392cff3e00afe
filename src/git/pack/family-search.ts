import type { Match } from "../../terms.ts";
import type { PackLayout } from "./layout.ts";

/** What a search of some delta families came to. Objects are told by their index in the inventory. */
export interface FamilyReport {
  /** Objects that were searched, each once. */
  readonly objects: Int32Array;
  /** Bytes that each of them holds. */
  readonly sizes: Float64Array;
  readonly sightings: readonly { readonly object: number; readonly matches: readonly Match[] }[];
  /** Objects that must be read in another way: broken here, larger than there is memory for, or more than their bytes. */
  readonly left: Int32Array;
}

export interface FamilySearchOptions {
  readonly signal: AbortSignal;
  /** Whether somebody wants to know of the object with this index; families without any such may be left out. */
  readonly isWanted: (object: number) => boolean;
}

/**
 * Searches all blobs of some packs by their delta families, in no particular order. Only what an object has and its base
 * has not is looked at; what is found is what a look at each object alone would find. Rejects with the signal's reason.
 */
export type FamilySearch = (packs: readonly PackLayout[], options: FamilySearchOptions) => AsyncIterable<FamilyReport>;
