/** Where a repository keeps objects: its own folder, that of a push under way, and the folders it borrows from. */
import { readFile, realpath, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import type { GitPlace } from "../environment.ts";
import { printable } from "../git.ts";
import { commonDirOf, utf8 } from "../git-files.ts";

export interface ObjectFolders {
  /** Absolute paths without links, each once, in the order in which git looks. */
  readonly folders: readonly string[];
  /** What is wrong, one sentence each. */
  readonly complaints: readonly string[];
}

/** How far alternates of alternates are followed: as far as git does. */
const mostLevels = 5;

/**
 * All object folders of the repository at `place`. An alternate that does not exist is a complaint. Alternates are
 * named in `info/alternates`, one a line, relative to the folder that borrows, and in what a hook was told.
 */
export async function objectFolders(place: GitPlace): Promise<ObjectFolders> {
  const own = await ownFolder(place);
  const folders = new Set<string>();
  const complaints = new Set<string>();
  const follow = async (folder: string, level: number): Promise<void> => {
    const found = await realFolder(folder);
    if (found === undefined) complaints.add(`object folder ${printable(folder)} does not exist`);
    if (found === undefined || folders.has(found)) return;
    folders.add(found);
    const borrowed = entriesOf(await readAlternates(found), "\n").map((entry) => resolve(found, entry));
    if (level < mostLevels) for (const entry of borrowed) await follow(entry, level + 1);
    else if (borrowed.length > 0) complaints.add(`object folder ${printable(folder)} borrows through too many others`);
  };
  await follow(own, 0);
  for (const entry of entriesOf(place.objects?.alternates ?? "", delimiter)) {
    if (isAbsolute(entry)) await follow(entry, 1);
  }
  return { folders: [...folders], complaints: [...complaints] };
}

/** The folder into which git writes objects of the repository at `place`: its own, or that of a push under way. */
export const ownFolder = async ({ gitDir, objects }: GitPlace): Promise<string> =>
  objects?.directory ?? join(await commonDirOf(gitDir), "objects");

async function realFolder(folder: string): Promise<string | undefined> {
  try {
    return (await stat(folder)).isDirectory() ? await realpath(folder) : undefined;
  } catch {
    return undefined;
  }
}

async function readAlternates(folder: string): Promise<string> {
  const file = join(folder, "info", "alternates");
  try {
    return (await stat(file)).isFile() ? utf8(await readFile(file, "latin1")) : "";
  } catch {
    return "";
  }
}

/** Entries of a list as git reads it: `#` begins a comment, an entry in quotes is written like a string in C. */
function entriesOf(list: string, separator: string): string[] {
  const entries: string[] = [];
  for (let at = 0; at < list.length; ) {
    const quoted = list[at] === '"' ? /^"((?:[^"\\]|\\[\s\S])*)"/.exec(list.slice(at)) : null;
    if (quoted) {
      entries.push(unquoted(quoted[1] ?? ""));
      at += quoted[0].length;
    }
    const end = list.indexOf(separator, at);
    const entry = list.slice(at, end < 0 ? undefined : end);
    if (!quoted && entry !== "" && !entry.startsWith("#")) entries.push(entry);
    at = end < 0 ? list.length : end + 1;
  }
  return entries;
}

const escapes: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Escapes stand for bytes, so the text is taken apart as bytes and read as UTF-8 at the end. */
function unquoted(text: string): string {
  const latin1 = Buffer.from(text, "utf8").toString("latin1");
  return utf8(
    latin1.replace(/\\([0-7]{1,3}|[\s\S])/g, (_, code: string) =>
      /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8) & 0xff) : (escapes[code] ?? code),
    ),
  );
}
