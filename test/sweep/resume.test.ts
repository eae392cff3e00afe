import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { rulepacks, sweeps, visits } from "../../src/sweep/store/schema.ts";
import { openStore } from "../../src/sweep/store/store.ts";
import { leaksweep, tempDir } from "../kit.ts";
import { type Hub, startHub } from "./hub.ts";
import { leak } from "./samples.ts";
import { folderOfFile, postgresOfFile } from "./stores.ts";

const postgres = postgresOfFile();
const folder = folderOfFile();

interface Interrupted {
  readonly list: string;
  readonly hub: Hub;
  readonly env: Record<string, string>;
  /** Starts a sweep, sends it the signal when git asks for the repository that is named, and waits for its end. */
  interrupt(name: string, signal: NodeJS.Signals): Promise<number | null>;
}

/** `store` is a server's address, or "new folder", or "empty store" for a folder that is migrated already. */
async function world(store: string): Promise<Interrupted> {
  const dir = tempDir();
  if (store === "empty store") folder.copyTo(join(dir, "store"));
  mkdirSync(join(dir, "hub"));
  const hub = await startHub(join(dir, "hub"));
  onTestFinished(() => hub.close());
  const addresses = ["a", "b", "c"].map((name, n) => hub.create(`acme/${name}`, leak(n)));
  const list = join(dir, "list");
  writeFileSync(list, addresses.join("\n"));
  const env = { LEAKSWEEP_STORE: store.includes("://") ? store : join(dir, "store"), LEAKSWEEP_LEASE_SECONDS: "10" };
  return {
    list,
    hub,
    env,
    async interrupt(name, signal) {
      const args = ["repos", list, "--concurrency", "1", "--quiet"];
      const child = spawn(process.execPath, [resolve("bin/leaksweep.cjs"), ...args], {
        env: { PATH: process.env.PATH ?? "", HOME: dir, ...env },
        stdio: "ignore",
      });
      const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
      hub.intercept = ({ url = "" }) => {
        if (!url.includes(`/${name}.git/`)) return false;
        hub.intercept = undefined;
        child.kill(signal);
        // Its request is left without an answer, so that the job can only be under way when the signal comes.
        return true;
      };
      return await ended;
    },
  };
}

const secrets = (stdout: string): string[] =>
  JSON.parse(stdout)
    .findings.flatMap(({ occurrences }: { occurrences: { path: string }[] }) =>
      occurrences.map(({ path }) => path.slice(-9)),
    )
    .sort();

const all = ["a/app.env", "b/app.env", "c/app.env"];

describe("a sweep that is killed", () => {
  it("goes on from a folder where it was: everything once, nothing twice", async () => {
    const { list, env, interrupt } = await world("new folder");
    expect(await interrupt("b", "SIGKILL")).toBeNull();
    const { code, stdout, stderr } = await leaksweep(["repos", list, "-f", "json"], { env });
    expect(stderr).toContain("going on with sweep 1");
    expect(secrets(stdout)).toEqual(all);
    expect(code).toBe(1);
    const { stdout: status } = await leaksweep(["sweep", "status", "--json"], { env });
    expect(JSON.parse(status)[0].visits).toEqual({ read: 3 });
  }, 120_000);

  it.runIf(postgres.isHere)(
    "has its job taken over by another worker when its lease is over",
    async () => {
      const { list, env, interrupt } = await world(await postgres.store("killed"));
      expect(await interrupt("b", "SIGKILL")).toBeNull();
      // Another machine, which never saw the list of addresses.
      expect((await leaksweep(["worker", "--drain"], { env })).code).toBe(0);
      const { stdout } = await leaksweep(["report", "-f", "json"], { env });
      expect(secrets(stdout)).toEqual(all);
      expect(JSON.parse(stdout).complete).toBe(true);
      expect(list).not.toBe("");
    },
    120_000,
  );
});

