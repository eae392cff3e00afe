/** Files that other threads read are told of as if one thread had read them all. */
import { execFileSync } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resolvePlan } from "../../src/config/plan.ts";
import { scan } from "../../src/scan.ts";
import { calmEnv, leaksweep, tempDir, whole } from "../kit.ts";
import { zipFile } from "../unpack/zip-file.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");

/** More than one thread reads by itself, and then some files with something in them. */
function largeFolder(): string {
  const dir = tempDir();
  const much = `${"nothing to see here, nor on the next line\n".repeat(50)}key = value\n`.repeat(500);
  for (let file = 0; file < 70; file++) writeFileSync(join(dir, `a${file}.txt`), much + file);
  mkdirSync(join(dir, "z/out"), { recursive: true });
  for (let file = 0; file < 200; file++) writeFileSync(join(dir, "z", `${file}.env`), `key${file}=${token}\n`);
  writeFileSync(join(dir, "z/out/left.env"), `key=${token}\n`);
  writeFileSync(Buffer.concat([Buffer.from(`${dir}/z/`), Buffer.from([0xff, 0x2e])]), `key=${token}\n`);
  writeFileSync(join(dir, "z/backup.zip"), zipFile([{ name: "app.env", bytes: Buffer.from(`key=${token}\n`) }]));
  writeFileSync(join(dir, "z/shut.zip"), zipFile([{ name: "a", bytes: Buffer.from("a"), encrypted: true }]));
  execFileSync("mkfifo", [join(dir, "z/pipe")]);
  writeFileSync(join(dir, "leaksweep.yml"), 'exclude: ["z/out/**", "z/7.env"]\n');
  return dir;
}

const read = async (dir: string, ...flags: string[]) => {
  const { code, stdout, stderr } = await leaksweep(["dir", dir, "-f", "json", ...flags]);
  const result = JSON.parse(stdout);
  return { code, stderr, ...result, tally: { ...result.tally, seconds: 0 } };
};

it("what comes after the first megabytes is read on as many threads as there are jobs", async () => {
  const plan = (jobs: number) => ({ plan: resolvePlan({ jobs }, {}), paths: [largeFolder()], command: "dir" as const });
  const run = { env: {}, signal: new AbortController().signal, now: () => new Date() };
  let started = 0;
  const count = (): void => {
    started++;
  };
  process.on("worker", count);
  try {
    await scan({ ...run, ...plan(1) });
    expect(started).toBe(0);
    await scan({ ...run, ...plan(3) });
    expect(started).toBe(3);
  } finally {
    process.off("worker", count);
  }
});

it("a folder is read by several threads as by one", async () => {
  const dir = largeFolder();
  const [one, two] = [await read(dir, "--jobs", "1"), await read(dir, "--jobs", "3")];
  expect(two).toEqual(one);
  expect(two.findings).toMatchObject([{ rule: "github.pat-classic" }]);
  expect(two.findings[0].occurrences).toHaveLength(201);
  expect(two.skips.map(({ path }: { path: string }) => path).sort()).toEqual([
    "z/7.env",
    "z/out/left.env",
    "z/pipe",
    "z/shut.zip!a",
  ]);
});

it("a folder is left when somebody stops the scan, and that is told", async () => {
  const stop = new AbortController();
  const result = await scan({
    command: "dir",
    paths: [largeFolder()],
    plan: resolvePlan({ jobs: 2 }, {}),
    env: {},
    signal: stop.signal,
    now: () => new Date(),
    onEvent: (event) => {
      if (event.kind === "progress" && event.bytes > 70 << 20) stop.abort(new Error("enough"));
    },
  });
  expect(result.skips).toContainEqual({ by: "fault", reason: "the scan was stopped before its end: enough" });
  expect(result.tally.files).toBeLessThan(270);
});

/** A history of containers that other threads are worth starting for, and some that can't be read or stand for others. */
function historyOfContainers(): string {
  const dir = tempDir();
  // Bytes that nothing makes smaller, the same at every run.
  const noise = (seed: number): Buffer =>
    createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(700 << 10));
  const inside = (file: number) => [
    { name: "noise.bin", bytes: noise(file) },
    { name: "app.env", bytes: Buffer.from(`key${file}=${file % 3 === 0 ? token : "none"}\n`) },
    ...(file === 4 ? [{ name: "shut", bytes: Buffer.from("a"), encrypted: true }] : []),
  ];
  for (let file = 0; file < 8; file++) writeFileSync(join(dir, `${file}.zip`), zipFile(inside(file)));
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
  writeFileSync(join(dir, "large.bin"), pointer);
  writeFileSync(join(dir, "plain.env"), `key=${token}\n`);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, env: calmEnv });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "all of it");
  git("repack", "-adq");
  return dir;
}

it("containers of a history are opened by several threads as by one, and what else is left is read here", async () => {
  const dir = historyOfContainers();
  const history = async (...flags: string[]) => {
    const { stdout } = await leaksweep(["git", dir, "--no-cache", "-f", "json", ...flags]);
    const result = JSON.parse(stdout);
    return { ...result, tally: { ...result.tally, seconds: 0 } };
  };
  const [one, two] = [await history("--jobs", "1"), await history("--jobs", "2")];
  expect(two).toEqual(one);
  expect(two.findings).toMatchObject([{ rule: "github.pat-classic" }]);
  expect(two.findings[0].occurrences.map(({ path }: { path: string }) => path).sort()).toEqual([
    "0.zip",
    "3.zip",
    "6.zip",
    "plain.env",
  ]);
  expect(two.skips.map(({ path }: { path: string }) => path).sort()).toEqual(["4.zip", "large.bin"]);
  expect(await history("--jobs", "2", "--full-blobs")).toEqual(one);
});

it("containers of a history are opened on as many threads as there are jobs", async () => {
  let started = 0;
  const count = (): void => {
    started++;
  };
  process.on("worker", count);
  try {
    const run = { env: {}, signal: new AbortController().signal, now: () => new Date() };
    await scan({ ...run, command: "git", paths: [historyOfContainers()], plan: resolvePlan({ jobs: 2 }, {}) });
    expect(started).toBe(2);
  } finally {
    process.off("worker", count);
  }
});
