/**
 * Which config file holds for a target. The search begins at the target and goes up, but never above the root of the
 * target's repository, and outside a repository it does not go up at all: what lies further up belongs to somebody
 * else (in a shared folder for temporary files, to anybody) and must not decide what is reported.
 */
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { lilconfig } from "lilconfig";
import { LeaksweepError } from "../errors.ts";
import type { Laid } from "./laid.ts";
import type { Settings } from "./plan.ts";

/** Names of config files; in one folder the first that is there counts. */
const configNames: readonly string[] = ["leaksweep.yml", ".leaksweep.yml"];

/** The root of the repository that `folder` lies in (where `.git` is), or `folder` itself outside of any. */
export function searchRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return folder;
  }
}

/** Absolute path of the config file that holds for `target`, a file or a folder; `undefined` when there is none. */
export async function findConfig(target: string): Promise<string | undefined> {
  const path = resolve(target);
  const folder = statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
  const asText = (_path: string, text: string) => text;
  const search = lilconfig("leaksweep", {
    searchPlaces: [...configNames],
    loaders: { ".yml": asText },
    stopDir: searchRoot(folder),
    // An empty config still means "nothing from further up".
    ignoreEmptySearchPlaces: false,
  });
  try {
    return (await search.search(folder))?.filepath;
  } catch (cause) {
    throw unreadable(`config of ${target}`, cause);
  }
}

/**
 * Settings of config file `path`, named in messages as seen from folder `cwd`. Throws `LeaksweepError`:
 * "config.unreadable", or "config.invalid" at the first mistake in it. What it names is had from `laid` where that stands
 * in for the repository.
 */
export async function loadConfig(
  path: string,
  { cwd, laid }: { readonly cwd: string; readonly laid?: Laid | undefined },
): Promise<Settings> {
  const full = resolve(cwd, path);
  const name = relative(cwd, full);
  const text = await readFile(full, "utf8").catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  const { readConfig } = await import("./read.ts"); // YAML and zod take time to load, and most runs have no config
  return readConfig(text, { name: name.startsWith("..") ? full : name, from: dirname(full), laid });
}

const unreadable = (name: string, cause: unknown): LeaksweepError => unreadableFile("config file", name, cause);

/** The error for a file of settings that cannot be read, with what the system says. */
export const unreadableFile = (kind: string, name: string, cause: unknown): LeaksweepError =>
  new LeaksweepError("config.unreadable", `Cannot read ${kind} "${name}": ${reason(cause)}`, {
    hint: "Check the path and the permissions of the file.",
    cause,
  });

const reason = (cause: unknown): string => {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "permission denied";
  return cause instanceof Error ? cause.message : String(cause);
};
