import { readIndex } from "../git/index-file.ts";
import { gitlink, type Repository } from "../git/repository.ts";
import type { Mark, Run, Skip, Source, Trace } from "../terms.ts";
import { type AnswerOptions, searchAnswer } from "./blobs.ts";
import { excludedSkip } from "./files.ts";
import { storeOf } from "./history.ts";

export interface StagedOptions {
  readonly excluded: (path: string) => boolean;
  readonly maxFileSize?: number;
  readonly signal: AbortSignal;
}

/**
 * What is about to be committed: blobs of the index that HEAD's tree does not have at the same path. It reads the
 * index that git names (in a hook of `git commit FILE` another than `.git/index`), never the working tree.
 */
export async function stagedSource(repository: Repository, options: StagedOptions): Promise<Source> {
  const { paths, skips: excluded } = await stagedBlobs(repository, options);
  const store = storeOf(repository);
  const { maxFileSize = Number.POSITIVE_INFINITY } = options;
  return {
    label: "index",
    async *batches(signal) {
      if (excluded.length > 0) yield { tally: {}, skips: excluded, progress: 0, search: () => [] };
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
            const run: Run = { ...place, first: version, last: version, versions: 1, status: "uncommitted" };
            runs.set(mark, [...(runs.get(mark) ?? []), run]);
          }
        }
      }
      const traces = [...runs].map(([mark, some]): [Mark, Trace] => [
        mark,
        { status: "uncommitted", refs: [], runs: some },
      ]);
      return { marks: new Map(traces), skips: [] };
    },
  };
}

/** Blobs of the index that HEAD does not have there, with their paths, each once however many stages name it. */
async function stagedBlobs(
  repository: Repository,
  { excluded }: StagedOptions,
): Promise<{ paths: ReadonlyMap<string, ReadonlySet<string>>; skips: readonly Skip[] }> {
  const committed = await headBlobs(repository);
  const paths = new Map<string, Set<string>>();
  const left = new Set<string>();
  for (const { path, oid, mode } of await readIndex(repository, repository.git.place?.indexFile)) {
    if (mode === gitlink || committed.get(path) === oid) continue;
    if (excluded(path)) left.add(path);
    else paths.set(oid, (paths.get(oid) ?? new Set()).add(path));
  }
  return { paths, skips: [...left].map(excludedSkip) };
}

/** Blob ids in HEAD's tree, by path; none before the first commit. */
async function headBlobs({ git }: Repository): Promise<ReadonlyMap<string, string>> {
  const listed = await git.run(["ls-tree", "-r", "-z", "--full-tree", "HEAD"], { okCodes: [0, 128] });
  const blobs = new Map<string, string>();
  for (const line of listed.split("\0")) {
    const tab = line.indexOf("\t");
    if (tab < 0) continue;
    const [, , oid = ""] = line.slice(0, tab).split(" ");
    blobs.set(Buffer.from(line.slice(tab + 1), "latin1").toString("utf8"), oid);
  }
  return blobs;
}
