/** Blobs by name: those of an index that are about to be committed, or what some paths held before. */
import type { Repository } from "../git/repository.ts";
import type { Mark, Run, Skip, Source, Status, Trace } from "../terms.ts";
import { type AnswerOptions, searchAnswer } from "./blobs.ts";
import { gitStoreOf } from "./history.ts";

export interface ListedOptions {
  /** For progress and messages. */
  readonly label: string;
  /** Ids of blobs, with the paths at which each lies. */
  readonly paths: ReadonlyMap<string, ReadonlySet<string>>;
  /** What every place in `paths` has in common. */
  readonly status: Status;
  /** What was left out when the list was made. */
  readonly skips?: readonly Skip[];
  /** Bytes; larger blobs are skipped by policy. Absent: no limit. */
  readonly maxFileSize?: number;
}

/** The blobs of a list, each read once, with a run for each path. */
export function listedSource(repository: Repository, options: ListedOptions): Source {
  const { label, paths, status, skips: left = [], maxFileSize = Number.POSITIVE_INFINITY } = options;
  const store = gitStoreOf(repository);
  return {
    label,
    async *batches(signal) {
      if (left.length > 0) yield { tally: {}, skips: left, progress: 0, search: () => [] };
      for await (const answers of store.read(paths.keys(), signal)) {
        const skips: Skip[] = [];
        const read = answers.filter((answer) => answer.kind !== "unreadable");
        yield {
          tally: { blobs: read.length, bytes: read.reduce((sum, { size }) => sum + size, 0) },
          skips,
          progress: 0,
          async *search(engine) {
            for (const answer of answers) {
              const { oid: blob } = answer;
              const [path = ""] = paths.get(blob) ?? [];
              const unread: AnswerOptions["unread"] = (why) => skips.push({ path, blob, ...why });
              yield* searchAnswer(engine, answer, { repository, maxFileSize, unread, signal });
            }
          },
        };
      }
    },
    async trace(holds) {
      const runs = new Map<Mark, Run[]>();
      for (const [oid, some] of paths) {
        for (const path of some) {
          const version = { content: oid, blob: oid };
          const place = { where: "content", path } as const;
          for (const mark of holds(oid, place)) {
            const run: Run = { ...place, first: version, last: version, versions: 1, status };
            runs.set(mark, [...(runs.get(mark) ?? []), run]);
          }
        }
      }
      const traces = [...runs].map(([mark, some]): [Mark, Trace] => [mark, { status, refs: [], runs: some }]);
      return { marks: new Map(traces), skips: [] };
    },
  };
}

/** A list of blobs and paths as it is written down, one pair at a time. */
export class BlobPaths extends Map<string, Set<string>> {
  note(oid: string, path: string): void {
    const paths = this.get(oid) ?? new Set();
    this.set(oid, paths.add(path));
  }
}
