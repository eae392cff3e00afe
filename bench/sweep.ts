/**
 * A sweep of many small repositories over HTTP from this machine, by one, two and four workers on one PostgreSQL, and
 * PostgreSQL's own ceiling, with workers whose scan does nothing:
 *
 *   npm run bench:sweep -- --store postgres://user@host/empty_database [--repositories 1000] [--workers 1,2,4]
 *
 * Each round needs an empty database and makes its own below the given one's server: `<name>_1`, `<name>_2` … must
 * exist. Memory is the resident set of each worker, sampled; it is flat when the median of a late tenth is less than
 * 20 % above that of an early one. Processor time is that of the workers and of the git processes that they waited for.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { record } from "../src/sweep/record.ts";
import { sweeps, targets, visits } from "../src/sweep/store/schema.ts";
import { openStore, rowsOf } from "../src/sweep/store/store.ts";
import { answer } from "../test/sweep/backend.ts";

const { values } = parseArgs({
  options: {
    store: { type: "string" },
    repositories: { type: "string", default: "1000" },
    workers: { type: "string", default: "1,2,4" },
  },
});
const { store: base } = values;
if (base === undefined) throw new Error("usage: npm run bench:sweep -- --store postgres://user@host/database");
const many = Number(values.repositories);
const folder = mkdtempSync(join(tmpdir(), "leaksweep-bench-"));
const server = createServer((request, response) => answer(folder, request, response)).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Twenty commits of a few files, one of them with a secret in every tenth repository. */
function plant(n: number): string {
  const dir = join(folder, `acme/r${n}.git`);
  mkdirSync(dir, { recursive: true });
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", dir]);
  const commits = Array.from({ length: 20 }, (_, at) => {
    const text = `// ${n} ${at}\n${`const value${at} = compute(${n}, ${at});\n`.repeat(60)}`;
    return `commit refs/heads/main\ncommitter Ann <ann@example.org> ${1_704_110_400 + at} +0000\ndata 3\nAdd\nM 100644 inline src/file${at % 7}.js\ndata ${text.length}\n${text}\n`;
  });
  const leak = `TOKEN=${["gl", "pat-"].join("")}${String(n).padStart(6, "0")}Zr94z8U0e9TgiZ\n`;
  if (n % 10 === 0)
    commits.push(
      `commit refs/heads/main\ncommitter Ann <ann@example.org> 1704200000 +0000\ndata 3\nAdd\nM 100644 inline app.env\ndata ${leak.length}\n${leak}\n`,
    );
  execFileSync("git", ["--git-dir", dir, "fast-import", "--quiet"], { input: commits.join("") });
  return `${origin}/acme/r${n}.git`;
}

const list = join(folder, "list");
writeFileSync(list, Array.from({ length: many }, (_, n) => plant(n)).join("\n"));
console.log(`${many} repositories; ${cpus().length} cores; git's server side runs on the same cores`);

const megabytes = (pid: number | undefined): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};
/** Seconds of processor time, user and system, of a process and of those it waited for; Linux counts hundredths. */
const processorTime = (pid: number | undefined): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    return 0;
  }
};
const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

const run = (args: readonly string[], store: string): ChildProcess =>
  spawn(process.execPath, [resolve("bin/leaksweep.cjs"), ...args, "--store", store], { stdio: "ignore" });

for (const workers of values.workers.split(",").map(Number)) {
  const store = `${base}_${workers}`;
  const began = performance.now();
  const crew = [run(["repos", list, "--quiet", "--concurrency", "2"], store)];
  for (let n = 1; n < workers; n++) crew.push(run(["worker", "--concurrency", "2"], store));
  const samples: number[] = [];
  const times = crew.map(() => 0);
  const timer = setInterval(() => {
    samples.push(megabytes(crew[0]?.pid));
    for (const [n, { pid }] of crew.entries()) times[n] = Math.max(times[n] ?? 0, processorTime(pid));
  }, 500);
  await new Promise((done) => crew[0]?.once("exit", done));
  clearInterval(timer);
  for (const worker of crew.slice(1)) worker.kill("SIGTERM");
  const seconds = (performance.now() - began) / 1000;
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const early = median(samples.slice(tenth, 2 * tenth));
  const late = median(samples.slice(-tenth));
  console.log(
    `${workers} worker(s): ${Math.round((many / seconds) * 60)} repositories a minute, ${seconds.toFixed(0)} s; memory of the first ${early.toFixed(0)} MB early, ${late.toFixed(0)} MB late, ${Math.max(...samples).toFixed(0)} MB at most`,
  );
  const processor = times.reduce((sum, time) => sum + time, 0);
  console.log(
    `  processor: ${((1000 * processor) / many).toFixed(0)} ms a repository; flat: ${late < early * 1.2 ? "yes" : "no"}`,
  );
}

/** Jobs that bring nothing: what the database alone can do. */
const store = await openStore({ kind: "server", address: `${base}_queue` });
const jobs = 3_000;
await store.db.transaction(async (tx) => {
  await tx.execute(sql`INSERT INTO leaksweep.rulepack VALUES ('none', '{}')`);
  const scope = { orgs: [], users: [], addresses: [], include: [], exclude: [] } as never;
  const [sweep] = await tx
    .insert(sweeps)
    .values({ scope, scopeKey: "bench", plan: {}, rules: "none", state: "running" })
    .returning();
  const rows = await rowsOf<{ id: string }>(
    tx,
    sql`INSERT INTO ${targets} (key, kind, name, owner, url) SELECT 'k' || n, 'repository', 'n' || n, 'o', 'u' FROM generate_series(1, ${jobs}) n RETURNING id`,
  );
  for (let at = 0; at < rows.length; at += 500) {
    const some = rows.slice(at, at + 500);
    await tx
      .insert(visits)
      .values(some.map(({ id }) => ({ sweepId: sweep?.id ?? 0, targetId: Number(id), state: "queued" as const })));
    await store.queue.add(
      "visit",
      some.map(({ id }) => ({ sweep: sweep?.id ?? 0, subject: id })),
      { tx },
    );
  }
});
const began = performance.now();
const lane = async (): Promise<void> => {
  for (let job = await store.queue.take("visit"); job; job = await store.queue.take("visit"))
    await record(store, job, { state: "unchanged", standing: "all" });
};
await Promise.all([lane(), lane(), lane(), lane()]);
console.log(
  `empty jobs: ${Math.round(jobs / ((performance.now() - began) / 1000))} a second, four lanes of one process`,
);
const [size] = await rowsOf<{ bytes: string }>(store.db, sql`SELECT pg_database_size(current_database()) AS bytes`);
console.log(`database: ${(Number(size?.bytes ?? 0) / 1e6).toFixed(0)} MB with ${jobs} targets and as many ended jobs`);
await store.close();
server.close();
rmSync(folder, { recursive: true, force: true });
