/**
 * Config, baseline and foreign files as they stand in a commit. A gate must not take them from the working tree, which
 * is not what is pushed, nor, on a server, from what a stranger pushes. They are laid into a folder of our own, so
 * that whoever reads such files from a folder reads these, too.
 */
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Laid } from "../config/laid.ts";
import { pathWithin } from "../config/within.ts";
import { LeaksweepError } from "../errors.ts";
import type { Git } from "../git/git.ts";
import { looseObject } from "../git/loose-first.ts";
import { ownFolder } from "../git/pack/object-folders.ts";
import { temporaryFolder } from "../git/temporary.ts";
import { baseline, LaidFiles, type TreeFile } from "./laid-files.ts";

/** Files at the root of a repository that say what is looked for and what is accepted. */
export const policyNames: readonly string[] = [
  "leaksweep.yml",
  ".leaksweep.yml",
  baseline,
  ".gitleaks.toml",
  ".gitleaksignore",
  ".betterleaks.toml",
  ".betterleaksignore",
  ".secrets.baseline",
];

/** How the root of a repository is named among paths in it: of its files only those count that can hold rules. */
export const rootPath = ".";

/** The files of one commit, or of several that have the same, in a folder that only we can read. */
export interface Policy extends Laid {
  /** Those of the commits that have other contents at the fetched paths than the first one has. */
  apart(): readonly string[];
  close(): Promise<void>;
}

/**
 * What the tree of `commit` (or of a tag of one) says, the files at the paths `named` in it included; `undefined` where
 * it has no such file, or no tree.
 */
export async function policyAt(git: Git, commit: string, named: readonly string[] = []): Promise<Policy | undefined> {
  const more = named.length === 0 ? [] : await filesAt(git, commit, named);
  return layPolicy(git, { commits: [commit], files: [...(await policyFiles(git, commit)), ...more] });
}

/** The files at the root of `commit` that say what is looked for and what is accepted. */
export const policyFiles = (git: Git, commit: string): Promise<TreeFile[]> => filesAt(git, commit, []);

