/**
 * Reports into a file: all of it or none of it. The report is written beside the file, forced to the disk and renamed.
 * The package write-file-atomic was tried and rejected: it takes the first `write` for the whole, so that on a disk
 * that fills up half-way it renames the half and calls it done.
 */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { undelivered } from "./io.ts";

/** Returns when a report can be written to `file` later. Throws `LeaksweepError` before an hour of scanning is in vain. */
export async function expectWritable(file: string): Promise<void> {
  try {
    const kind = await kindOf(file);
    if (kind === "folder") throw Object.assign(new Error("folder"), { code: "EISDIR" });
    if (kind === "device") await access(file, constants.W_OK);
    else await access(dirname(file), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw undelivered(`"${file}"`, cause);
  }
}

/**
 * Writes a report to `file`, readable by its owner only unless `mode` says more. `folder` makes its folder. Either all of it is there afterwards or the file is as before.
 * A device or a pipe is written to, not replaced. Throws `LeaksweepError` "output.failed".
 */
export async function writeWhole(
  file: string,
  parts: Iterable<string>,
  { mode = 0o600, folder = false } = {},
): Promise<void> {
  try {
    if (folder) await mkdir(dirname(file), { recursive: true });
    const kind = await kindOf(file);
    if (kind === "device") await filled(await open(file, "w"), parts);
    else await replace(kind === "absent" ? file : await realpath(file), parts, mode);
  } catch (cause) {
    throw undelivered(`"${file}"`, cause);
  }
}

async function replace(file: string, parts: Iterable<string>, mode: number): Promise<void> {
  const beside = `${file}.${randomUUID()}.tmp`;
  const handle = await open(beside, "wx", mode);
  try {
    await filled(handle, parts, { sync: true });
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    throw cause;
  }
}

async function filled(handle: FileHandle, parts: Iterable<string>, { sync = false } = {}): Promise<void> {
  try {
    await writeFile(handle, parts); // goes on after a short write, which a bare `write` does not
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function kindOf(file: string): Promise<"file" | "folder" | "device" | "absent"> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
  if (found === undefined) return "absent";
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "device";
}
