import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { getTableColumns, getTableName, sql } from "drizzle-orm";
import { drizzle as onServer } from "drizzle-orm/node-postgres";
import { migrate as migrateServer } from "drizzle-orm/node-postgres/migrator";
import { drizzle as onFolder } from "drizzle-orm/pglite";
import { migrate as migrateFolder } from "drizzle-orm/pglite/migrator";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { LeaseLost, trialPriority } from "../../src/sweep/queue.ts";
import * as tables from "../../src/sweep/store/schema.ts";
import { migrationsFolder, openStore, rowsOf, type Store, storePlace } from "../../src/sweep/store/store.ts";
import { tempDir } from "../kit.ts";
import { hasPostgres, type Postgres, startPostgres } from "./stores.ts";

const job = (sweep: number, subject: string) => ({ sweep, subject });
const never = new AbortController().signal;

function contract(open: () => Promise<Store>): void {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  }, 60_000);
  afterAll(() => store?.close());

  const add = (sweep: number, ...subjects: string[]): Promise<void> =>
    store.db.transaction((tx) =>
      store.queue.add(
        "visit",
        subjects.map((subject) => job(sweep, subject)),
        { tx },
      ),
    );

  it("has the tables that the code sees", async () => {
    for (const table of Object.values(tables)) {
      const rows = await rowsOf<{ column_name: string; is_nullable: string }>(
        store.db,
        sql`SELECT column_name, is_nullable FROM information_schema.columns
            WHERE table_schema = 'leaksweep' AND table_name = ${getTableName(table)}`,
      );
      const seen = Object.values(getTableColumns(table)).map(
        ({ name, notNull }) => `${name} ${notNull ? "NO" : "YES"}`,
      );
      const made = rows.map(({ column_name, is_nullable }) => `${column_name} ${is_nullable}`);
      expect(made.sort(), getTableName(table)).toEqual(seen.sort());
    }
  });

  it("leases each job to one taker, and the more urgent first", async () => {
    await add(1, "a", "b");
    await store.db.transaction((tx) => store.queue.add("visit", [job(1, "urgent")], { tx, priority: 1 }));
    const taken = [await store.queue.take("visit"), await store.queue.take("visit"), await store.queue.take("visit")];
    expect(taken[0]?.subject).toBe("urgent");
    expect(taken.map((one) => one?.subject).sort()).toEqual(["a", "b", "urgent"]);
    expect(await store.queue.take("visit")).toBeUndefined();
    for (const one of taken) await store.db.transaction((tx) => store.queue.done(one!, tx));
    expect(await store.queue.counts(1)).toEqual({ waiting: 0, later: 0, active: 0 });
  });

  it("undoes what a worker wrote that no longer has the job", async () => {
    await add(2, "a");
    const mine = (await store.queue.take("visit"))!;
    expect(await store.queue.touch(mine)).toBe(true);
    const stale = { ...mine, count: mine.count + 1 };
    expect(await store.queue.touch(stale)).toBe(false);
    const writing = store.db.transaction(async (tx) => {
      await tx.insert(tables.rulepacks).values({ hash: "stale", rules: {} });
      await store.queue.done(stale, tx);
    });
    await expect(writing).rejects.toThrow(LeaseLost);
    expect(await store.db.select().from(tables.rulepacks)).toEqual([]);
    await store.db.transaction((tx) => store.queue.done(mine, tx));
    await expect(store.db.transaction((tx) => store.queue.done(mine, tx))).rejects.toThrow(LeaseLost);
  });

  it("keeps a job back until its time, and adds none when the transaction fails", async () => {
    const startAfter = new Date(Date.now() + 3_600_000);
    await store.db.transaction((tx) => store.queue.add("visit", [job(3, "later")], { tx, startAfter }));
    const failing = store.db.transaction(async (tx) => {
      await store.queue.add("visit", [job(3, "never")], { tx });
      throw new Error("enough");
    });
    await expect(failing).rejects.toThrow("enough");
    expect(await store.queue.take("visit")).toBeUndefined();
    expect(await store.queue.counts(3)).toEqual({ waiting: 0, later: 1, active: 0 });
    await store.db.transaction((tx) => store.queue.clear(3, tx));
    expect(await store.queue.counts(3)).toEqual({ waiting: 0, later: 0, active: 0 });
  });

  it("leases no job of a sweep that its taker leaves out, and a trial's to who asks for it alone", async () => {
    await add(4, "a");
    await store.db.transaction((tx) => store.queue.add("visit", [job(5, "b")], { tx, priority: trialPriority(5) }));
    expect(await store.queue.take("visit", { except: new Set([4]) })).toBeUndefined();
    expect(await store.queue.take("visit", { trial: 6 })).toBeUndefined();
    expect(await store.queue.take("visit", { trial: 5 })).toMatchObject({ sweep: 5, subject: "b" });
    expect(await store.queue.take("visit")).toMatchObject({ sweep: 4, subject: "a" });
    expect(await store.queue.take("visit")).toBeUndefined();
  });

  it("lets one piece of work of a name run at a time", async () => {
    const running = { now: 0, most: 0 };
    const work = async (): Promise<void> => {
      running.most = Math.max(running.most, ++running.now);
      await new Promise((done) => setImmediate(done));
      running.now--;
    };
    await Promise.all([1, 2, 3].map(() => store.alone("api", work, never)));
    expect(running.most).toBe(1);
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(store.alone("api", work, stop.signal)).rejects.toThrow("stopped");
  });
}

