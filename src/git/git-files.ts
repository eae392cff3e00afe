/**
 * Reading the few files of a git folder that git itself has no command for. They are a stranger's: what is no
 * regular file (a pipe, a device) or is larger than such a file can sensibly be counts as absent.
 *
 * Each is read at once and not by a thread of node's: a hook reads a dozen one after another, and a way to a thread and
 * back costs more than what is fetched.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const mostBytes = 256 << 20;

/** Content of the file as latin1, links followed; `undefined` when it is absent, no regular file or above 256 MiB. */
export async function readSmall(file: string): Promise<string | undefined> {
  try {
    const about = statSync(file, { throwIfNoEntry: false });
    return about?.isFile() && about.size <= mostBytes ? readFileSync(file, "latin1") : undefined;
  } catch {
    return undefined;
  }
}

/** Names in a folder, sorted, with whether each is itself a folder (a link to one is not); empty when there is none. */
export async function listFolder(dir: string): Promise<{ readonly name: string; readonly folder: boolean }[]> {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Whether `dir` is a git folder: a HEAD, and objects and refs of its own or a `commondir` that has them. */
export async function isGitDir(dir: string): Promise<boolean> {
  if (!(await hasHead(dir))) return false;
  const common = await commonDirOf(dir);
  return (await isFolder(join(common, "objects"))) && (await isFolder(join(common, "refs")));
}

/** The folder with refs, objects and config: `gitDir` itself, except for a linked work tree. */
export async function commonDirOf(gitDir: string): Promise<string> {
  const common = (await readSmall(join(gitDir, "commondir")))?.trim();
  return common ? resolve(gitDir, utf8(common)) : gitDir;
}

/** The git folder that a `.git` stands for: itself, or the one that a `gitdir: PATH` file names. */
export async function gitDirAt(dotGit: string): Promise<string | undefined> {
  const named = /^gitdir: (.+)/.exec((await readSmall(dotGit)) ?? "")?.[1];
  const dir = named ? resolve(dirname(dotGit), utf8(named.trim())) : dotGit;
  return (await isGitDir(dir)) ? dir : undefined;
}

/** The same path without links; itself when it does not exist. */
export async function real(path: string): Promise<string> {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

/** Text of bytes that were read as latin1. */
export const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");

async function hasHead(dir: string): Promise<boolean> {
  const head = join(dir, "HEAD");
  if (/^(ref:\s*refs\/|[0-9a-f]{40})/.test((await readSmall(head)) ?? "")) return true;
  try {
    return readlinkSync(head).startsWith("refs/");
  } catch {
    return false; // no link
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

/** Whether something, if only a dangling link, has this name. */
export async function exists(path: string): Promise<boolean> {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
