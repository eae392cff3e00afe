/**
 * Files of a repository that lie apart from its work tree, as those of a commit or of the index do. A path in one of
 * them means a file of that commit where it leads into the repository; where it leads out, it counts from the work tree
 * and never from the folder that we happened to lay the files in, beside which anybody may put theirs.
 */
import { isAbsolute, join, relative, resolve } from "node:path";
import { LeaksweepError } from "../errors.ts";
import { pathWithin } from "./within.ts";

export interface Laid {
  /** Absolute path of the folder that stands in for the root of the work tree. */
  readonly folder: string;
  /**
   * The root of that work tree, where its files are those of whoever runs this. Absent: their author may be somebody
   * else than whose machine this is, and a path that leads out of the repository is refused.
   */
  readonly root?: string;
  /** Lays further files, or all in a folder, at these absolute paths in the folder. Others are passed over. */
  fetch(paths: readonly string[]): Promise<void>;
}

export interface Naming {
  /** The file in which the path stands, for messages. */
  readonly by: string;
  /** The folder from which the path counts: of the laid ones, or any other. */
  readonly from: string;
  /** Absent: files are read where they lie. */
  readonly laid?: Laid | undefined;
}

/**
 * Where the file lies that is named `path`: an absolute path, in the laid folder for what is in the repository. Throws
 * "config.unreadable" for what must not be read.
 */
export function namedPath(path: string, { by, from, laid }: Naming): string {
  if (laid === undefined) return resolve(from, path);
  const { folder, root = folder } = laid;
  const full = resolve(isIn(folder, from) ? join(root, relative(folder, from)) : from, path);
  if (isIn(root, full)) return join(folder, relative(root, full));
  if (laid.root === undefined && isIn(folder, from)) throw outside(path, by);
  return full;
}

/** Where the rules lie that are named `path`. As `namedPath`, but an absolute path always means what it says. */
export const namedRules = (path: string, naming: Naming): string =>
  isAbsolute(path) && naming.laid?.root === undefined ? resolve(path) : namedPath(path, naming);

const isIn = (folder: string, path: string): boolean => path === folder || pathWithin(folder, path) !== undefined;

const outside = (path: string, by: string): LeaksweepError =>
  new LeaksweepError("config.unreadable", `Cannot read "${path}", which ${by} names: it is outside of the repository`, {
    hint: "Commit it to the repository and name it from the root: what is judged goes by committed files.",
  });