/** A folder with the first `count` migrations alone: those of an older leaksweep. */
function olderMigrations(count: number): string {
  const folder = tempDir();
  const journal = JSON.parse(readFileSync(join(migrationsFolder(), "meta/_journal.json"), "utf8"));
  const entries: { tag: string }[] = journal.entries.slice(0, count);
  for (const { tag } of entries) copyFileSync(join(migrationsFolder(), `${tag}.sql`), join(folder, `${tag}.sql`));
  mkdirSync(join(folder, "meta"));
  writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ ...journal, entries }));
  return folder;
}

/** What a store of the first leaksweep holds: targets that were read, and in them findings with so many occurrences. */
const firstStore = `
  INSERT INTO leaksweep.rulepack VALUES ('r', '{}');
  INSERT INTO leaksweep.target (id, key, kind, name, owner, url, read_rules, memory) VALUES
    (1, 'a', 'repository', 'acme/few', 'acme', 'u', 'r', '{"refs": "x"}'),
    (2, 'b', 'repository', 'acme/many', 'acme', 'u', 'r', '{"refs": "x"}'),
    (4, 'd', 'releases', 'acme/few#releases', 'acme', 'u', 'r',
     '{"texts": {"releases.etag": "t", "x": "y"}, "progress": {"cursor": {"releases.etag": "t"}}}'),
    (3, 'c', 'discussions', 'acme/few#discussions', 'acme', 'u', 'r', '{"texts": {}, "progress": {}}');
  INSERT INTO leaksweep.finding
    (fingerprint, rule, name, provider, kind, generic, severity, confidence, score, facts, first_sweep)
    VALUES ('ls1:a', 'x', 'X', 'x', 'secret', false, 'high', 'high', 1, '{}', 1);
  INSERT INTO leaksweep.place
    (fingerprint, target_id, status, verdict, refs, occurrences, first_sweep, last_sweep)
    SELECT 'ls1:a', id, 'present', 'new', '[]',
           (SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, CASE id WHEN 1 THEN 99 ELSE 100 END)), 1, 1
    FROM leaksweep.target WHERE kind = 'repository';
  INSERT INTO leaksweep.place
    (fingerprint, target_id, status, verdict, refs, occurrences, first_sweep, last_sweep)
    VALUES ('ls1:a', 3, 'present', 'new', '[]', '[
      {"path": "discussions/12/0.md", "url": "https://h/acme/few/discussions/12"},
      {"path": "discussions/12/2.md", "url": "https://h/acme/few/discussions/12#discussioncomment-71"}]', 1, 1);`;

