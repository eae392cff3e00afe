/** Files of the file system: a folder, some paths, or what a repository has in its working tree and not in history. */
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type {
  Batch,
  ContentId,
  Engine,
  Holds,
  Mark,
  Run,
  Sighting,
  Skip,
  Source,
  Status,
  Trace,
  Traced,
} from "../terms.ts";
import { searchParts, searchWhole, wholeBytes } from "./search.ts";

/** One file to read: where it is, and its path in the target, `/`-separated. */
export interface FileEntry {
  /** Bytes where the name is not UTF-8. */
  readonly file: string | Buffer;
  readonly path: string;
}

export interface FilesOptions {
  readonly label: string;
  /** What a match in one of these files is: `present` in a folder, `uncommitted` in a repository. */
  readonly status: Status;
  /** `content`, or `config` for a repository's own settings. */
  readonly where: "content" | "config";
  /** Bytes; larger files are skipped by policy. */
  readonly maxFileSize?: number;
  /** Paths the user excluded; they are skipped by policy. */
  readonly excluded: (path: string) => boolean;
  /** Says of a file's bytes that another source has them at this path, so that they are not reported twice. */
  readonly known?: (bytes: Uint8Array, path: string) => boolean;
  /** A listed file that is not there is no fault: somebody deleted it and has not committed that. */
  readonly mayBeAbsent?: boolean;
}

/** How many files are in one batch, and how many are read at a time. */
const batchFiles = 64;

/** A source over files; `entries` is asked once. Symbolic links are read as the text they hold and never followed. */
export function filesSource(entries: () => AsyncIterable<FileEntry | Skip>, options: FilesOptions): Source {
  const paths = new Set<ContentId>();
  return {
    label: options.label,
    async *batches(signal) {
      let waiting: FileEntry[] = [];
      let skips: Skip[] = [];
      for await (const entry of entries()) {
        signal.throwIfAborted();
        if ("by" in entry) skips.push(entry);
        else waiting.push(entry);
        if (waiting.length + skips.length < batchFiles) continue;
        yield filesBatch(waiting, skips, options, paths);
        [waiting, skips] = [[], []];
      }
      if (waiting.length + skips.length > 0) yield filesBatch(waiting, skips, options, paths);
    },
    trace: async (holds) => traceFiles(paths, holds, options),
  };
}

interface OpenTally {
  files: number;
  bytes: number;
}

function filesBatch(
  entries: readonly FileEntry[],
  skips: Skip[],
  options: FilesOptions,
  matched: Set<ContentId>,
): Batch {
  const tally: OpenTally = { files: 0, bytes: 0 };
  return {
    tally,
    skips,
    progress: 0,
    async *search(engine) {
      for (const entry of entries) {
        try {
          for await (const sighting of searchFile(engine, entry, { ...options, tally, skips })) {
            matched.add(sighting.content);
            yield sighting;
          }
        } catch (error) {
          if (options.mayBeAbsent && codeOf(error) === "ENOENT") continue;
          skips.push({ path: entry.path, by: "fault", reason: `cannot be read: ${codeOf(error)}` });
        }
      }
    },
  };
}

async function* searchFile(
  engine: Engine,
  { file, path }: FileEntry,
  options: FilesOptions & { tally: OpenTally; skips: Skip[] },
): AsyncIterable<Sighting> {
  const { tally, skips, maxFileSize = Number.POSITIVE_INFINITY } = options;
  if (options.excluded(path)) {
    skips.push({ path, by: "policy", reason: "excluded by the configuration" });
    return;
  }
  const info = await lstat(file);
  if (!info.isFile() && !info.isSymbolicLink()) {
    skips.push({ path, by: "fault", reason: "is not a regular file" });
    return;
  }
  if (info.size > maxFileSize) {
    skips.push({ path, by: "policy", reason: `larger than ${maxFileSize} bytes` });
    return;
  }
  tally.files++;
  tally.bytes += info.size;
  if (info.size > wholeBytes) {
    yield* searchParts(engine, path, createReadStream(file, { highWaterMark: 1 << 20 }));
    return;
  }
  const bytes = info.isSymbolicLink() ? Buffer.from(await readlink(file)) : await readFile(file);
  if (!options.known?.(bytes, path)) yield* searchWhole(engine, path, bytes);
}

/** `ENOENT` and the like: the part of an error that says why and holds no path. */
const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);

function traceFiles(paths: ReadonlySet<ContentId>, holds: Holds, { status, where }: FilesOptions): Traced {
  const runs = new Map<Mark, Run[]>();
  for (const path of [...paths].sort()) {
    for (const mark of holds(path, { where, path })) {
      const version = { content: path };
      const run: Run = { where, path, first: version, last: version, versions: 1, status };
      runs.set(mark, [...(runs.get(mark) ?? []), run]);
    }
  }
  const marks = new Map([...runs].map(([mark, some]): [Mark, Trace] => [mark, { status, refs: [], runs: some }]));
  return { marks, skips: [] };
}

/**
 * Every file at or below `paths`, in a steady order; paths in the entries are relative to `root`. Folders named
 * `.git` are left out: a repository's history is another source's business. Unreadable folders become skips.
 */
export async function* walkFiles(root: string, paths: readonly string[]): AsyncIterable<FileEntry | Skip> {
  for (const path of paths) yield* walk(path);

  async function* walk(file: string): AsyncIterable<FileEntry | Skip> {
    const path = relative(root, file).split(sep).join("/");
    let folder: boolean;
    let names: string[] = [];
    try {
      folder = (await lstat(file)).isDirectory();
      if (folder) names = (await readdir(file)).sort();
    } catch (error) {
      yield { path, by: "fault", reason: `cannot be read: ${codeOf(error)}` };
      return;
    }
    if (!folder) yield { file, path };
    for (const name of names) if (name !== ".git") yield* walk(join(file, name));
  }
}
