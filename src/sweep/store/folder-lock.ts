/**
 * The lock of a folder that one process may use at a time. Who holds it stands in the folder, so that the lock of a
 * process that was killed is taken over at once where it can be known that it is gone: on the same machine since the
 * same start, and among the same process numbers. Everywhere else its silence is waited for.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { LeaksweepError } from "../../errors.ts";
import { isAlive } from "../../git/temporary.ts";

/** Milliseconds of silence after which a lock is taken over whoever holds it. */
const staleAfter = 15_000;

/** Locks `folder`, which is there, and returns how to unlock it. Throws "store.busy" while another process has it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await freeFromDead(folder);
  const { default: lockfile } = await import("proper-lockfile");
  try {
    const release = await lockfile.lock(folder, {
      realpath: false,
      stale: staleAfter,
      // A process that was stopped for long may come back to find its lock taken: it must not write another byte.
      onCompromised: () => process.kill(process.pid, "SIGKILL"),
      retries: { retries: 8, minTimeout: 500, maxTimeout: 3_000 },
    });
    await writeFile(ownerFile(folder), JSON.stringify({ place: here(), pid: process.pid } satisfies Owner));
    return async () => {
      await rm(ownerFile(folder), { force: true });
      await release().catch(() => rm(lockOf(folder), { recursive: true, force: true }));
    };
  } catch (cause) {
    throw new LeaksweepError("store.busy", `Cannot open store "${folder}": another process is using it`, {
      hint: "Wait for it, or name another store. Several processes at once need a PostgreSQL server.",
      cause,
    });
  }
}

/** Who holds a folder. */
interface Owner {
  /** Where its number means a process: see `here`. */
  readonly place: string;
  readonly pid: number;
}

const ownerFile = (folder: string): string => join(folder, "owner.json");

/** Where proper-lockfile has its lock. */
const lockOf = (folder: string): string => `${folder}.lock`;

/** Frees a folder whose owner is known to be gone. Of several processes that see so at once one does, by its rename. */
async function freeFromDead(folder: string): Promise<void> {
  const owner = await readOwner(ownerFile(folder));
  if (owner === undefined || owner.place !== here() || isAlive(owner.pid)) return;
  const taken = `${ownerFile(folder)}.${process.pid}`;
  try {
    await rename(ownerFile(folder), taken);
  } catch {
    return; // another process was faster
  }
  if ((await readOwner(taken))?.pid !== owner.pid) return rename(taken, ownerFile(folder)); // and has the folder by now
  await rm(lockOf(folder), { recursive: true, force: true });
  await rm(taken, { force: true });
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const { place, pid } = JSON.parse(await readFile(file, "utf8")) as Partial<Owner>;
    return typeof place === "string" && typeof pid === "number" ? { place, pid } : undefined;
  } catch {
    return undefined; // nobody has it, or it was cut short: then its silence is waited for
  }
}

/** The machine, its start and its space of process numbers: containers have their own, whatever name they go by. */
function here(): string {
  const start = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const numbers = attempt(() => readlinkSync("/proc/self/ns/pid"));
  return [hostname(), start, numbers].join(" ");
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
