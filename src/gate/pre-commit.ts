/** A push as the pre-commit framework tells of it: in variables, with git's own lines used up. */
import { askGit } from "../git/git.ts";
import type { PushedRef } from "./pushed.ts";
import type { HookCall } from "./start.ts";

/** The one ref that the framework tells of, whatever git's lines were, and the remote. */
export interface ToldPush {
  readonly refs: readonly PushedRef[];
  readonly remote: readonly [name: string, url: string];
}

/**
 * What the variables of the pre-commit framework say of a push; `undefined` when they say nothing. On the first push to
 * an empty remote it names no commit, only the branch. Of several refs it tells of one.
 */
export async function preCommitPush({ env, cwd }: Pick<HookCall, "env" | "cwd">): Promise<ToldPush | undefined> {
  const { PRE_COMMIT_REMOTE_NAME: name, PRE_COMMIT_REMOTE_URL: url = name } = env;
  if (name === undefined || url === undefined) return undefined;
  const { PRE_COMMIT_TO_REF: to, PRE_COMMIT_FROM_REF: from, PRE_COMMIT_LOCAL_BRANCH: local = "HEAD" } = env;
  const idOf = (revision: string): Promise<string | undefined> =>
    askGit(["rev-parse", "--verify", "--quiet", "--end-of-options", revision], { cwd, env });
  const oid = await idOf(to ?? local);
  const before = from === undefined ? undefined : await idOf(from);
  const ref = { local, name: env.PRE_COMMIT_REMOTE_BRANCH ?? local };
  const ids = { ...(oid && { oid }), ...(before && { before }) };
  return { refs: [{ ...ref, ...ids }], remote: [name, url] };
}
