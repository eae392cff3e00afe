/**
 * Config, baseline and foreign files as the next commit will have them: those that git tracks as they are in the index,
 * the others as they lie in the working tree, since this is the developer's own gate. In a repository that has none no
 * git is asked, and where index and working tree say the same nothing is laid anywhere.
 */
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { blobId } from "../bytes/hash.ts";
import { pathWithin } from "../config/within.ts";
import { hookEnvironment } from "../git/environment.ts";
import { openGit } from "../git/git.ts";
import { readIndex } from "../git/index-file.ts";
import { findGitDir, placeOf } from "../git/repository.ts";
import { temporaryFolder } from "../git/temporary.ts";
import { LaidFiles, type Policy, policyNames, rootPath, type TreeFile } from "./policy.ts";
import type { HookCall } from "./start.ts";

export interface IndexPolicy {
  /** Names at the root of files that hold here alone, since the index has none of them. */
  readonly untracked: readonly string[];
  /** Absent where the files of the working tree say the same. */
  readonly policy?: Policy;
}

/** What the index says, the files at the paths `named` in it included. */
export async function policyInIndex(
  { cwd, env }: Pick<HookCall, "cwd" | "env">,
  named: readonly string[],
): Promise<IndexPolicy> {
  const told = hookEnvironment({ ...env }, cwd);
  const found = await findGitDir(cwd, told);
  const root = found?.workTree;
  if (found === undefined || root === undefined) return { untracked: [] };
  const here = policyNames.filter((name) => existsSync(join(root, name)));
  const place = placeOf(found, told);
  const isAsked = here.length + named.length > 0 || (await mayTrackAny(place.indexFile ?? join(found.gitDir, "index")));
  if (!isAsked) return { untracked: [] };
  const index: Index = { root, git: openGit(place) };
  const tracked = await filesIn(index, policyNames);
  const untracked = here.filter((name) => !tracked.some(({ path }) => path === name));
  if (named.length === 0 && (await saysTheSame(tracked, { root, here }))) return { untracked };
  const names = [...untracked, ...named];
  return { untracked, policy: await lay(index, { files: [...tracked, ...(await filesIn(index, named))], names }) };
}

interface Index {
  readonly root: string;
  readonly git: ReturnType<typeof openGit>;
}

/**
 * Whether an index may hold one of our files: by a look at its bytes, which say all paths but in the fourth version,
 * which shortens them, and in an index that is split in two.
 */
async function mayTrackAny(file: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined || bytes.length < 8) return false;
  return bytes.readUInt32BE(4) > 3 || bytes.includes("link\0") || policyNames.some((name) => bytes.includes(name));
}

const symbolicLink = 0o120000;

/** Files of the index at or below `paths`. Links are left to the working tree. */
async function filesIn({ git }: Index, paths: readonly string[]): Promise<TreeFile[]> {
  if (paths.length === 0) return [];
  const below = paths.map((path) => (path === rootPath ? ":(top,glob)*.y*ml" : `:(top,literal)${path}`));
  const rows = paths.includes(rootPath) ? [":(top,glob)context/*.y*ml"] : [];
  // Of a conflict our side counts, which lies in the working tree's commit.
  const entries = (await readIndex({ git }, { paths: [...below, ...rows] })).filter(({ stage }) => stage % 2 === 0);
  return entries.filter(({ mode }) => mode !== symbolicLink).map(({ path, oid }) => ({ path, oid }));
}

/** Whether the working tree has the same files, and none of them names others, which may differ. */
async function saysTheSame(
  tracked: readonly TreeFile[],
  { root, here }: { readonly root: string; readonly here: readonly string[] },
): Promise<boolean> {
  for (const { path, oid } of tracked) {
    const bytes = await readFile(join(root, path)).catch(() => undefined);
    if (bytes === undefined || blobId(bytes, oid.length === 64 ? "sha256" : "sha1") !== oid) return false;
  }
  const texts = await Promise.all(here.map((name) => readFile(join(root, name), "utf8").catch(() => "")));
  return !texts.some((text) => /^\s*(?:["']?rules["']?\s*:|\[?\s*extend\b)/m.test(text));
}

/** Lays files of the index into a folder, and beside them what the working tree has under `names` and the index not. */
async function lay(
  index: Index,
  { files, names }: { readonly files: readonly TreeFile[]; readonly names: readonly string[] },
): Promise<Policy> {
  const folder = await temporaryFolder();
  const laid = new LaidFiles(index.git, folder);
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const add = async (files: readonly TreeFile[], names: readonly string[]): Promise<void> => {
    await laid.add(files);
    for (const name of names) await copyMissing(name, { from: index.root, to: folder });
  };
  const fetch = async (paths: readonly string[]): Promise<void> => {
    const inside = (path: string): string | undefined =>
      resolve(path) === resolve(folder) ? rootPath : pathWithin(folder, path);
    const wanted = paths.map(inside).filter((path) => path !== undefined);
    await add(await filesIn(index, wanted), wanted);
  };
  try {
    // Whoever looks for the root of a repository finds this folder, and nothing above it.
    await mkdir(join(folder, ".git"));
    await add(files, names);
    return { folder, fetch, apart: () => [], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Copies what is at a path of the working tree, but nothing over what is laid already. */
async function copyMissing(path: string, { from, to }: { from: string; to: string }): Promise<void> {
  if (path === rootPath) {
    const names = readdirSync(from).filter((name) => /\.ya?ml$/.test(name) || name === "context");
    for (const name of names) await copyMissing(name, { from, to });
    return;
  }
  if (!existsSync(join(from, path))) return;
  await mkdir(dirname(join(to, path)), { recursive: true });
  await cp(join(from, path), join(to, path), { recursive: true, force: false, dereference: true });
}
