/**
 * Config, baseline and foreign files as the next commit will have them: those that git tracks as they are in the index,
 * the others as they lie in the working tree, since this is the developer's own gate. In a repository that has none no
 * git is asked, and where index and working tree say the same nothing is laid anywhere.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { blobId } from "../bytes/hash.ts";
import { hookEnvironment } from "../git/environment.ts";
import { type Git, openGit } from "../git/git.ts";
import { findGitDir, placeOf } from "../git/repository.ts";
import { temporaryFolder } from "../git/temporary.ts";
import { type Tracked, trackedAt } from "./index-files.ts";
import { LaidFiles, type TreeFile } from "./laid-files.ts";
import { copyLone } from "./lone-files.ts";
import { type Policy, pathsInside, policyNames } from "./policy.ts";
import type { HookCall } from "./start.ts";

export interface IndexPolicy {
  /** Paths of what holds here alone, since the index has none of it. All of them once a plan has been made. */
  untracked(): readonly string[];
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
  if (found === undefined || root === undefined) return { untracked: () => [] };
  const here = policyNames.filter((name) => existsSync(join(root, name)));
  const place = placeOf(found, told);
  const isAsked = here.length + named.length > 0 || (await mayTrackAny(place.indexFile ?? join(found.gitDir, "index")));
  if (!isAsked) return { untracked: () => [] };
  const git = openGit(place);
  const tracked = await trackedAt(git, [...policyNames, ...named]);
  const untracked = here.filter((name) => !tracked.some(({ path }) => path === name));
  const isSame = named.length === 0 && filesIn(tracked).every((file) => inWorkTree(root, file) !== undefined);
  if (isSame && !(await nameFiles(root, here))) return { untracked: () => untracked };
  return lay({ root, git }, { tracked, paths: [...here, ...named], untracked });
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

const filesIn = (tracked: readonly Tracked[]): TreeFile[] =>
  tracked.flatMap(({ path, oid }) => (oid === undefined ? [] : [{ path, oid }]));

/** What a file of the index holds, where the working tree has the same at its path. */
function inWorkTree(root: string, { path, oid }: TreeFile): Uint8Array | undefined {
  try {
    const bytes = readFileSync(join(root, path));
    return blobId(bytes, oid.length === 64 ? "sha256" : "sha1") === oid ? bytes : undefined;
  } catch {
    return undefined; // not there, or no file
  }
}

/** How a config names other files, which may differ where it does not: `extend.path` of gitleaks, our `rules.paths`. */
const naming: readonly RegExp[] = [
  /^\s*\[\s*["']?extend["']?\s*\](?:(?!^\s*\[)[\s\S])*?^\s*["']?path["']?\s*=/m,
  /^\s*["']?extend["']?\s*(?:\.\s*["']?path["']?\s*=|=\s*\{[^\n]*\bpath\b)/m,
  /\bpaths["']?\s*:/,
];

/** Whether one of the files may name others. Asked by their text: most have nothing of the kind, and no reader is loaded. */
async function nameFiles(root: string, names: readonly string[]): Promise<boolean> {
  const configs = names.filter((name) => /\.(?:toml|yml)$/.test(name));
  const texts = await Promise.all(configs.map((name) => readFile(join(root, name), "utf8").catch(() => "")));
  return texts.some((text) => naming.some((pattern) => pattern.test(text)));
}

/** Lays files of the index into a folder, and beside them what the working tree has at `paths` and the index not. */
async function lay(
  { root, git }: { readonly root: string; readonly git: Git },
  start: {
    readonly tracked: readonly Tracked[];
    readonly paths: readonly string[];
    readonly untracked: readonly string[];
  },
): Promise<IndexPolicy> {
  const folder = await temporaryFolder();
  const laid = new LaidFiles(git, folder, (file) => inWorkTree(root, file));
  const lone = new Set(start.untracked);
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const add = async (tracked: readonly Tracked[], paths: readonly string[]): Promise<void> => {
    await laid.add(filesIn(tracked));
    const known = new Set(tracked.map(({ path }) => path));
    for (const path of paths) {
      for (const file of await copyLone(path, { from: root, to: folder })) if (!known.has(file)) lone.add(file);
    }
  };
  const fetch = async (paths: readonly string[]): Promise<void> => {
    const wanted = pathsInside(folder, paths);
    if (wanted.length > 0) await add(await trackedAt(git, wanted), wanted);
  };
  try {
    // Whoever looks for the root of a repository finds this folder, and nothing above it.
    await mkdir(join(folder, ".git"));
    await add(start.tracked, start.paths);
    return { untracked: () => [...lone], policy: { folder, root, fetch, apart: () => [], close } };
  } catch (error) {
    await close();
    throw error;
  }
}
