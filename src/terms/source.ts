/** Terms: what is read, where it lies, and since when. */
import type { NamedFiles } from "../bytes/named-files.ts";
import type { Allowance, Engine, Match, Sighting } from "./match.ts";
import type { ContentId } from "./rule.ts";

/** Something that was meant to be read and was not. */
export interface Skip {
  readonly path?: string;
  readonly blob?: string;
  readonly commit?: string;
  /** `policy`: the user excluded it. `fault`: everything else; the run is incomplete. */
  readonly by: "policy" | "fault";
  readonly reason: string;
}

/** Counts that prove what was covered; `bytes` is the size of all contents read. */
export interface Tally {
  readonly commits: number;
  readonly blobs: number;
  readonly files: number;
  readonly texts: number;
  readonly bytes: number;
}

/** One lot of contents on its way to the engine: some files, some objects, or a family of deltas in a pack. */
export interface Batch {
  /** What is in this lot, for the result's tally. */
  readonly tally: Partial<Tally>;
  /** What of this lot could not be read. Complete once `search` has ended. */
  readonly skips: readonly Skip[];
  /** Share of the whole source that is done when this lot is, 0 to 1. */
  readonly progress: number;
  /** Shows `engine` every span that it has not seen, each content once. */
  search(engine: Engine): Iterable<Sighting> | AsyncIterable<Sighting>;
}

export type Where = "content" | "message" | "tag" | "note" | "path" | "ref" | "author" | "config";

/** One place where a content lies. */
export interface Place {
  readonly where: Where;
  /** Relative to the target's root, `/`-separated, latin1 bytes decoded as UTF-8. Empty when nobody knows. */
  readonly path: string;
}

/** Stands for one secret (or one exposure) in a trace. Numbers are given out by the asker; sources only carry them. */
export type Mark = number;

/** Which marks a content carries when it lies at `place`: matches, less what is dropped there. Pure. */
export type Holds = (content: ContentId, place: Place) => readonly Mark[];

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A commit as a reader wants it: who and when. `date` is RFC 3339 with the author's own offset. */
export interface CommitInfo {
  readonly commit: string;
  readonly date: string;
  readonly author: Person;
}

export type Status = "present" | "removed" | "unreachable" | "uncommitted";

/** One version of a content at a path. `commit` is absent outside history. */
export interface Version {
  readonly commit?: string;
  readonly content: ContentId;
  /** Set where the content is a git blob. */
  readonly blob?: string;
}

/** One mark at one place over an unbroken run of versions. */
export interface Run extends Place {
  readonly first: Version;
  readonly last: Version;
  readonly versions: number;
  readonly status: Status;
}

/** All that a source knows of one mark. */
export interface Trace {
  readonly status: Status;
  /** Earliest commit whose tree holds the mark while no parent's does. */
  readonly introduced?: CommitInfo;
  /** Commit that took it from the last path; absent while it is present. */
  readonly removed?: CommitInfo;
  /** From where the newest run can be reached; sorted, at most 20. */
  readonly refs: readonly string[];
  readonly runs: readonly Run[];
}

/** A way to read one target. */
export interface Source {
  /** For progress and messages: "history", "working tree". */
  readonly label: string;
  /**
   * Every content of the target, each once; `trace` tells of those that lie where `named` has a file, too. Throws
   * `LeaksweepError` when it cannot begin.
   */
  batches(signal: AbortSignal, named?: NamedFiles): AsyncIterable<Batch>;
  /** Where each mark is and was. Call once, after the last batch. */
  trace(holds: Holds, signal: AbortSignal): Promise<Traced>;
}

export interface Traced {
  readonly marks: ReadonlyMap<Mark, Trace>;
  readonly skips: readonly Skip[];
}

/** A match at a place, as the files of other scanners judge it. */
export interface Placed {
  readonly match: Match;
  /** Of the file, from the target's root. */
  readonly path: string;
  readonly where: Where;
  /** The commit that brought it in; absent outside history. */
  readonly commit?: string;
}

/** What a file of another scanner says of a match at a place: why it is allowed, or nothing. Pure. */
export type Permit = (placed: Placed) => Allowance | undefined;
