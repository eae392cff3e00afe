/**
 * Runs of versions, joined as history joins. While commits are walked from the oldest on, each place where a mark
 * stands belongs to a run; where two branches that both carry it meet, their runs turn out to be one. That is
 * union-find, with the versions gathered at the root.
 */
import type { Mark, Place, Run } from "../../terms.ts";

/** A run whose versions are all known. */
export interface ClosedRun extends Run {
  readonly mark: Mark;
  /** Numbers of its oldest and newest commit; -1 where no commit has it. */
  readonly oldest: number;
  readonly newest: number;
  /** The refs that lead there, for what no commit has. */
  readonly refs?: readonly string[];
}

/** One version in a run: the commit that brought it and the content. */
export interface RunVersion {
  readonly commit: number;
  /** The commit's place in the order of history; commits that no ref reaches stand behind all others. */
  readonly order: number;
  readonly object: number;
}

export class OpenRun implements Place {
  readonly mark: Mark;
  readonly where: Place["where"];
  readonly path: string;
  #joined: OpenRun | undefined;
  /** By object: an edit elsewhere in history that brings the same bytes back is the same version. */
  #versions = new Map<number, RunVersion>();

  constructor(mark: Mark, { where, path }: Place) {
    this.mark = mark;
    this.where = where;
    this.path = path;
  }

  /** The run that this one has become part of, itself while it stands alone. */
  get root(): OpenRun {
    let root: OpenRun = this;
    while (root.#joined) root = root.#joined;
    if (this !== root) this.#joined = root;
    return root;
  }

  add(version: RunVersion): void {
    const { root } = this;
    const known = root.#versions.get(version.object);
    if (!known || version.order < known.order) root.#versions.set(version.object, version);
  }

  join(other: OpenRun): void {
    let [into, from] = [this.root, other.root];
    if (into === from) return;
    if (into.#versions.size < from.#versions.size) [into, from] = [from, into];
    for (const version of from.#versions.values()) {
      const known = into.#versions.get(version.object);
      if (!known || version.order < known.order) into.#versions.set(version.object, version);
    }
    from.#joined = into;
    from.#versions = new Map();
  }

  /** The version with this object, if the run has it. */
  version(object: number): RunVersion | undefined {
    return this.root.#versions.get(object);
  }

  /** All versions, oldest first. */
  get versions(): RunVersion[] {
    return [...this.root.#versions.values()].sort((a, b) => a.order - b.order);
  }
}
