/**
 * What a push would add: the objects that its new tips reach and that nothing known to the other side does. One
 * `rev-list` lists them, so that a small push to a large repository costs what the push holds.
 */
import type { Git } from "./git.ts";
import { utf8 } from "./git-files.ts";
import { type OidBytes, OidTable } from "./oid-table.ts";

/** What the other side is known to hold: all that these reach. */
export interface Known {
  /** Object ids; one that is not here says nothing. */
  readonly oids: readonly string[];
  /** Arguments of `git rev-list` that choose refs: `--all`, `--glob=…`, `--exclude=…`. */
  readonly refs: readonly string[];
}

export interface AddedRequest {
  /** Object ids: the new values of the refs that are pushed. */
  readonly tips: readonly string[];
  readonly known: Known;
  readonly signal?: AbortSignal | undefined;
}

export interface Added {
  /** Ids of the added objects, in git's order: commits, then tags, trees and blobs. */
  readonly table: OidTable;
  /** Ids of added objects that no store holds. */
  readonly missing: readonly string[];
}

/**
 * The added objects. It can list a few more: an object that only an old commit of the other side has counts as added.
 * Throws "git.failed" where history is broken.
 */
export async function listAdded(git: Git, { tips, known, signal }: AddedRequest): Promise<Added> {
  const idBytes: OidBytes = tips[0]?.length === 64 ? 32 : 20;
  const table = new OidTable(idBytes);
  const missing: string[] = [];
  const wanted = ["--objects", "--no-object-names", "--missing=print"];
  for await (const line of revisions(git, { wanted, tips, known, signal })) {
    if (line.startsWith("?")) missing.push(line.slice(1));
    else table.addHex(line);
  }
  return { table, missing };
}

/** Ids of the added commits, children first, with those of their parents. What a shallow clone cut off is no parent. */
export async function addedCommits(git: Git, request: AddedRequest): Promise<ReadonlyMap<string, readonly string[]>> {
  const parents = new Map<string, readonly string[]>();
  for await (const line of revisions(git, { ...request, wanted: ["--topo-order", "--parents"] })) {
    const [commit = "", ...others] = line.split(" ");
    parents.set(commit, others);
  }
  return parents;
}

/** A blob and a path at which it lay. */
export interface BlobAt {
  readonly oid: string;
  readonly path: string;
}

/** What the other side's commits have at the paths that added commits, as `addedCommits` lists them, change or remove. */
export async function replacedBlobs(git: Git, commits: ReadonlyMap<string, readonly string[]>): Promise<BlobAt[]> {
  const borders = [...commits].flatMap(([commit, parents]) =>
    parents.filter((parent) => !commits.has(parent)).map((parent) => `${commit} ${parent}\n`),
  );
  if (borders.length === 0) return [];
  const args = ["diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", "--no-commit-id", "-z", "--stdin"];
  const parts = (await git.run(args, { input: borders })).split("\0");
  const blobs: BlobAt[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [mode = "", , oid = ""] = (parts[at] ?? "").slice(1).split(" ");
    if (/^1[02]/.test(mode)) blobs.push({ oid, path: utf8(parts[at + 1] ?? "") });
  }
  return blobs;
}

/** Lines of `git rev-list` over what `tips` reach and `known` does not. */
async function* revisions(
  git: Git,
  { wanted, tips, known, signal }: AddedRequest & { wanted: readonly string[] },
): AsyncGenerator<string> {
  if (tips.length === 0) return;
  // Through standard input, since a command line has no room for fifty thousand tags.
  const input = [[...tips, ...known.oids.map((oid) => `^${oid}`), ""].join("\n")];
  const args = ["rev-list", ...wanted, "--ignore-missing", "--stdin", "--not", ...known.refs];
  let rest = "";
  for await (const part of git.stream(args, { input, signal })) {
    const lines = (rest + part.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
