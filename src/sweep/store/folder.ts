/**
 * A store in a folder: PGlite, which is PostgreSQL itself inside this process. It does not notice when a second
 * process opens the same files, and one of the two then loses what it wrote; so the folder is locked first. Its files
 * are readable by everybody whatever the umask says; so the folder is not.
 */
import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import pLimit, { type LimitFunction } from "p-limit";
import { fromPglite, PgBoss } from "pg-boss";
import { LeaksweepError } from "../../errors.ts";
import { openQueue, upkeep } from "../queue.ts";
import { lockFolder } from "./folder-lock.ts";
import { type Database, databaseIn, migrationsFolder, type Store, unavailable } from "./store.ts";

/** Opens the store in the folder `path`, and makes it where there is none. Throws "store.busy", "store.unavailable". */
export async function openFolder(path: string, leaseSeconds: number): Promise<Store> {
  const folder = resolve(path);
  await prepare(folder);
  const unlock = await lockFolder(folder);
  try {
    const engine = await PGlite.create({
      dataDir: databaseIn(folder),
      startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"],
    });
    const db = drizzle(engine) as unknown as Database;
    await migrate(drizzle(engine), { migrationsFolder: migrationsFolder() });
    const boss = new PgBoss({ db: fromPglite(engine), backend: "pglite", ...upkeep(leaseSeconds) });
    // Whatever was under way when the last process ended was under way in that process: nobody else holds this folder.
    const queue = await openQueue(boss, { db, leaseSeconds, orphans: "return" });
    return {
      db,
      queue,
      shared: false,
      folder,
      leaseSeconds,
      alone: oneByOne(),
      async close() {
        await queue.close();
        await engine.close();
        await unlock();
      },
    };
  } catch (cause) {
    await unlock();
    if (cause instanceof LeaksweepError) throw cause;
    throw unavailable(folder, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function prepare(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { mode } = await stat(folder);
    if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
    await writeFile(join(folder, ".gitignore"), "*\n", { flag: "a" });
  } catch (cause) {
    throw unavailable(folder, (cause as NodeJS.ErrnoException).code ?? "it cannot be made", cause);
  }
}

/** Work of one name, one piece after another, within this process: there is no other. */
function oneByOne(): Store["alone"] {
  const limits = new Map<string, LimitFunction>();
  return async (name, work, signal) => {
    const limit = limits.get(name) ?? pLimit(1);
    limits.set(name, limit);
    return limit(() => {
      signal.throwIfAborted();
      return work();
    });
  };
}
