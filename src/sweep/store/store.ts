/**
 * The memory of an organisation: one schema on two engines. A folder is opened with PGlite, PostgreSQL as a library,
 * for one process at a time; a `postgres://` address is a server that any number of workers share. Nothing above this
 * file knows which it is. No secret is ever written here: a finding has its fingerprint and its redacted form.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SQL } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { LeaksweepError } from "../../errors.ts";
import { defaultLease, type Queue } from "../queue.ts";

/** The database, or a transaction on it; both engines' drivers are one of these. */
export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export interface Store {
  readonly db: Database;
  readonly queue: Queue;
  /**
   * Runs `work` while no other process of this store runs work of the same name: how requests with one credential
   * are kept one after another on fifty machines. Ends with the signal's reason when it aborts while waiting.
   */
  alone<T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Other processes can read and write this store at the same time. */
  readonly shared: boolean;
  /** Where a store lies that only this process can use, absolute. */
  readonly folder?: string;
  /** See `StoreOptions`. */
  readonly leaseSeconds: number;
  close(): Promise<void>;
}

/** Where a store is: a folder, or a server's address without a password. */
export type StorePlace =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "server"; readonly address: string };

export interface StoreOptions {
  /** Seconds without a sign of life after which a worker loses its jobs; 10 at least. */
  readonly leaseSeconds?: number;
}

/** Opens a store, and makes or migrates it first where needed. Throws `LeaksweepError` "store.unavailable", "store.busy". */
export async function openStore(place: StorePlace, { leaseSeconds = defaultLease }: StoreOptions = {}): Promise<Store> {
  if (place.kind === "server") {
    const { openServer } = await import("./server.ts");
    return openServer(place.address, leaseSeconds);
  }
  await expectPglite();
  const { openFolder } = await import("./folder.ts");
  return openFolder(place.path, leaseSeconds);
}

/**
 * PGlite is an optional dependency: a scanner in CI needs no database. What opens a folder has it required as soon as
 * that is loaded, so it is looked for before.
 */
async function expectPglite(): Promise<void> {
  try {
    await import("@electric-sql/pglite");
  } catch (cause) {
    throw new LeaksweepError("store.unavailable", "Cannot open a store in a folder: PGlite is not installed", {
      hint: "Run `npm install @electric-sql/pglite`, or name a PostgreSQL server with --store.",
      cause,
    });
  }
}

/** Where in the folder of a store its database lies. */
export const databaseIn = (folder: string): string => join(folder, "database");

/** Whether a store was made before; of a server only whoever connects can tell. */
export const isMade = (place: StorePlace): boolean => place.kind === "server" || existsSync(databaseIn(place.path));

/**
 * The place that `--store` or LEAKSWEEP_STORE names; `fallback` is the folder when neither does. Throws
 * "usage.invalid" for a password in the flag, where other users of the machine and the shell's history see it.
 */
export function storePlace(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  fallback: string,
): StorePlace {
  const named = flag ?? (env.LEAKSWEEP_STORE || undefined);
  if (named === undefined) return { kind: "folder", path: fallback };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(named)) return { kind: "folder", path: named };
  if (!/^postgres(?:ql)?:\/\//i.test(named) || !URL.canParse(named)) {
    throw new LeaksweepError("usage.invalid", `Cannot open store "${withoutPassword(named)}": it is no such address`, {
      hint: "Name a folder, or a server as postgres://user@host/database.",
    });
  }
  if (flag !== undefined && hasPassword(new URL(named))) {
    throw new LeaksweepError("usage.invalid", `Cannot take a password from --store: others can read it there`, {
      hint: "Leave it out of the address and set PGPASSWORD, use ~/.pgpass, or set LEAKSWEEP_STORE instead.",
    });
  }
  return { kind: "server", address: named };
}

const hasPassword = ({ password, searchParams }: URL): boolean => password !== "" || searchParams.has("password");

/** An address as it may be shown. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\/\/[^/]*@/, "//");
  const url = new URL(address);
  url.password = "";
  url.searchParams.delete("password");
  return url.href;
}

/** The folder with the numbered migrations: beside the bundle, beside this file, or where benchmarks find the source. */
export function migrationsFolder(): string {
  const places = ["migrations", "../migrations", "../../src/sweep/store/migrations"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = places.find((path) => existsSync(`${path}/meta/_journal.json`));
  if (found === undefined) throw new Error("The store's migrations are missing from this installation");
  return found;
}

/** Rows of a statement that the query builder has no words for. */
export async function rowsOf<Row>(db: Database, statement: SQL): Promise<Row[]> {
  const answer = (await db.execute(statement)) as unknown as { readonly rows: Row[] };
  return answer.rows;
}

/** The error for a store that cannot be opened. */
export function unavailable(name: string, state: string, cause?: unknown): LeaksweepError {
  return new LeaksweepError("store.unavailable", `Cannot open store "${name}": ${state}`, {
    hint: "Give a folder that you may write to, or the address of a PostgreSQL server (13 or later) that is running.",
    cause,
  });
}
