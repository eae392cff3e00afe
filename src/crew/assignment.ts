import type { FamilyGroup } from "../git/pack/families.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import type { RuleList } from "../rules/choice.ts";
import type { SearchOptions } from "./group-search.ts";
import type { Post } from "./threads.ts";
import type { WiredReport } from "./wire.ts";

/** A group of delta families and the pack it lies in. */
export interface Work {
  readonly layout: PackLayout;
  readonly group: FamilyGroup;
}

/** What a thread is given at its start. */
export interface Assignment {
  readonly rules: RuleList;
  readonly options: SearchOptions;
  readonly work: readonly Work[];
  /** One number, shared by all threads: the first group that nobody has taken. */
  readonly next: Int32Array;
}

/** What it posts for each group; its number is the place in `work`. */
export type GroupPost = Post<WiredReport>;
