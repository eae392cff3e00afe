/** Files that other threads read are told of as if one thread had read them all. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resolvePlan } from "../../src/config/plan.ts";
import { scan } from "../../src/scan.ts";
import { leaksweep, tempDir, whole } from "../kit.ts";
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
