/** What `ci --fetch` asks the forge for: the commits that an event speaks of, and the branches it is measured by. */
import type { CiEvent } from "./event.ts";

/** Ids and refspecs. */
export interface Missing {
  /** Without these nothing can be judged. */
  readonly needed: readonly string[];
  /** These make the range narrower; a forge may refuse any of them, as it does old commits of a forced branch. */
  readonly useful: readonly string[];
}

/** What an event needs, as far as its names are fit to be asked for. */
export function missingOf({ kind, head, ref, before, target, main }: CiEvent): Missing {
  const branches = [target, main].filter((name): name is string => name !== undefined && isPlain(name)).map(tracked);
  const asks = kind === "pull-request" || kind === "merge-queue";
  const heads = [head, ref].filter((name): name is string => name !== undefined && isPlain(name)).slice(0, 1);
  const needed = [...heads, ...(asks ? branches.slice(0, 1) : [])];
  return { needed, useful: [...new Set([...branches, ...before])].filter((want) => !needed.includes(want)) };
}

/** A name that git takes for nothing but a name. */
const isPlain = (name: string): boolean => /^[\w@][\w./@+#=-]*$/.test(name) && !name.includes("..");

const tracked = (branch: string): string => `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
