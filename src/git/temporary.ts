/**
 * Folders of our own below the system's temporary one. Each bears the number of its process, so that those which a kill
 * left behind can be told from those in use.
 */
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ours = /^leaksweep-(\d+)-[A-Za-z0-9]{6}$/;

/** Milliseconds after which a folder is a leftover if its process is gone: in a container that may only seem so. */
const leftover = 24 * 3_600_000;

/** Makes a folder that only its owner may enter. Whoever makes it removes it. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), `leaksweep-${process.pid}-`));

/** Removes what processes left behind that were killed a day ago or earlier; what cannot be removed stays. */
export async function removeLeftovers(now: Date): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, pid] = ours.exec(name) ?? [];
    const folder = join(tmpdir(), name);
    if (pid === undefined || isAlive(Number(pid)) || !(await isOld(folder, now))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a process of this number is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // somebody else's is alive, too
  }
}

async function isOld(folder: string, now: Date): Promise<boolean> {
  const about = await lstat(folder).catch(() => undefined);
  const isOurs = about?.isDirectory() === true && about.uid === process.getuid?.();
  return isOurs && now.getTime() - about.mtimeMs > leftover;
}
