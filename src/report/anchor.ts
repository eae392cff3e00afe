import type { Occurrence } from "../terms.ts";

/** A file that a forge or an editor can open for an occurrence, and where in it. */
export interface Anchor {
  /** Relative to the target's root, `/`-separated, never empty. Not escaped. */
  readonly path: string;
  /** 1-based, columns in UTF-16 units, the end exclusive; absent where the lines are not those of `path`. */
  readonly region?: Pick<Occurrence, "startLine" | "startColumn" | "endLine" | "endColumn">;
}

/**
 * The file to show for an occurrence. A member of an archive is shown at the archive, as a whole. What lies in no file
 * at all (a commit message, a tag, an author) gets a made-up path below `.git/`, since formats that want a file for
 * every finding would drop it otherwise.
 */
export function anchorOf(occurrence: Occurrence): Anchor {
  const { where, path, commit, blob, member } = occurrence;
  const { startLine, startColumn, endLine, endColumn } = occurrence;
  const region = { startLine, startColumn, endLine, endColumn };
  switch (where) {
    case "content":
      if (path === "") return { path: blob === null ? "input" : `.git/blob/${blob}`, region };
      return member === null ? { path, region } : { path };
    case "config":
      return { path: path || ".git/config", region };
    case "path":
      return { path };
    case "ref":
      return { path: `.git/${path || "refs"}` };
    case "tag":
    case "note":
      return { path: `.git/${where}/${path || (commit ?? "unnamed")}`, region };
    case "message":
    case "author":
      return { path: `.git/commit/${commit ?? "unnamed"}`, region };
  }
}
