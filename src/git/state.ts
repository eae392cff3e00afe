/**
 * Whether a repository is what it was: a digest of all that a scan of it reads. Objects never change under their names,
 * so that names and sizes stand for them; small files are read, since times can lie.
 */
import { createHash, type Hash } from "node:crypto";
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { readIndex, untracked } from "./index-file.ts";
import { objectFolders } from "./pack/object-folders.ts";
import type { Repository } from "./repository.ts";

export interface StateOptions {
  /** Files of the working tree count, too, and those that git ignores if asked for. */
  readonly files?: { readonly ignored: boolean };
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Largest file whose bytes are read; of a larger one size and times must do. */
const mostBytes = 64 << 10;

/** A file that was written so few milliseconds ago could be written again without a change of its times. */
const unsettled = 2000;

/**
 * A digest in hexadecimal, or `undefined` where nothing can be promised: a file was written just now, or another
 * repository lies in this one. Reads each folder of the repository once and starts git at most twice.
 */
export async function stateOf(repository: Repository, { files, now }: StateOptions): Promise<string | undefined> {
  const { commonDir, gitDir, git } = repository;
  if ((await repository.submodules()).length > 0) return undefined;
  const hash = createHash("sha256");
  addFolder(hash, commonDir, "");
  if (isOutside(gitDir, commonDir)) addFolder(hash, gitDir, "");
  const stores = git.place ? (await objectFolders(git.place)).folders : [];
  for (const store of stores) if (isOutside(store, commonDir)) addFolder(hash, store, "objects");
  if (files && !(await addFiles(hash, repository, { ...files, now }))) return undefined;
  return hash.digest("hex");
}

const isOutside = (folder: string, other: string): boolean => relative(other, folder).split(sep)[0] === "..";

/** @param path Of the folder, in the repository's own. */
function addFolder(hash: Hash, folder: string, path: string): void {
  for (const entry of entriesOf(hash, folder)) {
    const inner = path === "" ? entry.name : `${path}/${entry.name}`;
    hash.update(`${inner}\0`);
    if (entry.isDirectory()) addFolder(hash, join(folder, entry.name), inner);
    else if (!looseObject.test(inner)) addFile(hash, join(folder, entry.name));
  }
}

/** What a folder holds, in a steady order. One that cannot be read is as it is as long as that is why. */
function entriesOf(hash: Hash, folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    addFailure(hash, error);
    return [];
  }
}

const looseObject = /^objects\/[0-9a-f]{2}\/[0-9a-f]{38,62}$/;

function addFile(hash: Hash, file: string): void {
  try {
    const { size, mtimeNs, ctimeNs, mode } = lstatSync(file, exact);
    const kind = Number(mode) & 0o170000;
    hash.update(`${mode} ${size}\0`);
    if (kind === 0o120000) hash.update(readlinkSync(file));
    else if (kind === 0o100000 && size <= mostBytes) hash.update(readFileSync(file));
    else hash.update(`${mtimeNs} ${ctimeNs}\0`);
  } catch (error) {
    addFailure(hash, error);
  }
}

/** Times in nanoseconds. */
const exact = { bigint: true } as const;

const addFailure = (hash: Hash, error: unknown): void => {
  hash.update(error instanceof Error && "code" in error ? `${error.code}\0` : "?\0");
};

/** Adds what the working tree holds, as far as it can be told from outside. False where it cannot. */
async function addFiles(
  hash: Hash,
  repository: Repository,
  { ignored, now }: { readonly ignored: boolean; readonly now: number },
): Promise<boolean> {
  if (repository.workTree === undefined) return true;
  const root = Buffer.from(`${repository.workTree}/`);
  const tracked = await readIndex(repository, { indexFile: repository.git.place?.indexFile });
  const others = await untracked(repository, { ignored });
  for (const { path, bytes } of [...tracked, ...others]) {
    if (path.endsWith("/")) return false;
    hash.update(bytes).update("\0");
    try {
      const { size, mtimeMs, mtimeNs, ctimeMs, ctimeNs, ino, mode } = lstatSync(Buffer.concat([root, bytes]), exact);
      if (Math.max(Number(mtimeMs), Number(ctimeMs)) > now - unsettled) return false;
      hash.update(`${mode} ${size} ${mtimeNs} ${ctimeNs} ${ino}\0`);
    } catch (error) {
      addFailure(hash, error); // deleted, or below what is no folder any more
    }
  }
  return true;
}
