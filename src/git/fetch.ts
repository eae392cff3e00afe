/** What a mirror needs to stay one: asking another repository what it has, and getting that. */
import { openGit } from "./git.ts";
import { type RemoteOptions, remoteOf, unreachable } from "./remote.ts";

/** All that a repository says it has. */
export interface RemoteRefs {
  /** Object id by full name (`refs/heads/main`), without HEAD and without what tags lead to. */
  readonly refs: ReadonlyMap<string, string>;
  /** The branch that HEAD means; absent when it is detached or the server does not say. */
  readonly head?: string;
}

/** The refs of the repository at `url`; none for an empty one. Throws as `clone` does. */
export async function lsRemote(url: string, options: RemoteOptions = {}): Promise<RemoteRefs> {
  const { address, reach } = remoteOf(url, options);
  const git = openGit(undefined, { signal: options.signal, reach });
  const list = await git.run(["ls-remote", "--symref", "--", address]).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw unreachable("read", address, error);
  });
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const line of list.split("\n")) {
    const [, branch] = /^ref: (\S+)\tHEAD$/.exec(line) ?? [];
    if (branch !== undefined) head = branch;
    const [, oid, name] = /^([0-9a-f]{40,64})\t(refs\/.*)$/.exec(line) ?? [];
    if (oid !== undefined && name !== undefined && !name.endsWith("^{}")) refs.set(name, oid);
  }
  return { refs, ...(head !== undefined && { head }) };
}

/**
 * Makes the mirror at `dir` have the refs that `url` has, and no others. What comes stays in one pack. Throws as
 * `clone` does.
 */
export async function fetchMirror(
  dir: string,
  url: string,
  options: RemoteOptions & { head?: string } = {},
): Promise<void> {
  await fetchInto(dir, url, { ...options, wanted: ["+refs/*:refs/*"], flags: ["--prune", "--force"] });
  if (options.head === undefined) return;
  // A branch that became the default one; that HEAD means it decides what counts as present.
  await openGit({ gitDir: dir }).run(["symbolic-ref", "HEAD", options.head]);
}

/**
 * Brings objects into the mirror at `dir` by their ids, with all they lead to, and gives them no name there: a scan
 * sees them as what they are, reachable from nowhere. Throws as `clone` does, also when one of them is not given out.
 */
export async function fetchObjects(
  dir: string,
  url: string,
  ids: readonly string[],
  options: RemoteOptions = {},
): Promise<void> {
  await fetchInto(dir, url, { ...options, wanted: ids, flags: [] });
}

interface Wanted extends RemoteOptions {
  readonly wanted: readonly string[];
  readonly flags: readonly string[];
}

async function fetchInto(dir: string, url: string, { wanted, flags, ...options }: Wanted): Promise<void> {
  const { address, reach } = remoteOf(url, options);
  const git = openGit({ gitDir: dir }, { signal: options.signal, reach });
  const how = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--no-recurse-submodules"];
  try {
    // Through standard input: a command line has no room for ten thousand ids.
    await git.run(["fetch", ...how, ...flags, "--stdin", "--", address], { input: [`${wanted.join("\n")}\n`] });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw unreachable("fetch", address, error);
  }
}

/** Which of `ids` are in the repository at `dir`. */
export async function objectsHere(dir: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const input = [`${ids.join("\n")}\n`];
  const answer = await openGit({ gitDir: dir }).run(["cat-file", "--batch-check=%(objectname)", "--buffer"], { input });
  return new Set(answer.split("\n").filter((line) => /^[0-9a-f]{40,64}$/.test(line)));
}

/** Refs of the mirror at `dir`, as `lsRemote` would give them. */
export async function mirrorRefs(dir: string): Promise<ReadonlyMap<string, string>> {
  const list = await openGit({ gitDir: dir }).run(["for-each-ref", "--format=%(objectname) %(refname)"]);
  const lines = list.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
}
