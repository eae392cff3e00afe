/** What a repository has outside its history: the working tree and its own settings. */
import { join } from "node:path";
import { blobId } from "../bytes/hash.ts";
import { type IndexEntry, untracked } from "../git/index-file.ts";
import type { Repository } from "../git/repository.ts";
import type { Skip, Source } from "../terms.ts";
import { type FileEntry, filesSource } from "./files.ts";
import type { HistorySource } from "./history.ts";

export interface WorktreeOptions {
  /** Has been read before: a file as the index has it needs no second look. */
  readonly history: HistorySource;
  readonly index: readonly IndexEntry[];
  readonly ignored: boolean;
  readonly excluded: (path: string) => boolean;
  readonly maxFileSize?: number;
}

const gitlink = 0o160000;

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
    known(bytes, path) {
      const oid = blobId(bytes, repository.objectFormat);
      return history.has(oid) && (tracked.get(path) === oid || !history.matched(oid));
    },
  });

  async function* entries(): AsyncIterable<FileEntry | Skip> {
    for (const { path, mode } of index) if (mode !== gitlink) yield { file: join(root, path), path };
    for (const { path, bytes } of await untracked(repository, { ignored })) {
      if (path.endsWith("/")) yield { path, by: "policy", reason: "is another repository: scan it by itself" };
      else yield { file: Buffer.concat([Buffer.from(`${root}/`), bytes]), path };
    }
  }
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
