/** What a repository has outside its history: the working tree and its own settings. */
import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { blobId } from "../bytes/hash.ts";
import { type IndexEntry, untracked } from "../git/index-file.ts";
import { gitlink, type Repository } from "../git/repository.ts";
import type { Skip, Source } from "../terms.ts";
import { type FileEntry, filesSource, walkFiles } from "./files.ts";
import type { HistorySource } from "./history.ts";

export interface WorktreeOptions {
  /** Has been read before: a file as the index has it needs no second look. */
  readonly history: HistorySource;
  readonly index: readonly IndexEntry[];
  readonly ignored: boolean;
  readonly excluded: (path: string) => boolean;
  readonly maxFileSize?: number;
}

/** Files of the working tree that differ from the index or that git does not track. */
export function worktreeSource(repository: Repository, options: WorktreeOptions): Source {
  const { history, index, ignored } = options;
  const root = repository.workTree ?? "";
  const tracked = new Map(index.map(({ path, oid }) => [path, oid]));
  return filesSource(entries, {
    ...options,
    label: "working tree",
    status: "uncommitted",
    where: "content",
    mayBeAbsent: true,
    known(bytes, path, isNamed) {
      const oid = blobId(bytes, repository.objectFormat);
      return history.has(oid) && (tracked.get(path) === oid || (!isNamed && !history.matched(oid)));
    },
  });

  async function* entries(): AsyncIterable<FileEntry | Skip> {
    const isFolder = folderTest(root);
    // A path in conflict has several entries and one file.
    for (const [path, { mode, bytes }] of new Map(index.map((entry) => [entry.path, entry]))) {
      if (mode === gitlink) continue;
      // A name that is no UTF-8 can be asked for by its bytes only.
      if (path.includes("\uFFFD")) yield { file: Buffer.concat([Buffer.from(`${root}/`), bytes]), path };
      else if (await isFolder(dirname(path))) yield { file: join(root, path), path };
    }
    for (const { path, bytes } of await untracked(repository, { ignored })) {
      const file = Buffer.concat([Buffer.from(`${root}/`), bytes]);
      if (!path.endsWith("/")) yield { file, path };
      // Another repository, which git does not enter: its files are here, if not its history.
      else yield* walkFiles([{ file: file.subarray(0, -1), path: path.slice(0, -1) }], options);
    }
  }
}

/**
 * A test of folders in a work tree, by path: whether it is one, reached through folders alone. Below a link, as git
 * sees it, there is nothing: what lies there belongs to the link's target, which may be outside the repository.
 */
function folderTest(root: string): (path: string) => Promise<boolean> {
  const known = new Map([[".", Promise.resolve(true)]]);
  const isFolder = (path: string): Promise<boolean> => {
    const before = known.get(path);
    if (before) return before;
    const answer = isFolder(dirname(path)).then(
      async (above) => above && ((await lstat(join(root, path)).catch(() => undefined))?.isDirectory() ?? false),
    );
    known.set(path, answer);
    return answer;
  };
  return isFolder;
}

/** The repository's own config file, where remote addresses with credentials hide. */
export function configSource(repository: Repository): Source {
  return filesSource(
    async function* () {
      yield { file: join(repository.commonDir, "config"), path: ".git/config" };
    },
    { label: "settings", status: "uncommitted", where: "config", excluded: () => false, mayBeAbsent: true },
  );
}
