/** Files of the file system: a folder, some paths, or what a repository has in its working tree and not in history. */

import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { NamedFiles } from "../bytes/named-files.ts";
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
import { codeOf, fileParts, type OnUnread, searchContent, searchStream, wholeBytes } from "./search.ts";

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
  /**
   * Says of a file's bytes that another source has them, so that they are not reported twice; of those of a file that is
   * looked for by its path, that it has them at this path.
   */
  readonly known?: (bytes: Uint8Array, path: string, isNamed: boolean) => boolean;
  /** A listed file that is not there, or is a folder now, is no fault: it was deleted and that is not committed. */
  readonly mayBeAbsent?: boolean;
  /** Reads on other threads what comes after the first megabytes. */
  readonly crew?: FilesCrew;
}

/** What came of some files. */
export interface FilesReport {
  readonly tally: { readonly files: number; readonly bytes: number };
  readonly skips: readonly Skip[];
  readonly sightings: readonly Sighting[];
}

/** Reads lots of files elsewhere, and tells what came of each, in their order. Rejects with the signal's reason. */
export type FilesCrew = (lots: AsyncIterable<readonly FileEntry[]>, signal: AbortSignal) => AsyncIterable<FilesReport>;

/** Bytes of files from which on other threads are worth their start. */
const worthCrew = 64 << 20;

/** How many files are in one batch, and how many are read at a time. */
const batchFiles = 64;

/** A source over files; `entries` is asked once. Symbolic links are read as the text they hold and never followed. */
export function filesSource(entries: () => AsyncIterable<FileEntry | Skip>, options: FilesOptions): Source {
  const paths = new Set<ContentId>();
  // What another source has is known on this thread only.
  const others = options.known === undefined ? options.crew : undefined;
  return {
    label: options.label,
    async *batches(signal, named) {
      const crew = named === undefined ? others : undefined;
      const lots = lotsOf(entries(), signal);
      let bytes = 0;
      for (let next = await lots.next(); !next.done; next = await lots.next()) {
        const lot = { ...options, ...next.value, ...(named && { named }) };
        const batch = filesBatch(next.value.entries, { ...lot, matched: paths, signal });
        yield batch;
        bytes += batch.tally.bytes ?? 0;
        if (crew && bytes > worthCrew) return yield* crewBatches(crew, lots, { ...options, matched: paths, signal });
      }
    },
    trace: async (holds) => traceFiles(paths, holds, options),
  };
}

interface EntryLot {
  readonly entries: readonly FileEntry[];
  readonly skips: Skip[];
}

async function* lotsOf(entries: AsyncIterable<FileEntry | Skip>, signal: AbortSignal): AsyncGenerator<EntryLot, void> {
  let lot = { entries: [] as FileEntry[], skips: [] as Skip[] };
  for await (const entry of entries) {
    signal.throwIfAborted();
    if ("by" in entry) lot.skips.push(entry);
    else lot.entries.push(entry);
    if (lot.entries.length + lot.skips.length < batchFiles) continue;
    yield lot;
    lot = { entries: [], skips: [] };
  }
  if (lot.entries.length + lot.skips.length > 0) yield lot;
}

/** Batches that a crew has read. What the user excluded it never sees. */
async function* crewBatches(
  crew: FilesCrew,
  lots: AsyncIterable<EntryLot>,
  { excluded, matched, signal }: Pick<Lot, "excluded" | "matched" | "signal">,
): AsyncIterable<Batch> {
  const aside: (readonly Skip[])[] = [];
  async function* wanted(): AsyncIterable<readonly FileEntry[]> {
    for await (const { entries, skips } of lots) {
      const out = new Set(entries.filter(({ path }) => excluded(path)));
      aside.push([...skips, ...[...out].map(({ path }) => excludedSkip(path))]);
      yield entries.filter((entry) => !out.has(entry));
    }
  }
  for await (const { tally, skips, sightings } of crew(wanted(), signal)) {
    for (const { content } of sightings) matched.add(content);
    yield { tally, skips: [...(aside.shift() ?? []), ...skips], progress: 0, search: () => sightings };
  }
}

/** What `engine` recognises in files, none of which is excluded. */
export async function searchFiles(
  engine: Engine,
  entries: readonly FileEntry[],
  { maxFileSize }: Pick<FilesOptions, "maxFileSize">,
): Promise<FilesReport> {
  const lot: Lot = {
    label: "files",
    status: "present",
    where: "content",
    excluded: () => false,
    ...(maxFileSize !== undefined && { maxFileSize }),
    skips: [],
    matched: new Set(),
    signal: new AbortController().signal,
  };
  const batch = filesBatch(entries, lot);
  const sightings: Sighting[] = [];
  for await (const sighting of batch.search(engine)) sightings.push(sighting);
  return { tally: { files: 0, bytes: 0, ...batch.tally }, skips: batch.skips, sightings };
}

interface OpenTally {
  files: number;
  bytes: number;
}

interface Lot extends FilesOptions {
  readonly skips: Skip[];
  readonly matched: Set<ContentId>;
  readonly named?: NamedFiles;
  readonly signal: AbortSignal;
}

