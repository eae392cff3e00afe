/**
 * Config, baseline and foreign files as they stand in a commit. A gate must not take them from the working tree, which
 * is not what is pushed, nor, on a server, from what a stranger pushes. They are laid into a folder of our own, so
 * that whoever reads such files from a folder reads these, too.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathWithin } from "../config/within.ts";
import type { Git } from "../git/git.ts";
import { looseObject } from "../git/loose-first.ts";
import { ownFolder } from "../git/pack/object-folders.ts";
import { temporaryFolder } from "../git/temporary.ts";

const baseline = ".leaksweep-baseline";

/** Files at the root of a repository that say what is looked for and what is accepted. */
const names: readonly string[] = [
  "leaksweep.yml",
  ".leaksweep.yml",
  baseline,
  ".gitleaks.toml",
  ".gitleaksignore",
  ".betterleaks.toml",
  ".betterleaksignore",
  ".secrets.baseline",
];

/** The files of one commit, in a folder that only we can read. */
export interface Policy {
  readonly folder: string;
  /** Lays further files of the commit, or all in a folder of it, into the folder: those at these absolute paths in it. */
  fetch(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * What the tree of the first of `commits` (or tags of one) says, the files at the paths `named` in it included;
 * `undefined` where it has no such file, or no tree. The baseline is that of all of them together: what one branch
 * accepts was looked at.
 */
export async function policyAt(
  git: Git,
  commits: readonly string[],
  named: readonly string[] = [],
): Promise<Policy | undefined> {
  const [commit = "", ...others] = commits;
  const entries = (await filesAt(git, commit, [])).filter(({ path }) => names.includes(path));
  if (named.length > 0) entries.push(...(await filesAt(git, commit, named)));
  for (const other of others) {
    const more = (await filesAt(git, other, [])).filter(({ path }) => path === baseline);
    entries.push(...more.filter(({ oid }) => !entries.some((entry) => entry.oid === oid)));
  }
  if (entries.length === 0) return undefined;
  const laid = new LaidFiles(git, await temporaryFolder());
  const { folder } = laid;
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const fetch = async (paths: readonly string[]): Promise<void> => {
    const wanted = paths.map((path) => pathWithin(folder, path)).filter((path) => path !== undefined);
    if (wanted.length > 0) await laid.add(await filesAt(git, commit, wanted));
  };
  try {
    // Whoever looks for the root of a repository finds this folder, and nothing above it.
    await mkdir(join(folder, ".git"));
    await laid.add(entries);
    return { folder, fetch, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Files of a tree, written into a folder, each of them once. */
class LaidFiles {
  readonly folder: string;
  readonly #git: Git;
  readonly #ids = new Map<string, string[]>();

  constructor(git: Git, folder: string) {
    this.#git = git;
    this.folder = folder;
  }

  async add(files: readonly TreeFile[]): Promise<void> {
    for (const { path, oid } of files) {
      const ids = this.#ids.get(path) ?? [];
      if (ids.includes(oid)) continue;
      this.#ids.set(path, [...ids, oid]);
      const file = resolve(this.folder, path);
      await mkdir(dirname(file), { recursive: true });
      const text = await this.#git.run(["cat-file", "blob", oid]);
      // Only a baseline comes more than once: its lines mean the same wherever they stand.
      const written = path === baseline ? { text: `${text}\n`, flag: "a" } : { text, flag: "w" };
      await writeFile(file, written.text, { encoding: "latin1", mode: 0o600, flag: written.flag });
    }
  }
}

/**
 * Those of `paths` that a checkout of `commit` has: it holds a file or a folder there, or what leads there is a link or
 * another repository, which is the commit's to choose.
 */
export async function pathsIn(git: Git, commit: string, paths: readonly string[]): Promise<readonly string[]> {
  const has = async (path: string): Promise<boolean> => {
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

interface TreeFile {
  readonly path: string;
  readonly oid: string;
}

/** Regular files in the tree of `commit`: those below `paths`, or without any those at its root. */
async function filesAt(git: Git, commit: string, paths: readonly string[]): Promise<TreeFile[]> {
  if (paths.length === 0 && (await hasNone(git, commit))) return [];
  const below = paths.length === 0 ? [] : ["-r"];
  const args = ["--literal-pathspecs", "ls-tree", ...below, "-z", "--full-tree", commit, "--", ...paths];
  const list = await git.run(args, { okCodes: [0, 128] });
  return list.split("\0").flatMap((line) => {
    const [, oid = "", path = ""] = /^100[0-7]{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    return oid === "" ? [] : [{ oid, path: Buffer.from(path, "latin1").toString("utf8") }];
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
  return entries !== "" && !names.some((name) => entries.includes(` ${name}\0`));
}

const textOf = (folder: string, oid: string): string =>
  Buffer.from(looseObject(folder, oid)?.bytes ?? []).toString("latin1");
