/**
 * What this room knows: the files by which other scanners are told what to look for and what to leave alone. A file is
 * read into memory by whoever makes the plan; everything here is a pure function of its text.
 */
import { LeaksweepError } from "../errors.ts";

/** A foreign file that has been read into memory. */
export interface ForeignFile {
  /** How messages call it. */
  readonly name: string;
  readonly text: string;
  /** The config that this one extends. */
  readonly base?: ForeignFile;
}

/** Something in a foreign file that means nothing here, or something else. */
export interface Note {
  /** `file:line`. */
  readonly at: string;
  /** Id of the rule that it concerns, when it is one. */
  readonly rule?: string;
  readonly text: string;
}

/** The error for a foreign file that cannot be used. `at` is `file` or `file:line`. */
export const refusal = (at: string, problem: string, hint: string, cause?: unknown): LeaksweepError =>
  new LeaksweepError("config.invalid", `${at}: Cannot read foreign file: ${problem}`, { hint, cause });