function filesBatch(entries: readonly FileEntry[], lot: Lot): Batch {
  const { skips, matched, signal, mayBeAbsent } = lot;
  const tally: OpenTally = { files: 0, bytes: 0 };
  return {
    tally,
    skips,
    progress: 0,
    async *search(engine) {
      await setImmediate(); // files are read in one go: without this nobody else, ^C included, would get a turn
      for (const entry of entries) {
        signal.throwIfAborted();
        try {
          for await (const sighting of searchFile(engine, entry, { ...lot, tally })) {
            matched.add(sighting.content);
            yield sighting;
          }
        } catch (error) {
          signal.throwIfAborted();
          const code = codeOf(error);
          if (mayBeAbsent && /^ENO(?:ENT|TDIR)$/.test(code)) continue;
          skips.push({ path: entry.path, by: "fault", reason: `cannot be read: ${code}` });
        }
      }
    },
  };
}

async function* searchFile(
  engine: Engine,
  { file, path }: FileEntry,
  lot: Lot & { tally: OpenTally },
): AsyncIterable<Sighting> {
  const { tally, skips, signal, maxFileSize = Number.POSITIVE_INFINITY } = lot;
  if (lot.excluded(path)) {
    skips.push(excludedSkip(path));
    return;
  }
  const info = lstatSync(file);
  if (info.isDirectory() && lot.mayBeAbsent) return;
  if (!info.isFile() && !info.isSymbolicLink()) {
    skips.push({ path, by: "fault", reason: "is not a regular file" });
    return;
  }
  if (info.size > maxFileSize) {
    skips.push({ path, by: "policy", reason: `larger than ${maxFileSize} bytes` });
    return;
  }
  const isNamed = lot.named?.has(path) === true;
  tally.files++;
  tally.bytes += info.size;
  const onUnread: OnUnread = (member, reason) =>
    void skips.push({ path: member === "" ? path : `${path}!${member}`, by: "fault", reason });
  if (info.size > wholeBytes) {
    if (isNamed) lot.matched.add(path);
    yield* searchStream(engine, path, { parts: fileParts(file, signal), onUnread });
    return;
  }
  const bytes = info.isSymbolicLink() ? readlinkSync(file, "buffer") : readRegular(file);
  if (bytes === undefined) skips.push({ path, by: "fault", reason: "is not a regular file" });
  else if (!lot.known?.(bytes, path, isNamed)) {
    if (isNamed) lot.matched.add(path);
    yield* searchContent(engine, path, { bytes, onUnread });
  }
}

/**
 * A regular file's bytes; `undefined` where something else has taken its place, which could lead elsewhere or never
 * end. Small reads that are handed to another thread take five times as long.
 */
function readRegular(file: string | Buffer): Buffer | undefined {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants; // Windows has but the first
  const handle = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return fstatSync(handle).isFile() ? readFileSync(handle) : undefined;
  } finally {
    closeSync(handle);
  }
}

/** What is said of a path that the user excluded. */
export const excludedSkip = (path: string): Skip => ({ path, by: "policy", reason: "excluded by the configuration" });

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
 * Every file at or below `tops`, in a steady order; what lies below has the top's path before its own. Folders named
 * `.git` are left out: a repository's history is another source's business. They, and folders that cannot be read or
 * are excluded, become one skip each.
 */
export async function* walkFiles(
  tops: readonly FileEntry[],
  { excluded }: Pick<FilesOptions, "excluded">,
): AsyncIterable<FileEntry | Skip> {
  for (const top of tops) {
    const isFolder = await lstat(top.file).then((about) => about.isDirectory(), codeOf);
    if (typeof isFolder === "string") yield { path: top.path, by: "fault", reason: `cannot be read: ${isFolder}` };
    else yield* walk(top, isFolder);
  }

  async function* walk(entry: FileEntry, isFolder: boolean): AsyncIterable<FileEntry | Skip> {
    const { file, path } = entry;
    if (excluded(path)) {
      yield excludedSkip(path);
    } else if (!isFolder) {
      yield entry;
    } else {
      const inside = entriesOf(file);
      if (typeof inside === "string") {
        yield { path, by: "fault", reason: `cannot be read: ${inside}` };
        return;
      }
      for (const one of inside.sort((a, b) => Buffer.compare(a.name, b.name))) {
        const inner = below(entry, one.name);
        if (one.name.toString() !== ".git") yield* walk(inner, one.isDirectory());
        else if (one.isDirectory()) yield { path: inner.path, by: "policy", reason: ofGit };
      }
    }
  }
}

const ofGit = 'is a folder of git\'s own, which "leaksweep git" reads';

/** What a folder holds, or the code of why nobody can tell. */
function entriesOf(folder: string | Buffer): Dirent<Buffer>[] | string {
  try {
    return readdirSync(folder, { encoding: "buffer", withFileTypes: true });
  } catch (error) {
    return codeOf(error);
  }
}

/** The entry with this name in a folder. Only where a name is not UTF-8 do its bytes have to be kept. */
function below({ file, path }: FileEntry, name: Buffer): FileEntry {
  const text = name.toString();
  const inside =
    typeof file === "string" && isUtf8(name) ? join(file, text) : Buffer.concat([Buffer.from(file), slash, name]);
  return { file: inside, path: path === "" ? text : `${path}/${text}` };
}

const slash = Buffer.from("/");