/** A store that the first leaksweep made, opened by this one: it is whole, and what may have been cut is read again. */
async function expectMigrated(store: Store): Promise<void> {
  const rows = await store.db.select().from(tables.targets).orderBy(tables.targets.id);
  expect(rows.map(({ name, readRules, memory }) => [name, readRules, memory])).toEqual([
    ["acme/few", "r", { refs: "x" }],
    ["acme/many", null, { refs: "x" }],
    ["acme/few#discussions", null, { texts: {} }],
    ["acme/few#releases", "r", { texts: { x: "y" } }],
  ]);
  const kept = await store.db.select().from(tables.places).orderBy(tables.places.targetId);
  expect(kept.map(({ occurrences, further }) => [occurrences.length, further])).toEqual([
    [99, 0],
    [100, 0],
    [2, 0],
  ]);
  // A comment that is read again is the one that is known.
  expect(kept[2]?.occurrences.map(({ path }) => path)).toEqual(["discussions/12/0.md", "discussions/12/71.md"]);
}

describe("a store in a folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "leaksweep-store-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "store");
  contract(() => openStore({ kind: "folder", path }));

  it("of the first leaksweep is migrated, and loses nothing", async () => {
    const path = join(tempDir(), "first");
    mkdirSync(path);
    const engine = await PGlite.create({ dataDir: join(path, "database") });
    await migrateFolder(onFolder(engine), { migrationsFolder: olderMigrations(1) });
    await engine.exec(firstStore);
    await engine.close();
    const store = await openStore({ kind: "folder", path });
    await expectMigrated(store);
    await store.close();
  }, 60_000);

  it("cannot be opened by an installation without PGlite, which says what to install", async () => {
    const [root, dir] = [resolve(import.meta.dirname, "../.."), tempDir()];
    for (const part of ["bin", "dist", "package.json"]) cpSync(join(root, part), join(dir, part), { recursive: true });
    mkdirSync(join(dir, "node_modules"));
    for (const name of Object.keys(manifest.dependencies))
      symlinkSync(join(root, "node_modules", name), join(dir, "node_modules", name));
    const args = [join(dir, "bin/leaksweep.cjs"), "repos", "-", "--store", join(dir, "store")];
    const input = "https://git.example.com/acme/app.git\n";
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: {}, input });
    expect(stderr).toContain("Cannot open a store in a folder: PGlite is not installed");
    expect(stderr).toContain("npm install @electric-sql/pglite");
    expect(status).toBe(2);
    expect(existsSync(join(dir, "store"))).toBe(false);
  });

  it("is closed to other users of the machine", () => {
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });
});

describe.runIf(hasPostgres())("a store on a server", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.stop());
  contract(() => openStore({ kind: "server", address: postgres.database("contract") }));

  it("of the first leaksweep is migrated, and loses nothing", async () => {
    const address = postgres.database("first");
    const pool = new pg.Pool({ connectionString: address });
    await migrateServer(onServer(pool), { migrationsFolder: olderMigrations(1) });
    await pool.query(firstStore);
    await pool.end();
    const store = await openStore({ kind: "server", address });
    await expectMigrated(store);
    await store.close();
  }, 60_000);

  it("is migrated once by workers that start together", async () => {
    const place = { kind: "server", address: postgres.database("together") } as const;
    const stores = await Promise.all([openStore(place), openStore(place), openStore(place)]);
    for (const store of stores) await store.close();
  });

  it("that is not there says so, without the password", async () => {
    const failure = openStore({ kind: "server", address: "postgres://ann:hush@127.0.0.1:1/x" });
    await expect(failure).rejects.toMatchObject({ code: "store.unavailable" });
    await expect(failure).rejects.toThrow('Cannot open store "postgres://ann@127.0.0.1:1/x": ');
  });
});

describe("the place of a store", () => {
  it.each([
    [undefined, {}, { kind: "folder", path: "/home" }],
    ["here", {}, { kind: "folder", path: "here" }],
    [undefined, { LEAKSWEEP_STORE: "postgres://a:b@h/d" }, { kind: "server", address: "postgres://a:b@h/d" }],
    ["postgres://a@h/d", { LEAKSWEEP_STORE: "there" }, { kind: "server", address: "postgres://a@h/d" }],
  ])("%s with %j", (flag, env, place) => {
    expect(storePlace(flag, env, "/home")).toEqual(place);
  });

  it.each(["postgres://ann:hush@host/db", "postgres://host/db?password=hush", "mysql://ann:hush@host/db"])(
    "%s is refused without being repeated",
    (flag) => {
      expect(() => storePlace(flag, {}, "/home")).toThrow(/^Cannot (?!.*hush)/);
    },
  );
});
