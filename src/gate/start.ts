/**
 * The first steps of judging a push: which objects it adds. Nothing is loaded for them but the door to git, so that
 * git works while the rest of the program is read.
 */
import { type Added, type Known, listAdded } from "../git/added.ts";
import { hookEnvironment } from "../git/environment.ts";
import { type Git, openGit } from "../git/git.ts";
import { commonDirOf, readSmall } from "../git/git-files.ts";
import { type Found, findGitDir, placeOf } from "../git/repository.ts";
import { notRepository } from "./errors.ts";
import type { PushedRef } from "./pushed.ts";

/** A push that git told a hook of, under way to be judged. */
export interface Push {
  readonly refs: readonly PushedRef[];
  /** What messages call the other side: a remote's name, a URL, "this repository". */
  readonly side: string;
  /** The repository in which the hook runs, and git bound to it. */
  readonly found: Found;
  readonly commonDir: string;
  readonly git: Git;
  readonly known: Known;
  /** Rejects like `listAdded`. */
  readonly added: Promise<Added>;
  /** Of the repository's own: commits at which a shallow history was cut. */
  readonly shallow: ReadonlySet<string>;
}

export interface HookCall {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

export interface PushRequest extends HookCall {
  readonly refs: readonly PushedRef[];
  readonly side: string;
  /** Arguments of rev-list for the refs of the other side, from the text of the repository's own config. */
  readonly knownRefs: (config: string) => readonly string[];
}

/** Starts git on what the push adds. Throws "target.not-a-repository" where no repository is. */
export async function startPush({ refs, side, knownRefs, env, cwd, signal }: PushRequest): Promise<Push> {
  const told = hookEnvironment({ ...env }, cwd);
  const found = await findGitDir(cwd, told);
  if (!found) throw notRepository(cwd);
  const commonDir = await commonDirOf(found.gitDir);
  const git = openGit(placeOf(found, told), { signal });
  const [config = "", cut = ""] = await Promise.all(
    ["config", "shallow"].map((file) => readSmall(`${commonDir}/${file}`)),
  );
  const known = { oids: refs.flatMap(({ before }) => before ?? []), refs: knownRefs(config) };
  const added = listAdded(git, { tips: tipsOf(refs), known, signal });
  added.catch(() => {}); // awaited by the source, but it may fail before that
  return { refs, side, found, commonDir, git, known, added, shallow: new Set(cut.split("\n").filter(Boolean)) };
}

/** The push of those refs of `push` alone that are `chosen`. What was there before is that of all. */
export function partOf(push: Push, chosen: (ref: PushedRef) => boolean): Push {
  const refs = push.refs.filter(chosen);
  const added = listAdded(push.git, { tips: tipsOf(refs), known: push.known });
  added.catch(() => {}); // as above
  return { ...push, refs, added };
}

/** Ids of what the refs are to point to; a deletion has none. */
export const tipsOf = (refs: readonly PushedRef[]): string[] => [...new Set(refs.flatMap(({ oid }) => oid ?? []))];
