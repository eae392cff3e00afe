import { type IndexChange, readIndex, readStaged } from "../git/index-file.ts";
import { gitlink, type Repository } from "../git/repository.ts";
import type { Skip, Source } from "../terms.ts";
import { excludedSkip } from "./files.ts";
import { BlobPaths, listedSource } from "./listed.ts";

export interface StagedOptions {
  readonly excluded: (path: string) => boolean;
  readonly maxFileSize?: number;
}

/**
 * What is about to be committed: blobs of the index that HEAD's tree does not have at the same path. It reads the
 * index that git names (in a hook of `git commit FILE` another than `.git/index`), never the working tree.
 */
export async function stagedSource(repository: Repository, options: StagedOptions): Promise<Source> {
  const { excluded, maxFileSize } = options;
  const paths = new BlobPaths();
  const left = new Set<string>();
  for (const { path, oid, mode } of await stagedEntries(repository)) {
    if (mode === gitlink) continue;
    if (excluded(path)) left.add(path);
    else paths.note(oid, path);
  }
  const skips: Skip[] = [...left].map(excludedSkip);
  const limit = maxFileSize === undefined ? {} : { maxFileSize };
  return listedSource(repository, { label: "index", paths, status: "uncommitted", skips, ...limit });
}

/** What HEAD has at the paths that the index changes or takes away: nothing in it is new. */
export async function replacedSource(repository: Repository): Promise<Source> {
  const paths = new BlobPaths();
  for (const { path, before } of await readStaged(repository, repository.git.place?.indexFile)) {
    if (before !== undefined && before.mode !== gitlink) paths.note(before.oid, path);
  }
  return listedSource(repository, { label: "index", paths, status: "present" });
}

/** Entries that differ from HEAD's; of a merge conflict all sides, as git lists no difference there. */
async function stagedEntries(repository: Repository): Promise<Pick<IndexChange, "path" | "oid" | "mode">[]> {
  const { indexFile } = repository.git.place ?? {};
  const changes = await readStaged(repository, indexFile);
  const unmerged = new Set(changes.filter(({ isUnmerged }) => isUnmerged).map(({ path }) => path));
  const sides = unmerged.size === 0 ? [] : await readIndex(repository, { indexFile });
  return [
    ...changes.filter(({ isUnmerged, mode }) => !isUnmerged && mode !== 0),
    ...sides.filter(({ path }) => unmerged.has(path)),
  ];
}
