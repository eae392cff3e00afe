/** Reads files on all cores. Each thread has the rules, a kernel and an engine of its own; lots are handed to whoever is free. */
import { Worker } from "node:worker_threads";
import { type ChosenRules, listOf, type RuleList } from "../rules/choice.ts";
import type { FileEntry, FilesCrew, FilesReport } from "../sources/files.ts";
import type { Rulepack } from "../terms.ts";
import { threadFile } from "./thread-file.ts";
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

interface Post {
  readonly number: number;
  readonly report: Omit<FilesReport, "sightings"> & {
    readonly sightings: readonly { readonly content: string; readonly matches: readonly WiredMatch[] }[];
  };
}

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
  return async function* (lots, signal) {
    const workerData: FileWork = { ...work, rules: listOf(rules) };
    const workers = Array.from({ length: jobs }, () => new Worker(threadFile("file-worker.js"), { workerData }));
    const waiting = new Map<number, (post: Post["report"]) => void>();
    const failed = new Promise<never>((_, reject) => {
      for (const worker of workers) {
        worker.on("message", ({ number, report }: Post) => waiting.get(number)?.(report));
        worker.on("error", reject);
        worker.on("exit", (code) => code !== 0 && reject(new Error(`a thread ended with code ${code}`)));
      }
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    failed.catch(() => {}); // who waits for a report is told
    const hand = (entries: readonly FileEntry[], number: number): Promise<Post["report"]> =>
      new Promise((done) => {
        waiting.set(number, done);
        workers[number % jobs]?.postMessage({ number, entries } satisfies FileLot);
      });
    try {
      const handed: Promise<Post["report"]>[] = [];
      let number = 0;
      for await (const entries of lots) {
        handed.push(hand(entries, number++));
        if (handed.length >= jobs * ahead) yield report(await Promise.race([handed.shift(), failed]));
      }
      for (const one of handed) yield report(await Promise.race([one, failed]));
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  };

  function report(post: Post["report"] | undefined): FilesReport {
    const { sightings = [], tally = { files: 0, bytes: 0 }, skips = [] } = post ?? {};
    const found = sightings.map(({ content, matches }) => ({ content, matches: matches.map(unwireMatch) }));
    return { tally, skips, sightings: found };
  }
}
