/**
 * Finds the repository that a path belongs to, by looking at folders and never by asking git, which would read the
 * config of whatever it meets on its way up. What lies there is believed only as far as it says where objects and
 * refs are: `core.worktree` and `core.bare` could point a scan at other files, or away from these, so the work tree
 * is always the folder that holds `.git`.
 */
import { existsSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { LeaksweepError } from "../errors.ts";
import { type ConfigEntry, promises, type Remote, readConfig, remotesOf, setting } from "./config.ts";
import type { GitPlace, HookEnvironment } from "./environment.ts";
import { type Git, type GitVersion, openGit } from "./git.ts";
import { commonDirOf, exists, gitDirAt, isGitDir, listFolder, readSmall, real } from "./git-files.ts";
import { readIndex } from "./index-file.ts";

/** The repository of a submodule. */
export interface Submodule {
  /** Where it is checked out, `/`-separated; for one that is not, its name, which is nearly always the same. */
  readonly path: string;
  readonly gitDir: string;
  /** The folder of its files, absolute; absent for one that is not checked out. */
  readonly workTree?: string;
}

/** Mode of an index entry that stands for a submodule's commit. */
export const gitlink = 0o160000;

/** A work tree other than the one that was opened. */
export interface Worktree {
  /** `worktrees/<id>`, or `main-worktree`: what git puts before the name of its HEAD. */
  readonly name: string;
  readonly gitDir: string;
  /** Git bound to this work tree's HEAD and index, but not to its files. */
  readonly git: Git;
}

export interface Repository {
  /** Own folder of the work tree that was opened: `.git`, or `.git/worktrees/<id>` of a linked one. Absolute. */
  readonly gitDir: string;
  /** Where refs, objects and config lie; equals `gitDir` except in linked work trees. */
  readonly commonDir: string;
  /** The folder that holds `.git`. Absent in a bare repository. */
  readonly workTree?: string;
  readonly bare: boolean;
  readonly objectFormat: "sha1" | "sha256";
  /** History was cut off on purpose: there are commits whose parents are not here. */
  readonly shallow: boolean;
  /** Objects were left out on purpose: a remote has promised to hold them. */
  readonly partial: boolean;
  readonly git: Git;
  /** The repository's own config file, includes not followed. */
  readonly config: readonly ConfigEntry[];
  remotes(): readonly Remote[];
  /** Repositories of submodules that are here, nested ones too, in the order of their paths. */
  submodules(): Promise<readonly Submodule[]>;
  worktrees(): Promise<readonly Worktree[]>;
}

export interface OpenOptions {
  /** What a hook was told (`hookEnvironment`): it wins over what lies at the path. */
  readonly env?: HookEnvironment;
  /** The path is itself a git folder, whose files are in `workTree` if anywhere: nothing is searched for, or upward. */
  readonly known?: { readonly workTree?: string };
  readonly signal?: AbortSignal;
}

/**
 * The repository that `path` is in: a work tree or a folder inside one, a bare repository, a linked work tree, a
 * submodule, a `.git` folder. `undefined` when it is in none or does not exist. Throws "git.missing", "git.too-old",
 * and "git.failed" when the config is broken.
 */
export async function openRepository(
  path: string,
  { env = {}, known, signal }: OpenOptions = {},
): Promise<Repository | undefined> {
  const found = known ? await confirm(path, known) : await findGitDir(path, env);
  if (!found) return undefined;
  const { gitDir } = found;
  const commonDir = await commonDirOf(gitDir);
  const [config, version] = await Promise.all([
    readConfig(commonDir, signal),
    openGit(undefined, { signal }).version(),
  ]);
  mustKnowRefs(config, version, path);
  const git = openGit(placeOf(found, env), { signal });
  return {
    ...found,
    commonDir,
    bare: found.workTree === undefined,
    objectFormat: setting(config, "extensions.objectformat") === "sha256" ? "sha256" : "sha1",
    shallow: ((await readSmall(join(commonDir, "shallow"))) ?? "") !== "",
    partial: promises(config) || (await hasPromisorPack(commonDir)),
    git,
    config,
    remotes: () => remotesOf(config),
    submodules: () => submodulesOf({ commonDir, git, ...found }),
    worktrees: () => otherWorktrees({ gitDir, commonDir, signal }),
  };
}

/** Refs come from git, and where they are in tables that this git cannot read there is no history. */
function mustKnowRefs(config: readonly ConfigEntry[], { major, minor, patch }: GitVersion, path: string): void {
  const isTable = setting(config, "extensions.refstorage")?.startsWith("reftable") ?? false;
  if (!isTable || major > 2 || (major === 2 && minor >= 45)) return;
  const state = `its refs are reftables, which git ${major}.${minor}.${patch} does not know`;
  throw new LeaksweepError("git.too-old", `Cannot read repository "${path}": ${state}`, {
    hint: "Update git to 2.45 or later.",
  });
}

/** Where a repository lies. */
export interface Found {
  readonly gitDir: string;
  readonly workTree?: string;
}

/** What git must be told of a repository that was found. */
export const placeOf = (found: Found, env: HookEnvironment): GitPlace => ({
  ...found,
  ...(env.indexFile && { indexFile: env.indexFile }),
  ...(env.objects && { objects: env.objects }),
});

async function confirm(path: string, { workTree }: { workTree?: string }): Promise<Found | undefined> {
  const gitDir = await real(path);
  return (await isGitDir(gitDir)) ? { gitDir, ...(workTree !== undefined && { workTree }) } : undefined;
}

/** Where the repository of `openRepository` lies, without a look into it: no git runs. */
export async function findGitDir(path: string, env: HookEnvironment): Promise<Found | undefined> {
  const found = existsSync(path) ? await discover(await real(path)) : undefined;
  if (env.gitDir === undefined) return found && { ...found, ...(env.workTree && { workTree: env.workTree }) };
  const gitDir = await real(env.gitDir);
  if (!(await isGitDir(gitDir))) return undefined;
  const workTree = env.workTree ?? (found && (await real(found.gitDir)) === gitDir ? found.workTree : undefined);
  return { gitDir, ...(workTree && { workTree }) };
}

async function discover(start: string): Promise<Found | undefined> {
  for (let dir = start; ; dir = dirname(dir)) {
    const gitDir = await gitDirAt(join(dir, ".git"));
    if (gitDir) return { gitDir, workTree: dir };
    if (await isGitDir(dir)) return { gitDir: dir, ...(basename(dir) === ".git" && { workTree: dirname(dir) }) };
    if (dirname(dir) === dir) return undefined;
  }
}

async function hasPromisorPack(commonDir: string): Promise<boolean> {
  return (await listFolder(join(commonDir, "objects", "pack"))).some(({ name }) => name.endsWith(".promisor"));
}

async function otherWorktrees({
  gitDir,
  commonDir,
  signal,
}: {
  gitDir: string;
  commonDir: string;
  signal: AbortSignal | undefined;
}): Promise<readonly Worktree[]> {
  const linked = await listFolder(join(commonDir, "worktrees"));
  const all = [
    { name: "main-worktree", gitDir: commonDir },
    ...linked.map(({ name }) => ({ name: `worktrees/${name}`, gitDir: join(commonDir, "worktrees", name) })),
  ];
  const others: Worktree[] = [];
  for (const other of all) {
    if ((await real(other.gitDir)) === (await real(gitDir)) || !(await isGitDir(other.gitDir))) continue;
    others.push({ ...other, git: openGit({ gitDir: other.gitDir }, { signal }) });
  }
  return others;
}

async function submodulesOf({
  commonDir,
  workTree,
  git,
}: Found & { commonDir: string; git: Git }): Promise<Submodule[]> {
  const byGitDir = new Map<string, Submodule>();
  for await (const module of modulesBelow(join(commonDir, "modules"))) byGitDir.set(module.gitDir, module);
  if (workTree) {
    for await (const module of checkedOut(await real(workTree), git)) {
      const { gitDir } = module;
      // Its own `.git` folder, or one under `modules` whose path is now known; never a repository elsewhere.
      if (byGitDir.has(gitDir) || gitDir.startsWith(module.workTree + sep)) byGitDir.set(gitDir, module);
    }
  }
  return [...byGitDir.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** How deep folders of modules are followed. */
const mostLevels = 32;

/** Names may hold slashes, so a folder is either a repository or part of a name; a repository can have its own modules. */
async function* modulesBelow(dir: string, name = "", level = 0): AsyncGenerator<Submodule> {
  if (level > mostLevels) return;
  for (const entry of await listFolder(dir)) {
    if (!entry.folder) continue;
    const gitDir = join(dir, entry.name);
    const path = name + entry.name;
    if (await isGitDir(gitDir)) {
      yield { path, gitDir: await real(gitDir) };
      yield* modulesBelow(join(gitDir, "modules"), `${path}/`, level + 1);
    } else yield* modulesBelow(gitDir, `${path}/`, level + 1);
  }
}

/** Submodules whose `.git` is where the index has them, below `workTree` (a path without links). */
async function* checkedOut(workTree: string, git: Git): AsyncGenerator<Submodule & { workTree: string }> {
  for (const { path, mode } of await readIndex({ git })) {
    const folder = join(workTree, path);
    if (mode !== gitlink || (await real(folder)) !== folder || !(await exists(join(folder, ".git")))) continue;
    const gitDir = await gitDirAt(join(folder, ".git"));
    if (gitDir) yield { path, gitDir: await real(gitDir), workTree: folder };
  }
}
