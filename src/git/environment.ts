/**
 * The environment in which git runs, built from nothing. A repository under scan is a stranger's: its config can name
 * programs (file system monitor, hooks, pagers, filters, ssh, credential helpers), its refs can replace objects, and
 * the variables of whoever started us can do all of that too. So nothing is inherited but `PATH`; the settings below
 * stand above the repository's own, because git ranks config from the environment highest; and which repository is
 * meant is said outright, so that git never goes looking.
 *
 * What config can't forbid is not done: no command here makes a patch or checks out a file, which is when filters and
 * text converters named by attributes would run.
 */
import { delimiter, isAbsolute, resolve } from "node:path";

/** Where objects lie when not only in `<git dir>/objects`: the quarantine of a push that is being received. */
export interface ObjectDirectories {
  /** GIT_OBJECT_DIRECTORY. */
  readonly directory?: string;
  /** GIT_ALTERNATE_OBJECT_DIRECTORIES, as git wrote it. */
  readonly alternates?: string;
  /** GIT_QUARANTINE_PATH. */
  readonly quarantine?: string;
}

/** Which repository is meant. Paths are absolute. */
export interface GitPlace {
  readonly gitDir: string;
  readonly workTree?: string;
  readonly indexFile?: string;
  readonly objects?: ObjectDirectories;
}

/** What a hook was told about the repository it runs for. Paths are absolute. */
export interface HookEnvironment {
  readonly gitDir?: string;
  readonly workTree?: string;
  /** The index to judge: `git commit -a` and `git commit FILE` hand their hook another one than `.git/index`. */
  readonly indexFile?: string;
  readonly objects?: ObjectDirectories;
}

/**
 * What `env` (a hook's `process.env`) says of the repository, by the names that git sets for hooks; every other
 * variable is ignored. Relative paths start at `cwd`, the folder that git started the hook in.
 */
export function hookEnvironment(env: NodeJS.ProcessEnv, cwd: string): HookEnvironment {
  const path = (name: string): string | undefined => (env[name] ? resolve(cwd, env[name]) : undefined);
  const objects = present({
    directory: path("GIT_OBJECT_DIRECTORY"),
    alternates: alternates(env.GIT_ALTERNATE_OBJECT_DIRECTORIES, cwd),
    quarantine: path("GIT_QUARANTINE_PATH"),
  });
  return {
    ...present({ gitDir: path("GIT_DIR"), workTree: path("GIT_WORK_TREE"), indexFile: path("GIT_INDEX_FILE") }),
    ...(Object.keys(objects).length > 0 && { objects }),
  };
}

/** Settings that stand above those of the repository, as pairs of key and value. */
export type Settings = readonly (readonly [key: string, value: string])[];

const calm: Settings = [
  ["core.fsmonitor", "false"],
  ["core.untrackedCache", "false"],
  ["core.hooksPath", "/dev/null"],
  ["core.pager", "cat"],
  ["core.askPass", ""],
  ["core.sshCommand", "ssh -o BatchMode=yes"],
  ["core.alternateRefsCommand", "true"],
  // A commit-graph repeats what commits say, and a forged one says otherwise.
  ["core.commitGraph", "false"],
  ["credential.helper", ""],
  ["diff.external", ""],
  ["log.showSignature", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["protocol.allow", "never"],
  ["safe.bareRepository", "explicit"],
];

/** What `clone` needs beyond a repository at rest. */
export interface Reach {
  /** Transports that git may use; none at all by default. */
  readonly transports?: readonly string[];
  readonly settings?: Settings;
  /** Socket of the user's ssh agent. */
  readonly sshAgent?: string;
}

/**
 * The whole environment of a git process for the repository at `place`; without one, of a git that finds no
 * repository wherever it stands. Values can hold credentials (`reach.settings`): never print them.
 */
export function gitEnvironment(place: GitPlace | undefined, reach: Reach = {}): Record<string, string> {
  const { transports = [], settings = [], sshAgent } = reach;
  const trusted = place ? [place.gitDir, ...(place.workTree ? [place.workTree] : [])] : [];
  const all = [...calm, ...trusted.map((dir) => ["safe.directory", dir] as const), ...settings];
  return {
    ...present({ PATH: absolutePath(process.env.PATH), SYSTEMROOT: process.env.SYSTEMROOT, SSH_AUTH_SOCK: sshAgent }),
    ...placeVariables(place),
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(all.flatMap(([key, value], i) => settingVariables(key, value, i))),
    // Unlike `protocol.allow`, which `protocol.<name>.allow` of a repository would outrank, this is final.
    GIT_ALLOW_PROTOCOL: transports.length > 0 ? transports.join(":") : "none",
    GIT_PROTOCOL_FROM_USER: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
  };
}

const settingVariables = (key: string, value: string, index: number): [string, string][] => [
  [`GIT_CONFIG_KEY_${index}`, key],
  [`GIT_CONFIG_VALUE_${index}`, value],
];

function placeVariables(place: GitPlace | undefined): Record<string, string> {
  if (!place) return { GIT_DIR: "/nonexistent" };
  const { gitDir, workTree, indexFile, objects } = place;
  return {
    GIT_DIR: gitDir,
    // Named even where there is none: else git would go to wherever the repository's `core.worktree` points.
    GIT_WORK_TREE: workTree ?? gitDir,
    ...present({
      GIT_INDEX_FILE: indexFile,
      GIT_OBJECT_DIRECTORY: objects?.directory,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects?.alternates,
      GIT_QUARANTINE_PATH: objects?.quarantine,
    }),
  };
}

/** `PATH` without relative folders, which would mean a folder of the repository for whoever stands in it. */
function absolutePath(path: string | undefined): string | undefined {
  return path?.split(delimiter).filter(isAbsolute).join(delimiter);
}

/** A list with entries in quotes comes from git itself, and git writes absolute paths. */
function alternates(list: string | undefined, cwd: string): string | undefined {
  if (!list || list.includes('"')) return list || undefined;
  const absolute = (entry: string): string => (entry === "" ? "" : resolve(cwd, entry));
  return list.split(delimiter).map(absolute).join(delimiter);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same object without its undefined properties. */
function present<T extends object>(properties: T): Present<T> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Present<T>;
}
