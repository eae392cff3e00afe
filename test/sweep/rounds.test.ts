/** What sweeps of one organisation read and ask for, round after round, and what they leave on the disk. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type SweepStatus, statusOf, sweepRows } from "../../src/sweep/status.ts";
import { openStore } from "../../src/sweep/store/store.ts";
import { leaksweep, tempDir } from "../kit.ts";
import { gist, leak, secret, written } from "./samples.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import { postgresOfFile } from "./stores.ts";

const postgres = postgresOfFile();

interface Swept {
  readonly code: number | null;
  readonly paths: readonly string[];
  /** By whom and why something was left out or not read. */
  readonly skips: readonly string[];
  /** Who brought each finding in, and when. */
  readonly authors: readonly string[];
}

interface World {
  readonly forge: StandIn;
  readonly dir: string;
  readonly env: Record<string, string>;
  /** A sweep, by the real binary; what it asked for is all that `forge` then remembers. */
  sweep(...args: readonly string[]): Promise<Swept>;
  /** Git's requests for objects or refs of a repository. */
  talks(name: string): number;
}

let worlds = 0;

async function world(): Promise<World> {
  const dir = tempDir();
  const forge = await startStandIn(join(dir, "hub"));
  onTestFinished(() => forge.hub.close());
  forge.owners.set("acme", { kind: "org" });
  const store = await postgres.place(`rounds_${++worlds}`, dir);
  const env = { LEAKSWEEP_STORE: store };
  return {
    forge,
    dir,
    env,
    async sweep(...args) {
      forge.asked.length = 0;
      forge.hub.requests.length = 0;
      const { code, stdout, stderr } = await leaksweep([...args, "--api-url", forge.api, "-f", "json"], { env });
      if (stdout === "") throw new Error(stderr);
      const { findings, skips } = JSON.parse(stdout) as {
        findings: { occurrences: { path: string }[]; introduced: { date: string; author: { name: string } } }[];
        skips: { by: string; reason: string }[];
      };
      return {
        code,
        paths: findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path)).sort(),
        skips: skips.map(({ by, reason }) => `${by}: ${reason}`).sort(),
        authors: findings.map(({ introduced }) => `${introduced.date.slice(0, 10)} ${introduced.author.name}`).sort(),
      };
    },
    talks: (name) =>
      forge.hub.requests.filter(({ method, path }) => method === "POST" && path.startsWith(`/${name}.git/`)).length,
  };
}

it("only what an --include names is read, less what an --exclude names, with its wiki and its issues", async () => {
  const { forge, sweep, talks } = await world();
  for (const [n, name] of ["api-one", "api-two", "api-old", "site"].entries()) {
    forge.create(`acme/${name}`, leak(n), { wiki: true });
    forge.hub.create(`acme/${name}.wiki`, leak(n + 10));
  }
  const chosen = ["--include", "acme/api-*", "--include", "*/nothing", "--exclude", "**/*-old", "--exclude", "acme/x"];
  const { code, paths, skips } = await sweep("org", "acme", "--wikis", "--issues", ...chosen);
  expect(paths).toEqual(["one", "one/wiki", "two", "two/wiki"].map((name) => `acme/api-${name}/app.env`));
  expect(skips).toEqual(["policy: 3 left out: an --exclude names it", "policy: 3 left out: no --include names it"]);
  expect(code).toBe(1);
  for (const name of ["api-old", "api-old.wiki", "site", "site.wiki"]) expect(talks(`acme/${name}`), name).toBe(0);
  const asked = forge.asked.filter(({ path }) => /issues/.test(path)).map(({ path }) => path.split("/")[3]);
  expect(new Set(asked)).toEqual(new Set(["api-one", "api-two"]));
}, 90_000);

it("after one push to one repository a third sweep looks at the refs of each and fetches from that one alone", async () => {
  const { forge, dir, sweep, talks } = await world();
  const names = ["a", "b", "c", "d"].map((name) => `acme/${name}`);
  for (const [n, name] of names.entries()) forge.create(name, leak(n));
  const kept = ["org", "acme", "--keep-clones", join(dir, "clones")];
  await sweep(...kept);
  const second = await sweep(...kept);
  expect(second.paths).toHaveLength(4);
  expect(names.map(talks)).toEqual([1, 1, 1, 1]); // a look at its refs, and no object
  const quiet = forge.asked.length;
  forge.hub.push("acme/c", `echo 'TOKEN=${secret(9)}' > new.env; commit New`);
  const third = await sweep(...kept);
  expect(third.paths).toEqual([...second.paths, "acme/c/new.env"].sort()); // one finding more
  expect(forge.asked).toHaveLength(quiet);
  expect(names.filter((name) => talks(name) > 1)).toEqual(["acme/c"]);
}, 120_000);

