/** Files of the working tree that stand in for those that the index has not got. */
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { unreadableFile } from "../config/find.ts";

/** Where files come from, and the folder that stands in for it. */
interface Folders {
  readonly from: string;
  readonly to: string;
}

/**
 * Copies what counts at a path of the working tree, but nothing over what is there already. Returns what git is not
 * told of: the paths of the files, or of the folder where that is all it holds. What lies behind a link or in another
 * repository is copied and not named: that the commit leads there, git is told.
 */
export async function copyLone(path: string, { from, to }: Folders): Promise<readonly string[]> {
  if (kindAt(to, path) === "file") return []; // that is what the index has, whatever became of it
  // A folder may be empty, as that of a submodule is before it has been fetched: that is no mistake.
  if (kindAt(from, path) === "folder") await mkdir(join(to, path), { recursive: true });
  const files = countingAt(from, path);
  const lone = files.filter((file) => !existsSync(join(to, file)));
  for (const file of lone) await copy(file, { from, to });
  const named = lone.filter((file) => !isBeyond(from, posix.dirname(file)));
  return named.length > 1 && named.length === files.length && path !== "." ? [path] : named;
}

/** The file at a path, or the files of rules in the folder there, as whoever loads them will ask for them. */
function countingAt(root: string, path: string): readonly string[] {
  const rulesIn = (folder: string): string[] => {
    if (kindAt(root, folder) !== "folder") return [];
    const names = readdirSync(join(root, folder)).filter((name) => /\.ya?ml$/.test(name));
    return names.map((name) => posix.join(folder, name));
  };
  const kind = kindAt(root, path);
  if (kind === "folder") return [...rulesIn(path), ...rulesIn(posix.join(path, "context"))];
  return kind === "file" ? [path] : [];
}

/** What a path leads to; `undefined` for nothing, and for pipes and the like. */
function kindAt(root: string, path: string): "file" | "folder" | undefined {
  const full = join(root, path);
  if (!existsSync(full)) return undefined; // a circle of links is nothing, too
  const stat = statSync(full);
  if (stat.isDirectory()) return "folder";
  return stat.isFile() ? "file" : undefined;
}

async function copy(file: string, { from, to }: Folders): Promise<void> {
  const bytes = await readFile(join(from, file)).catch((cause: unknown) => {
    throw unreadableFile("file", file, cause);
  });
  await mkdir(dirname(join(to, file)), { recursive: true });
  await writeFile(join(to, file), bytes, { mode: 0o600 });
}

/** Whether a folder is a link or in another repository, or one above it is. */
function isBeyond(root: string, folder: string): boolean {
  if (folder === ".") return false;
  const full = join(root, folder);
  if (lstatSync(full).isSymbolicLink() || existsSync(join(full, ".git"))) return true;
  return isBeyond(root, posix.dirname(folder));
}
