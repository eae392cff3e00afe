import { LeaksweepError } from "../errors.ts";
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
 * Entries of the index, of `indexFile` where one is given, in git's order (path, then stage); with `paths`, which are
 * patterns of git, only those. An index that does not
 * exist is empty; of one that is broken git says "git.failed". No filter or monitor runs.
 */
export async function readIndex(
  repo: { readonly git: Git },
  { indexFile, paths = [] }: { readonly indexFile?: string | undefined; readonly paths?: readonly string[] } = {},
): Promise<readonly IndexEntry[]> {
  const { place } = repo.git;
  const git = indexFile && place ? openGit({ ...place, indexFile }) : repo.git;
  const list = await git.run(["ls-files", "--stage", "-z", "--", ...paths]);
  return entries(list).map((entry) => {
    const gap = entry.indexOf("\t");
    const [mode = "", oid = "", stage = ""] = entry.slice(0, gap).split(" ");
    const bytes = Buffer.from(entry.slice(gap + 1), "latin1");
    return { path: bytes.toString("utf8"), bytes, oid, mode: Number.parseInt(mode, 8), stage: Number(stage) };
  });
}

/** A path at which the index and the tree of HEAD differ. */
export interface IndexChange {
  /** Relative to the work tree, `/`-separated, UTF-8. */
  readonly path: string;
  readonly oid: string;
  /** As in `IndexEntry`; 0 where the index has nothing at this path. */
  readonly mode: number;
  /** What HEAD has there. */
  readonly before?: { readonly oid: string; readonly mode: number };
  /** The path is in a merge conflict: git says nothing of what the index has there. */
  readonly isUnmerged: boolean;
}

/**
 * What the next commit would change, in git's order; before the first commit all that the index holds. Of the index in
 * `indexFile` where one is given. No filter or monitor runs, and no file of the work tree is looked at.
 */
export async function readStaged(
  repo: { readonly git: Git; readonly objectFormat: "sha1" | "sha256" },
  indexFile?: string,
): Promise<readonly IndexChange[]> {
  const { place } = repo.git;
  const git = indexFile && place ? openGit({ ...place, indexFile }) : repo.git;
  const compare = (tree: string): Promise<string> =>
    git.run(["diff-index", "--cached", "--raw", "--no-renames", "--no-abbrev", "-z", tree, "--"]);
  return changesIn(
    await compare("HEAD").catch(async (error: unknown) => {
      if (!(error instanceof LeaksweepError && error.code === "git.failed") || (await hasHead(git))) throw error;
      return compare(emptyTree[repo.objectFormat]);
    }),
  );
}

const hasHead = async (git: Git): Promise<boolean> =>
  (await git.run(["rev-parse", "--quiet", "--verify", "HEAD"], { okCodes: [0, 1, 128] })) !== "";

/** Ids of the tree without entries, which every git knows. */
const emptyTree = {
  sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
} as const;

/** Format: `:<mode before> <mode> <id before> <id> <status>` NUL `<path>` NUL; see git-diff-index, "raw output format". */
function changesIn(list: string): IndexChange[] {
  const parts = entries(list);
  const changes: IndexChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [modeBefore = "", mode = "", oidBefore = "", oid = "", status] = (parts[at] ?? "").slice(1).split(" ");
    const before = { oid: oidBefore, mode: Number.parseInt(modeBefore, 8) };
    changes.push({
      path: utf8(parts[at + 1] ?? ""),
      oid,
      mode: Number.parseInt(mode, 8),
      ...(before.mode !== 0 && { before }),
      isUnmerged: status === "U",
    });
  }
  return changes;
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
