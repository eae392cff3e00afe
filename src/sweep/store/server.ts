/** A store on a PostgreSQL server, which any number of workers share. */
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { openQueue, type Queue, upkeep } from "../queue.ts";
import { type Database, migrationsFolder, type Store, unavailable, withoutPassword } from "./store.ts";

/** Connections of one worker: for its transactions, and one at most that waits for a turn at the API. */
const connections = 6;

/** Two workers that start at once would both migrate: all of ours take this lock first. Any number will do. */
const migrationLock = 7_305_218_113;

/** Opens the store at `address`, a postgres:// URL. Throws "store.unavailable". */
export async function openServer(address: string, leaseSeconds: number): Promise<Store> {
  const config = { connectionString: address, max: connections, keepAlive: true, application_name: "leaksweep" };
  const pool = new pg.Pool(config);
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on("error", () => {});
  try {
    const db = drizzle(pool) as unknown as Database;
    const boss = new PgBoss({ db: queries(pool), ...upkeep(leaseSeconds) });
    const queue = await migrating(pool, () => openQueue(boss, { db, leaseSeconds, orphans: "leave" }));
    return {
      db,
      queue,
      shared: true,
      leaseSeconds,
      alone: turns(config),
      async close() {
        await queue.close();
        await pool.end();
      },
    };
  } catch (cause) {
    await pool.end().catch(() => {});
    throw unavailable(withoutPassword(address), reasonOf(cause), cause);
  }
}

/** The error's own words; a failed connection to a name with several addresses has them in its parts only. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
}

/** Migrates our tables, then starts the queue, which migrates its own. */
async function migrating(pool: pg.Pool, start: () => Promise<Queue>): Promise<Queue> {
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder() });
    return await start();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [migrationLock]).catch(() => {});
    client.release();
  }
}

/** The pool as pg-boss wants it; of several statements in one text the last one's rows with an answer count. */
function queries(pool: pg.Pool): { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> } {
  return {
    async executeSql(text, values) {
      const answer: pg.QueryResult | pg.QueryResult[] = await pool.query(text, values as unknown[]);
      if (!Array.isArray(answer)) return answer;
      return { rows: answer.flatMap(({ rows }) => rows) };
    },
  };
}

/**
 * A turn is an advisory lock of a session: when the worker that has it dies, the server gives it on. Sessions that
 * wait hold a connection of their own, so that they never keep a transaction from its connection.
 */
function turns(config: pg.PoolConfig): Store["alone"] {
  const lines = new Map<string, Promise<unknown>>();
  const take = async <T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    const client = new pg.Client(config);
    client.on("error", () => {});
    await client.connect();
    const stop = (): void => void client.end().catch(() => {});
    signal.addEventListener("abort", stop, { once: true });
    try {
      await client.query("SELECT pg_advisory_lock(hashtextextended($1, 7305))", [name]).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw cause;
      });
      return await work();
    } finally {
      signal.removeEventListener("abort", stop);
      await client.end().catch(() => {});
    }
  };
  // Within this process one waits at a time: fifty that wait would be fifty connections.
  return (name, work, signal) => {
    const before = lines.get(name) ?? Promise.resolve();
    const mine = before.catch(() => {}).then(() => take(name, work, signal));
    lines.set(name, mine);
    return mine;
  };
}