/** Lays files of `commits` into a folder; `undefined` where there are none. */
export async function layPolicy(
  git: Git,
  { commits: [commit = "", ...others], files }: { commits: readonly string[]; files: readonly TreeFile[] },
): Promise<Policy | undefined> {
  if (files.length === 0) return undefined;
  const laid = new LaidFiles(git, await temporaryFolder());
  const { folder } = laid;
  const apart = new Set<string>();
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const fetch = async (paths: readonly string[]): Promise<void> => {
    const wanted = pathsInside(folder, paths);
    if (wanted.length === 0) return;
    const found = await filesAt(git, commit, wanted);
    await laid.add(found);
    for (const other of others) {
      if (listing(await filesAt(git, other, wanted)) !== listing(found)) apart.add(other);
    }
  };
  try {
    // Whoever looks for the root of a repository finds this folder, and nothing above it.
    await mkdir(join(folder, ".git"));
    await laid.add(files);
    return { folder, fetch, apart: () => [...apart], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Those of some absolute paths that lie in `folder`, as a repository names what is in its root folder. */
export const pathsInside = (folder: string, paths: readonly string[]): string[] =>
  paths.flatMap((path) => (resolve(path) === resolve(folder) ? rootPath : (pathWithin(folder, path) ?? [])));

/** Paths and contents as text, the same for equal files. */
export const listing = (files: readonly TreeFile[]): string =>
  files.map(({ path, oid }) => `${oid} ${path}\0`).join("");

/**
 * Those of `paths` that a checkout of `commit` has: it holds a file or a folder there, or what leads there is a link or
 * another repository, which is the commit's to choose.
 */
export async function pathsIn(git: Git, commit: string, paths: readonly string[]): Promise<readonly string[]> {
  const has = async (path: string): Promise<boolean> => {
    if (path === rootPath) return (await filesAt(git, commit, [path])).length > 0;
    const names = path.split("/");
    for (let count = 1; count <= names.length; count++) {
      const at = names.slice(0, count).join("/");
      const args = ["--literal-pathspecs", "ls-tree", "--full-tree", commit, "--", at];
      const entry = await git.run(args, { okCodes: [0, 128] });
      if (entry === "") return false;
      if (!entry.startsWith("040000 ")) return true;
    }
    return true;
  };
  const found = await Promise.all(paths.map(has));
  return paths.filter((_, index) => found[index]);
}

/**
 * Files in the tree of `commit`: those below `paths`, or without any those at its root that are ours. Links are followed
 * within the tree. Throws "config.unreadable" for one that leads to no file in it.
 */
async function filesAt(git: Git, commit: string, paths: readonly string[]): Promise<TreeFile[]> {
  if (paths.length === 0) {
    if (await hasNone(git, commit)) return [];
    return listed(git, commit, { paths, wanted: (path) => policyNames.includes(path) });
  }
  const below = paths.filter((path) => path !== rootPath);
  const files = below.length === 0 ? [] : await listed(git, commit, { paths: below, isDeep: true, wanted: () => true });
  return below.length === paths.length ? files : [...files, ...(await rootRules(git, commit))];
}

/** What is read where the root of a repository is named as a folder of rules. */
async function rootRules(git: Git, commit: string): Promise<TreeFile[]> {
  const wanted = (path: string): boolean => /\.ya?ml$/.test(path);
  return [
    ...(await listed(git, commit, { paths: [], wanted })),
    ...(await listed(git, commit, { paths: ["context/"], wanted })),
  ];
}

interface Listing {
  /** None stands for the root. */
  readonly paths: readonly string[];
  /** All that lies below the paths, and not only what they name. */
  readonly isDeep?: boolean;
  readonly wanted: (path: string) => boolean;
}

async function listed(git: Git, commit: string, { paths, isDeep, wanted }: Listing): Promise<TreeFile[]> {
  const below = isDeep ? ["-r"] : [];
  const args = ["--literal-pathspecs", "ls-tree", ...below, "-z", "--full-tree", commit, "--", ...paths];
  const list = await git.run(args, { okCodes: [0, 128] });
  const files: TreeFile[] = [];
  for (const line of list.split("\0")) {
    const [, kind, oid = "", name = ""] = /^(10|12)0[0-7]{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    const path = Buffer.from(name, "latin1").toString("utf8");
    if (kind !== undefined && wanted(path)) {
      files.push({ path, oid: kind === "10" ? oid : await linked(git, commit, path) });
    }
  }
  return files;
}

/** What the link at `path` leads to in the tree of `commit`. */
async function linked(git: Git, commit: string, path: string): Promise<string> {
  const input = [`${commit}:${path}\n`];
  const said = await git.run(["cat-file", "--batch-check", "--follow-symlinks"], { input });
  const [, oid] = /^([0-9a-f]{40,64}) blob \d+\n$/.exec(said) ?? [];
  if (oid !== undefined) return oid;
  throw new LeaksweepError("config.unreadable", `Cannot read "${path}": it is a link to no file of the repository`, {
    hint: "Commit the file itself: a gate goes by what is in commits.",
  });
}

/**
 * Whether none of our files is at the root of `commit`, as far as that can be told without asking git: most pushes end
 * in a commit that was just made, and lies loose with its tree.
 */
async function hasNone({ place }: Git, commit: string): Promise<boolean> {
  if (place === undefined) return false;
  const folder = await ownFolder(place);
  const [, tree = ""] = /^tree ([0-9a-f]{40,64})\n/.exec(textOf(folder, commit)) ?? [];
  const entries = textOf(folder, tree);
  return entries !== "" && !policyNames.some((name) => entries.includes(` ${name}\0`));
}

const textOf = (folder: string, oid: string): string =>
  Buffer.from(looseObject(folder, oid)?.bytes ?? []).toString("latin1");
