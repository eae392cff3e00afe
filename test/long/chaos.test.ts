/**
 * An organisation of many repositories, three workers that are killed and frozen at random, and an API that fails in
 * every way it can: afterwards each planted secret is there exactly once and every repository is accounted for.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { leaksweep, sh, tempDir, whole } from "../kit.ts";
import { startStandIn } from "../sweep/stand-in.ts";
import { postgresOfFile } from "../sweep/stores.ts";

const many = Number(process.env.CHAOS_REPOSITORIES ?? 300);
const token = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf1gKi9O");

const postgres = postgresOfFile();

/** Random, and the same in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

const secret = (n: number): string => {
  const body = createHash("sha256").update(`chaos ${n}`).digest("base64url").replace(/[-_]/g, "x");
  return whole(`gl¦pat-${body.slice(0, 20)}`);
};

/** An empty bare repository with one commit more, made without a work tree: three hundred of the usual kind take minutes. */
function plant(dir: string, { empty, n }: { readonly empty: string; readonly n: number }): void {
  cpSync(empty, dir, { recursive: true });
  const text = `TOKEN=${secret(n)}\n`;
  const stream = `commit refs/heads/main\ncommitter Ann <ann@example.org> 1704110400 +0000\ndata 3\nAdd\nM 100644 inline app.env\ndata ${text.length}\n${text}\n`;
  execFileSync("git", ["--git-dir", dir, "fast-import", "--quiet"], { input: stream });
}

/** Looks at the command line of every process for a while. */
function watchArguments(): { readonly leaks: string[]; stop(): void } {
  const leaks: string[] = [];
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const timer = setInterval(() => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (line.includes(token) || line.includes(basic)) leaks.push(line.replaceAll("\0", " "));
      } catch {
        // It has ended meanwhile.
      }
    }
  }, 100);
  return { leaks, stop: () => clearInterval(timer) };
}

/** Names of files below `dir` that hold `text`; grep ends with 1 when there is none. */
function filesWith(text: string, dir: string): string {
  return sh(dir, `grep -rlF '${text}' . || test $? = 1`);
}

it.runIf(postgres.isHere)(
  "loses nothing and tells nothing twice",
  async () => {
    const dir = tempDir();
    const roll = dice(7);
    const forge = await startStandIn(join(dir, "hub"), { token, pageSize: 20 });
    onTestFinished(() => forge.hub.close());
    forge.owners.set("acme", { kind: "org" });
    const empty = join(dir, "empty.git");
    mkdirSync(empty);
    sh(empty, "git init -q --bare -b main .");
    for (let n = 0; n < many; n++) {
      const name = `acme/r${String(n).padStart(4, "0")}`;
      plant(join(dir, `hub/${name}.git`), { empty, n });
      forge.repos.set(name, { id: n + 1, name, private: true });
    }
    for (const kind of ["cut", "502", "reset", "secondary", "primary", "429"] as const) {
      forge.trouble.push({ path: /repos$|issues$/, kind, times: 2, seconds: 1 });
    }
    // Git's side fails now and then, too.
    const serve = forge.hub.intercept;
    forge.hub.intercept = (request, response) => {
      if (!request.url?.startsWith("/api/") && roll() < 0.01) return void response.socket?.destroy() === undefined;
      return serve?.(request, response) ?? false;
    };
    const env = { LEAKSWEEP_STORE: await postgres.store("chaos"), GITHUB_TOKEN: token, LEAKSWEEP_LEASE_SECONDS: "10" };
    const said: string[] = [];
    const start = (args: readonly string[]): ChildProcess => {
      const child = spawn(process.execPath, [resolve("bin/leaksweep.cjs"), ...args], {
        env: { PATH: process.env.PATH ?? "", HOME: dir, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout?.on("data", (part: Buffer) => said.push(String(part)));
      child.stderr?.on("data", (part: Buffer) => said.push(String(part)));
      return child;
    };
    const sweep = [
      "org",
      "acme",
      "--issues",
      "--api-url",
      forge.api,
      "--keep-clones",
      join(dir, "clones"),
      "-f",
      "json",
    ];
    const worker = ["worker", "--keep-clones", join(dir, "clones"), "--concurrency", "2"];
    const watch = watchArguments();
    const crew = [start(sweep), start(worker), start(worker)];
    const isOver = (): boolean => crew[0]?.exitCode !== null && crew[0]?.signalCode === null;
    const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
    for (let blow = 0; blow < 8 && !isOver(); blow++) {
      await pause(2_000 + roll() * 3_000);
      const at = Math.floor(roll() * crew.length);
      const victim = crew[at];
      if (blow % 4 === 3) {
        // Frozen for longer than its lease, then woken: what it writes must count for nothing.
        victim?.kill("SIGSTOP");
        void pause(14_000).then(() => victim?.kill("SIGCONT"));
        continue;
      }
      victim?.kill("SIGKILL");
      crew[at] = start(at === 0 ? sweep : worker);
    }
    const { code, stdout } = await leaksweep(sweep, { env });
    for (const child of crew) child.kill("SIGTERM");
    watch.stop();

    const report = JSON.parse(stdout) as {
      complete: boolean;
      skips: object[];
      findings: { occurrences: { path: string }[] }[];
    };
    expect(report.skips).toEqual([]);
    expect(code).toBe(1);
    expect(report.findings.map(({ occurrences }) => occurrences.length)).toEqual(Array(many).fill(1));
    expect(new Set(report.findings.map(({ occurrences }) => occurrences[0]?.path)).size).toBe(many);
    const { stdout: status } = await leaksweep(["sweep", "status", "--json"], { env });
    const [told] = JSON.parse(status);
    expect(told).toMatchObject({ state: "finished", total: 2 * many, done: 2 * many, findings: many, failures: [] });
    expect(forge.early).toEqual([]);
    expect(watch.leaks).toEqual([]);
    expect(said.join("") + stdout + status).not.toContain(token);
    // Neither in a file of ours nor in the database.
    expect(filesWith(token, dir)).toBe("");
    expect(
      execFileSync("pg_dump", ["-d", env.LEAKSWEEP_STORE], { encoding: "utf8", maxBuffer: 2 ** 30 }),
    ).not.toContain(token);
  },
  600_000,
);
