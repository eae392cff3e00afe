/**
 * `gitleaks dir --follow-symlinks`: links are followed to files, wherever these lie, and a row names both. Links to
 * folders are not followed, as there, so that no circle is walked; a link that leads to no file is the text it holds.
 */
import { lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { type FileEntry, filesSource, walkFiles } from "../sources/files.ts";
import type { Opened } from "../sources/open.ts";
import type { Skip } from "../terms.ts";

export interface LinkedFolder {
  /** As typed. */
  readonly source: string;
  readonly cwd: string;
  /** Bytes. */
  readonly maxFileSize?: number;
}

/** The files of a folder, and what links in it lead to. `links` is filled on the way: path of a link, shown target. */
export function openLinked(
  { source, cwd, maxFileSize }: LinkedFolder,
  { excluded, links }: { excluded: (path: string) => boolean; links: Map<string, string> },
): Opened {
  const root = realpathSync(resolve(cwd, source));
  async function* entries(): AsyncIterable<FileEntry | Skip> {
    for await (const entry of walkFiles([{ file: root, path: "" }], { excluded })) {
      const target = "file" in entry ? targetOf(entry.file) : undefined;
      if (target === undefined) yield entry;
      else {
        links.set(entry.path ?? "", shown(target, { source, cwd }));
        yield { file: target.file, path: entry.path ?? "" };
      }
    }
  }
  const limit = maxFileSize === undefined ? {} : { maxFileSize };
  const files = filesSource(entries, { label: "files", status: "present", where: "content", excluded, ...limit });
  return {
    target: { kind: "dir", path: root, url: null, range: null },
    parts: [{ source: files, prefix: "" }],
    trusted: true,
    close: async () => {},
  };
}

interface LinkTarget {
  readonly file: string;
  /** Whether the link says so from the root of the file system. */
  readonly isAbsolute: boolean;
}

/** The regular file that a link leads to; `undefined` for what is no link, or leads to none. */
function targetOf(path: string | Buffer): LinkTarget | undefined {
  try {
    if (!lstatSync(path).isSymbolicLink()) return undefined;
    const file = realpathSync(path);
    return statSync(file).isFile() ? { file, isAbsolute: isAbsolute(readlinkSync(path, "utf8")) } : undefined;
  } catch {
    return undefined; // nowhere, in a circle, or behind a closed door: what the link itself says is read
  }
}

/** A target as gitleaks names it: from where it was started, unless the source or the link is absolute. */
function shown(target: LinkTarget, { source, cwd }: Pick<LinkedFolder, "source" | "cwd">): string {
  if (isAbsolute(source) || target.isAbsolute) return target.file;
  return relative(realpathSync(cwd), target.file).split(sep).join("/");
}