describe("beside a sweep that is not finished", () => {
  it("a dry run says what another would cost, reads nothing, and leaves it to go on from where it was", async () => {
    const { list, env, hub, interrupt } = await world("empty store");
    await interrupt("b", "SIGKILL");
    hub.requests.length = 0;
    const dry = await leaksweep(["repos", list, "--dry-run"], { env });
    expect(dry.code).toBe(0);
    expect(dry.stderr).toContain("to read: 3 repositories");
    expect(hub.requests).toEqual([]);
    const { stdout: status } = await leaksweep(["sweep", "status", "--json"], { env });
    expect(JSON.parse(status)).toEqual([expect.objectContaining({ sweep: 1, state: "running", done: 1 })]);
    const { stderr, stdout } = await leaksweep(["repos", list, "-f", "json"], { env });
    expect(stderr).toContain("going on with sweep 1");
    expect(secrets(stdout)).toEqual(all);
  }, 120_000);

  it("that another version began, one of another list runs to its end, and says why it leaves the first alone", async () => {
    const { list, env, hub, interrupt } = await world("empty store");
    await interrupt("b", "SIGKILL");
    const store = await openStore({ kind: "folder", path: env.LEAKSWEEP_STORE ?? "" });
    await store.db.insert(rulepacks).values({ hash: "of another version", rules: {} });
    await store.db.update(sweeps).set({ rules: "of another version" });
    await store.close();
    writeFileSync(`${list}2`, hub.create("acme/d", leak(3)));
    const { code, stdout, stderr } = await leaksweep(["repos", `${list}2`, "-f", "json"], { env });
    expect(stderr).toContain("Cannot join sweep 1: its rules are not those of this leaksweep");
    expect(code).toBe(1);
    expect(secrets(stdout)).toEqual(["d/app.env"]);
    const { stdout: status } = await leaksweep(["sweep", "status", "--json"], { env });
    expect(JSON.parse(status)).toEqual([expect.objectContaining({ sweep: 1, state: "running", done: 1 })]);
  }, 120_000);
});

describe.runIf(postgres.isHere)("a sweep whose owner died before it began to read", () => {
  it("is read by the workers that are there, who end when that is done", async () => {
    const { env, interrupt } = await world(await postgres.store("ready"));
    await interrupt("a", "SIGKILL");
    const store = await openStore({ kind: "server", address: env.LEAKSWEEP_STORE ?? "" });
    await store.db.transaction((tx) => store.queue.clear(1, tx));
    await store.db.update(visits).set({ state: "planned" });
    await store.db.update(sweeps).set({ state: "ready" });
    await store.close();
    expect((await leaksweep(["worker", "--drain"], { env })).code).toBe(0);
    const { stdout } = await leaksweep(["report", "-f", "json"], { env });
    expect(secrets(stdout)).toEqual(all);
    expect(JSON.parse(stdout).complete).toBe(true);
  }, 120_000);
});

describe.runIf(postgres.isHere)("a sweep whose store is started anew", () => {
  it("waits for it, says so, and goes on", async () => {
    const { list, env, hub } = await world(await postgres.store("restarted"));
    hub.intercept = ({ url = "" }) => {
      if (url.includes("/b.git/")) {
        hub.intercept = undefined;
        void postgres.restart(3_000);
      }
      return false;
    };
    const { code, stdout, stderr } = await leaksweep(["repos", list, "-f", "json", "--concurrency", "1"], { env });
    expect(stderr).toContain("the store does not answer and is tried again");
    expect(secrets(stdout)).toEqual(all);
    expect(code).toBe(1);
  }, 120_000);
});

describe.runIf(postgres.isHere)("a sweep that is told to stop", () => {
  it("reports what it has as incomplete, and gives its work back at once", async () => {
    const { list, env, interrupt } = await world(await postgres.store("stopped"));
    const started = performance.now();
    expect(await interrupt("b", "SIGTERM")).toBe(143);
    // The server is silent: waiting for git's own limit of silence would take 30 seconds.
    expect(performance.now() - started).toBeLessThan(20_000);
    const { stdout: status } = await leaksweep(["sweep", "status", "--json"], { env });
    expect(JSON.parse(status)[0]).toMatchObject({ state: "running", queue: { active: 0 } });
    const { stdout } = await leaksweep(["repos", list, "-f", "json"], { env });
    expect(secrets(stdout)).toEqual(all);
  }, 120_000);
});
