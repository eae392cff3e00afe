/** The engines that a store can run on, for suites that must hold on both. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openStore } from "../../src/sweep/store/store.ts";
import { available } from "../kit.ts";

/** PostgreSQL's programs: those of Debian's package lie where no PATH leads. */
const programs = (): string | undefined => {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : [];
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
};

/** Whether PostgreSQL can be started here. */
export const hasPostgres = (): boolean =>
  available("PostgreSQL (apt-get install postgresql)", programs() !== undefined);

export interface Postgres {
  /** A new empty database. */
  database(name: string): string;
  /** A new store that is migrated already, which is quicker than to migrate it. */
  store(name: string): Promise<string>;
  /** Ends all connections, is not there for a while, and then is again. */
  restart(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL for all tests of a file, if one can be had: it is started before the first and stopped after the last. */
export function postgresOfFile(): Omit<Postgres, "stop"> & {
  readonly isHere: boolean;
  /** What `LEAKSWEEP_STORE` is to be for a new store: on the server, or without one in a folder below `dir`. */
  place(name: string, dir: string): Promise<string>;
} {
  const isHere = hasPostgres();
  let started: Postgres | undefined;
  if (isHere) {
    beforeAll(async () => {
      started = await startPostgres();
    }, 60_000);
    afterAll(() => started?.stop(), 60_000);
  }
  const running = (): Postgres => {
    if (started === undefined) throw new Error("PostgreSQL runs while tests do, and not before");
    return started;
  };
  return {
    isHere,
    database: (name) => running().database(name),
    store: (name) => running().store(name),
    place: async (name, dir) => (isHere ? await running().store(name) : join(dir, "store")),
    restart: (milliseconds) => running().restart(milliseconds),
  };
}

/** A store in a folder, empty and migrated, for all tests of a file to copy: to make one takes ten times as long. */
export function folderOfFile(): { copyTo(path: string): void } {
  let model = "";
  beforeAll(async () => {
    model = mkdtempSync(join(tmpdir(), "leaksweep-folder-"));
    await openStore({ kind: "folder", path: model }).then((store) => store.close());
  }, 120_000);
  afterAll(() => rmSync(model, { recursive: true, force: true }));
  return { copyTo: (path) => cpSync(model, path, { recursive: true }) };
}

/** Starts a PostgreSQL of our own on a free port of this machine; it never runs as root, since it refuses to. */
export async function startPostgres(): Promise<Postgres> {
  const bin = programs() ?? "";
  const folder = mkdtempSync(join(tmpdir(), "leaksweep-postgres-"));
  const isRoot = process.getuid?.() === 0;
  const as = (program: string, args: readonly string[]): [string, string[]] =>
    isRoot
      ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", join(bin, program), ...args]]
      : [join(bin, program), [...args]];
  if (isRoot) execFileSync("chown", ["postgres", folder]);
  else chmodSync(folder, 0o700);
  const cluster = join(folder, "cluster");
  execFileSync(...as("initdb", ["-D", cluster, "-U", "sweeper", "-A", "trust", "--no-sync"]), {
    stdio: "ignore",
    cwd: "/",
  });
  const port = await freePort();
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=`, "fsync=off"];
  const start = () =>
    spawn(...as("postgres", ["-D", cluster, ...settings.flatMap((setting) => ["-c", setting])]), {
      stdio: "ignore",
      cwd: "/",
    });
  let server = start();
  const end = async (): Promise<void> => {
    const ended = once(server, "exit");
    server.kill("SIGINT");
    await ended;
  };
  const sql = (statement: string): void => {
    const where = ["-h", "127.0.0.1", "-p", String(port), "-U", "sweeper", "-d", "postgres"];
    execFileSync("psql", [...where, "-qc", statement], { stdio: "ignore", cwd: "/" });
  };
  await until(() => sql("SELECT 1"));
  const address = (name: string): string => `postgres://sweeper@127.0.0.1:${port}/${name}`;
  const database = (name: string): string => {
    sql(`CREATE DATABASE ${name}`);
    return address(name);
  };
  let model: Promise<void> | undefined;
  return {
    database,
    async store(name) {
      model ??= openStore({ kind: "server", address: database("model") }).then((store) => store.close());
      await model;
      sql(`CREATE DATABASE ${name} TEMPLATE model`);
      return address(name);
    },
    async restart(milliseconds) {
      await end();
      await new Promise((done) => setTimeout(done, milliseconds));
      server = start();
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function until(attempt: () => void): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      return attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
