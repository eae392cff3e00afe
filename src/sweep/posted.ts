/**
 * How a sweep stands, in a file beside its store: a store in a folder belongs to one process as long as a sweep runs, and
 * whoever asks meanwhile can read this. Nothing is in it that `sweep status` does not show.
 */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SweepStatus } from "./status.ts";

/** Milliseconds between two postings, and after which one is too old to be true: its process has died. */
export const postEvery = 5_000;
const tooOld = 4 * postEvery;

const fileIn = (folder: string): string => join(folder, "status.json");

/** Posts a status, whole or not at all. That it cannot be written is no trouble of the sweep's. */
export async function post(folder: string, status: SweepStatus): Promise<void> {
  const beside = `${fileIn(folder)}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, JSON.stringify(status), { mode: 0o600, flag: "wx" });
    await rename(beside, fileIn(folder));
  } catch {
    await rm(beside, { force: true }).catch(() => {});
  }
}

/** Takes it away when the sweep ends. */
export async function unpost(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true }).catch(() => {});
}

/** What a sweep under way posted last, and when; `undefined` where none is. */
export async function posted(folder: string): Promise<{ status: SweepStatus; at: Date } | undefined> {
  try {
    const { mtime } = await stat(fileIn(folder));
    if (Date.now() - mtime.getTime() > tooOld) return undefined;
    return { status: JSON.parse(await readFile(fileIn(folder), "utf8")) as SweepStatus, at: mtime };
  } catch {
    return undefined;
  }
}