it("kept clones are trimmed to their bound, those that were not used for longest first, and come back when wanted", async () => {
  const { forge, dir, sweep } = await world();
  const large = (n: number): string => `head -c 60000 /dev/urandom > blob; ${leak(n)}`;
  for (const [n, name] of ["a", "b", "c", "d"].entries()) forge.create(`acme/${name}`, large(n));
  const folder = join(dir, "clones");
  const bounded = ["org", "acme", "--concurrency", "1", "--keep-clones", folder, "--keep-size", "150kB"];
  const clones = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".git"));
  const used = (name: string): number => statSync(join(folder, name)).mtimeMs;
  const first = await sweep(...bounded);
  expect(first.paths).toHaveLength(4);
  expect(clones()).toHaveLength(2);
  // Nothing half made, and no lock, is left beside them.
  expect(readdirSync(folder).sort()).toEqual(clones().sort());
  const before = clones().map(used);
  forge.hub.push("acme/a", `echo 'TOKEN=${secret(9)}' > new.env; commit New`);
  const second = await sweep(...bounded);
  expect(second.paths).toEqual([...first.paths, "acme/a/new.env"].sort());
  expect(clones()).toHaveLength(2);
  expect(clones().some((name) => name.startsWith("acme-a-"))).toBe(true);
  expect(Math.max(...clones().map(used))).toBeGreaterThan(Math.max(...before));
}, 120_000);

it("comments on gists are read with who wrote them, and not again while they are as they were", async () => {
  const { forge, sweep } = await world();
  forge.owners.set("ann", { kind: "user" });
  forge.hub.create("gist/9f2c", "echo x > notes.txt; commit Notes");
  const comment = (id: number, login: string): object =>
    written(id, { created_at: `2024-03-0${id}T10:00:00Z`, user: { login } });
  forge.lists.set("/users/ann/gists", [gist("9f2c", `${forge.hub.origin}/gist/9f2c.git`)]);
  forge.lists.set("/gists/9f2c/comments", [comment(1, "bob"), comment(2, "cleo"), comment(3, "bob")]);
  const first = await sweep("user", "ann", "--gists");
  expect(first.skips).toEqual([]);
  expect(first.paths).toHaveLength(3);
  for (const path of first.paths) expect(path).toMatch(/^ann\/gist:9f2c\/gist-comments\/.*[123]\.md$/);
  expect(first.authors).toEqual(["2024-03-01 bob", "2024-03-02 cleo", "2024-03-03 bob"]);
  const second = await sweep("user", "ann", "--gists");
  expect(second.paths).toEqual(first.paths);
  expect(forge.asked.filter(({ path }) => path.includes("comments")).map(({ status }) => status)).toEqual([304, 304]);
}, 90_000);

it.runIf(postgres.isHere)(
  "while the API asks to wait for more than a minute, a single lane reads what needs no API, and asks it nothing",
  async () => {
    const { forge, env } = await world();
    for (const [n, name] of ["a", "b", "c"].entries()) forge.create(`acme/${name}`, leak(n));
    forge.trouble.push({ path: /\/issues$/, kind: "primary", times: 1, seconds: 3_000 });
    const args = ["org", "acme", "--issues", "--concurrency", "1", "--quiet", "--api-url", forge.api];
    const child = spawn(process.execPath, [resolve("bin/leaksweep.cjs"), ...args], {
      env: { PATH: process.env.PATH ?? "", HOME: tempDir(), ...env },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    onTestFinished(() => void child.kill("SIGKILL"));
    const store = await openStore({ kind: "server", address: env.LEAKSWEEP_STORE ?? "" });
    onTestFinished(() => store.close());
    const status = async (): Promise<SweepStatus | undefined> => {
      const [row] = await sweepRows(store);
      return row && statusOf(store, row);
    };
    await expect.poll(status, { timeout: 60_000, interval: 200 }).toMatchObject({
      state: "running",
      total: 6,
      done: 3,
      findings: 3,
      failures: [],
      reading: [],
      queue: { later: 3 },
    });
    expect(forge.limitedUntil()).toBeGreaterThan(Date.now() + 60_000);
    expect(forge.early).toEqual([]);
    child.kill("SIGTERM");
    expect(await ended).toEqual([143, null]);
  },
  90_000,
);
