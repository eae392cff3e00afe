/**
 * Searches lots on all cores: of files, which a thread reads itself, or of contents, which it is handed. Each thread has
 * the rules, a kernel and an engine of its own; lots go to whoever has least to do.
 */
import { type ChosenRules, listOf, type RuleList } from "../rules/choice.ts";
import type { ContentsCrew, ContentsReport, HeldContent } from "../sources/contents.ts";
import type { FileEntry, FilesCrew, FilesReport } from "../sources/files.ts";
import type { Rulepack, Sighting } from "../terms.ts";
import { type Post, Threads } from "./threads.ts";
import { unwired, type WiredMatch } from "./wire.ts";

/** What a thread is given at its start. */
export interface LotWork {
  readonly rules: RuleList;
  readonly archiveDepth: number;
  readonly decodeDepth?: number;
  readonly maxFileSize?: number;
}

/** What it is given to search. */
export type Lot = { readonly number: number } & (
  | { readonly entries: readonly FileEntry[] }
  | { readonly contents: readonly HeldContent[] }
);

/** What it posts for each lot. */
export type LotPost = Post<Wired<FilesReport> | Wired<ContentsReport>>;

/** What is told of a lot, as it crosses from one thread to another. */
type Wired<Report extends { sightings: readonly Sighting[] }> = Omit<Report, "sightings"> & {
  readonly sightings: readonly { readonly content: string; readonly matches: readonly WiredMatch[] }[];
};

export interface LotCrewOptions extends Omit<LotWork, "rules"> {
  /** Threads, at least 1. */
  readonly jobs: number;
  /** What `rulepack` was compiled of. */
  readonly rules: ChosenRules;
}

/** Lots that wait for each thread: one in hand and one to begin with at once. */
const ahead = 2;

/** A crew that reads files with the rules of `rulepack`. Reports come in the order of the lots. */
export const filesCrew =
  (rulepack: Rulepack, options: LotCrewOptions): FilesCrew =>
  (lots, signal) =>
    searchLots<FilesReport>(rulepack, options, { lots: mapped(lots, (entries) => ({ entries })), signal });

/** A crew that searches contents with the rules of `rulepack`. Reports come in the order of the lots. */
export const contentsCrew =
  (rulepack: Rulepack, options: LotCrewOptions): ContentsCrew =>
  (lots, signal) =>
    searchLots<ContentsReport>(rulepack, options, { lots: mapped(lots, (contents) => ({ contents })), signal });

type Unnumbered<T> = T extends unknown ? Omit<T, "number"> : never;

async function* searchLots<Report extends { readonly sightings: readonly Sighting[] }>(
  rulepack: Rulepack,
  { jobs, rules, ...work }: LotCrewOptions,
  { lots, signal }: { readonly lots: AsyncIterable<Unnumbered<Lot>>; readonly signal: AbortSignal },
): AsyncIterable<Omit<Report, "sightings"> & { readonly sightings: readonly Sighting[] }> {
  const unwireMatch = unwired(rulepack);
  const unwire = (report: Wired<Report>) => ({
    ...report,
    sightings: report.sightings.map(({ content, matches }) => ({ content, matches: matches.map(unwireMatch) })),
  });
  const workerData: LotWork = { ...work, rules: listOf(rules) };
  const crew = new Threads<Wired<Report>>({ file: "lot-worker.cjs", count: jobs, workerData, signal });
  try {
    let [handed, told] = [0, 0];
    for await (const lot of lots) {
      crew.hand<Lot>({ ...lot, number: handed++ });
      if (handed - told >= jobs * ahead) yield unwire(await crew.report(told++));
    }
    while (told < handed) yield unwire(await crew.report(told++));
  } finally {
    await crew.close();
  }
}

async function* mapped<From, To>(items: AsyncIterable<From>, make: (item: From) => To): AsyncIterable<To> {
  for await (const item of items) yield make(item);
}
