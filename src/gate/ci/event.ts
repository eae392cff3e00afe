/** What a CI system says it is running for. Read from its environment alone; the repository is asked later. */

/**
 * `push`: a branch was created or moved. `pull-request`: somebody asks to merge. `merge-queue`: the forge is about to
 * merge. `tag`: a tag was created or moved. `full`: a timer or a person, who want all of history. `none`: a branch or
 * tag was deleted, so that nothing is to be judged.
 */
export type CiKind = "push" | "pull-request" | "merge-queue" | "tag" | "full" | "none";

export interface CiEvent {
  readonly kind: CiKind;
  /** Commit that is judged, as an id or a full ref. Absent: HEAD of the checkout. */
  readonly head?: string;
  /** Name that the judged commit has or gets: `refs/heads/main`, `refs/pull/7/head`. */
  readonly ref?: string;
  /** Commits that were there before, as ids; none when nobody says. One that the checkout has not got says nothing. */
  readonly before: readonly string[];
  /** Branch that a pull request wants to go into, without `refs/heads/`. */
  readonly target?: string;
  /** The repository's main branch, without `refs/heads/`, where the system says which. */
  readonly main?: string;
}

/** A CI system. Nothing here touches the network or the repository. */
export interface CiSystem {
  /** As people call it. */
  readonly name: string;
  /** How to get the whole history in its configuration: an imperative sentence. */
  readonly deepen: string;
  /** Whether a process with this environment runs in it. */
  readonly isHere: (env: CiEnvironment) => boolean;
  /** What it runs for. */
  readonly event: (env: CiEnvironment, read: ReadText) => CiEvent;
}

export type CiEnvironment = Readonly<Record<string, string | undefined>>;

/** The text of a file that the environment names; `undefined` where there is none. */
export type ReadText = (path: string) => string | undefined;

/** An event with the fields that are known: empty strings, zero ids and absent values leave none. */
export function eventOf(
  kind: CiKind,
  parts: {
    readonly head?: string | undefined;
    readonly ref?: string | undefined;
    readonly before?: readonly (string | undefined)[];
    readonly target?: string | undefined;
    readonly main?: string | undefined;
  },
): CiEvent {
  const { head, ref, before = [], target, main } = parts;
  return {
    kind,
    ...(head && { head }),
    ...(ref && { ref }),
    before: [...new Set(before.filter((id): id is string => isId(id)))],
    ...(target && { target: branchName(target) }),
    ...(main && { main: branchName(main) }),
  };
}

/** Whether `text` is an object id and not the zeros that stand for none. */
export const isId = (text: string | undefined): boolean =>
  text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) && !/^0+$/.test(text);

/** `main` of `refs/heads/main`, `origin/main` and `main`. */
const branchName = (ref: string): string =>
  ref.replace(/^refs\/heads\//, "").replace(/^(?:refs\/remotes\/)?origin\//, "");

/** Full name of a branch; nothing for an empty one. */
export const branchRef = (name: string | undefined): string | undefined =>
  name ? `refs/heads/${branchName(name)}` : undefined;

/** Full name of a tag; nothing for an empty one. */
export const tagRef = (name: string | undefined): string | undefined => (name ? `refs/tags/${name}` : undefined);
