/** Reads files on all cores. Each thread has the rules, a kernel and an engine of its own; lots go to whoever has least to do. */
import { type ChosenRules, listOf, type RuleList } from "../rules/choice.ts";
import type { FileEntry, FilesCrew, FilesReport } from "../sources/files.ts";
import type { Rulepack } from "../terms.ts";
import { type Post, Threads } from "./threads.ts";
import { unwired, type WiredMatch } from "./wire.ts";

/** What a thread is given at its start. */
export interface FileWork {
  readonly rules: RuleList;
  readonly archiveDepth: number;
  readonly decodeDepth?: number;
  readonly maxFileSize?: number;
}

/** What it is given to read. */
export interface FileLot {
  readonly number: number;
  readonly entries: readonly FileEntry[];
}

/** What it posts for each lot. */
export type LotPost = Post<WiredFiles>;

type WiredFiles = Omit<FilesReport, "sightings"> & {
  readonly sightings: readonly { readonly content: string; readonly matches: readonly WiredMatch[] }[];
};

export interface FileCrewOptions extends Omit<FileWork, "rules"> {
  /** Threads, at least 1. */
  readonly jobs: number;
  /** What `rulepack` was compiled of. */
  readonly rules: ChosenRules;
}

/** Lots that wait for each thread: one in hand and one to begin with at once. */
const ahead = 2;

/** A crew that reads lots with the rules of `rulepack`. Reports come in the order of the lots. */
export function filesCrew(rulepack: Rulepack, { jobs, rules, ...work }: FileCrewOptions): FilesCrew {
  const unwireMatch = unwired(rulepack);
  const unwire = ({ sightings, ...rest }: WiredFiles): FilesReport => ({
    ...rest,
    sightings: sightings.map(({ content, matches }) => ({ content, matches: matches.map(unwireMatch) })),
  });
  return async function* (lots, signal) {
    const workerData: FileWork = { ...work, rules: listOf(rules) };
    const crew = new Threads<WiredFiles>({ file: "file-worker.cjs", count: jobs, workerData, signal });
    try {
      let [handed, told] = [0, 0];
      for await (const entries of lots) {
        crew.hand<FileLot>({ number: handed++, entries });
        if (handed - told >= jobs * ahead) yield unwire(await crew.report(told++));
      }
      while (told < handed) yield unwire(await crew.report(told++));
    } finally {
      await crew.close();
    }
  };
}
