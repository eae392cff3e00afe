import { type Git, openGit } from "./git.ts";
import { utf8 } from "./git-files.ts";

export interface IndexEntry {
  /** Relative to the work tree, `/`-separated, UTF-8. */
  readonly path: string;
  /** The path's own bytes, to open the file by when they are not UTF-8. */
  readonly bytes: Buffer;
  readonly oid: string;
  /** 0o100644, 0o100755, 0o120000 (symbolic link) or 0o160000 (submodule, whose commit `oid` is). */
  readonly mode: number;
  /** 0, or 1 to 3 for the sides of a merge conflict. */
  readonly stage: number;
}

export interface UntrackedFile {
  /** Relative to the work tree, `/`-separated, UTF-8. Ends with `/` for another repository, which git does not enter. */
  readonly path: string;
  /** The path's own bytes, to open the file by when they are not UTF-8. */
  readonly bytes: Buffer;
}

/**
 * Entries of the index, of `indexFile` where one is given, in git's order (path, then stage). An index that does not
 * exist is empty; of one that is broken git says "git.failed". No filter or monitor runs.
 */
export async function readIndex(repo: { readonly git: Git }, indexFile?: string): Promise<readonly IndexEntry[]> {
  const { place } = repo.git;
  const git = indexFile && place ? openGit({ ...place, indexFile }) : repo.git;
  const list = await git.run(["ls-files", "--stage", "-z"]);
  return entries(list).map((entry) => {
    const gap = entry.indexOf("\t");
    const [mode = "", oid = "", stage = ""] = entry.slice(0, gap).split(" ");
    const bytes = Buffer.from(entry.slice(gap + 1), "latin1");
    return { path: bytes.toString("utf8"), bytes, oid, mode: Number.parseInt(mode, 8), stage: Number(stage) };
  });
}

/**
 * Files of the work tree that the index does not hold, without those that git ignores unless `ignored` is set. None
 * where there is no work tree.
 */
export async function untracked(
  repo: { readonly git: Git },
  { ignored }: { readonly ignored: boolean },
): Promise<readonly UntrackedFile[]> {
  if (repo.git.place?.workTree === undefined) return [];
  const list = await repo.git.run(["ls-files", "--others", "-z", ...(ignored ? [] : ["--exclude-standard"])]);
  return entries(list).map((path) => ({ path: utf8(path), bytes: Buffer.from(path, "latin1") }));
}

const entries = (list: string): string[] => list.split("\0").slice(0, -1);
