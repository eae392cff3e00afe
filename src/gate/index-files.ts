/** What of an index counts: files as they are in it, and links, which are followed in it as far as it goes. */
import { posix } from "node:path";
import type { Git } from "../git/git.ts";
import { type IndexEntry, readIndex } from "../git/index-file.ts";
import { blobsOf, type TreeFile } from "./laid-files.ts";
import { rootPath } from "./policy.ts";

/** A path that git tracks. */
export interface Tracked {
  readonly path: string;
  /** Absent where the index does not say what is there: for submodules, and links that lead to no file in it. */
  readonly oid?: string;
}

/** What the index has at `paths`, and of rules in folders there, in git's order. */
export async function trackedAt(git: Git, paths: readonly string[]): Promise<readonly Tracked[]> {
  const entries = await entriesAt(git, paths);
  const links = entries.filter(isLink).map((entry) => ({ ...entry, at: entry.path }));
  const led = new Map((await followed(git, links)).map(({ path, oid }) => [path, oid]));
  return entries.map((entry) => {
    const oid = isFile(entry) ? entry.oid : led.get(entry.path);
    return { path: entry.path, ...(oid !== undefined && { oid }) };
  });
}

type Entry = Pick<IndexEntry, "path" | "oid" | "mode">;

async function entriesAt(git: Git, paths: readonly string[]): Promise<readonly Entry[]> {
  if (paths.length === 0) return [];
  const below = paths.map((path) => (path === rootPath ? ":(top,glob)*.y*ml" : `:(top,literal)${path}`));
  const rows = paths.includes(rootPath) ? [":(top,glob)context/*.y*ml"] : [];
  const entries = await readIndex({ git }, { paths: [...below, ...rows] });
  // Of a conflict our side counts, which lies in the working tree's commit.
  return entries.filter(({ path, stage }) => stage % 2 === 0 && isAsked(path, paths));
}

/** Of a folder only files of rules are, there and in its folder `context`. */
function isAsked(path: string, paths: readonly string[]): boolean {
  if (paths.includes(path)) return true;
  const folder = posix.dirname(path);
  const isIn =
    paths.includes(folder) || (posix.basename(folder) === "context" && paths.includes(posix.dirname(folder)));
  return isIn && /\.ya?ml$/.test(path);
}

const isFile = ({ mode }: Entry): boolean => mode >> 12 === 0o10;
const isLink = ({ mode }: Entry): boolean => mode >> 12 === 0o12;

/** Links to links that are followed; git makes no use of any, so that more than a few are a mistake. */
const mostLinks = 5;

/** A link at `path`, as far as it has been followed: to the link `at` another path. */
interface Link extends Entry {
  readonly at: string;
}

/** The files that links lead to, under the links' own paths; none for a link that leads to no file of the index. */
async function followed(git: Git, links: readonly Link[], level = 0): Promise<readonly TreeFile[]> {
  if (links.length === 0 || level === mostLinks) return [];
  const texts = await blobsOf(git, [...new Set(links.map(({ oid }) => oid))]);
  const led = links.flatMap(({ path, at, oid }) => {
    const target = targetOf(at, Buffer.from(texts.get(oid) ?? []).toString("utf8"));
    return target === undefined ? [] : [{ path, at: target }];
  });
  const entries = await entriesAt(git, [...new Set(led.map(({ at }) => at))]);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const found = led.flatMap(({ path, at }) => {
    const entry = byPath.get(at);
    return entry === undefined ? [] : [{ ...entry, path, at }];
  });
  return [...found.filter(isFile), ...(await followed(git, found.filter(isLink), level + 1))];
}

/** The path that a link at `at` leads to; `undefined` for one that leads out of the repository, or to its root. */
function targetOf(at: string, text: string): string | undefined {
  const target = posix.join(posix.dirname(at), text);
  return text === "" || posix.isAbsolute(text) || /^\.\.?(?:\/|$)/.test(target) ? undefined : target;
}
