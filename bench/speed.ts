/**
 * How fast whole histories are searched, beside git's own limits and beside the peers that are on PATH: same repository,
 * same run, alternating. Usage: npm run bench:speed -- <repository…> [--runs N] [--write]
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const binary = resolve(here, "../../bin/leaksweep.js");

interface Contender {
  readonly name: string;
  readonly command: (repository: string) => readonly string[];
}

/** A run: seconds, and the largest sum of resident memory of the process and its children, in MB. */
interface Run {
  readonly wall: number;
  readonly user: number;
  readonly peak: number;
}

const ours =
  (...flags: string[]) =>
  (repository: string) => [
    process.execPath,
    binary,
    "git",
    repository,
    "--allow-partial",
    "--allow-shallow",
    "--exit-code",
    "0",
    "--no-progress",
    "-f",
    "json",
    ...flags,
  ];

const git =
  (...args: string[]) =>
  (repository: string) => ["git", "--git-dir", gitDirOf(repository), ...args];

const limits: readonly Contender[] = [
  {
    name: "git cat-file, every object",
    command: git("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"),
  },
  { name: "leaksweep git", command: ours() },
  { name: "leaksweep git --jobs 1", command: ours("--jobs", "1") },
];

const slow: readonly Contender[] = [
  { name: "git log -p --all --full-history -U0", command: git("log", "-p", "--all", "--full-history", "-U0") },
];

/** Peers and how each is asked for all that it can see of a history, without asking any provider. */
const peers: Readonly<Record<string, (repository: string) => readonly string[]>> = {
  gitleaks: (path) => ["gitleaks", "git", path, "--no-banner", "--exit-code", "0", "-r", "/dev/null", "-f", "json"],
  betterleaks: (path) => ["betterleaks", "git", path, "--no-banner", "--exit-code", "0"],
  trufflehog: (path) => ["trufflehog", "git", `file://${path}`, "--no-verification", "--no-update", "--json"],
  kingfisher: (path) => ["kingfisher", "scan", path, "--no-validate", "--git-history=full", "-f", "json"],
  noseyparker: (path) => ["noseyparker", "scan", "--datastore", ":memory:", path],
  titus: (path) => ["titus", "scan", "--git", path],
  keyhog: (path) => ["keyhog", "scan", path],
};

const onPath = (name: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      return readdirSync(folder).includes(name);
    } catch {
      return false;
    }
  });

function gitDirOf(repository: string): string {
  return readdirSync(repository).includes(".git") ? join(repository, ".git") : repository;
}

/** Runs a command with its output thrown away. Times of its children are counted where it waited for them. */
function measure(command: readonly string[]): Promise<Run> {
  return new Promise((done, fail) => {
    // The shell's own clock: Node does not tell the processor time of one child.
    const script = 'TIMEFORMAT="%R %U"; time "$@" >/dev/null 2>&1';
    const child = spawn("bash", ["-c", script, "bash", ...command], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentBelow(child.pid ?? 0));
    }, 50);
    child.stderr.on("data", (part: Buffer) => (said += part.toString()));
    child.on("error", fail);
    child.on("close", () => {
      clearInterval(watch);
      const [wall = Number.NaN, user = Number.NaN] = (said.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
      done({ wall, user, peak });
    });
  });
}

/** Resident memory, in MB, of all processes below one. */
function residentBelow(root: number): number {
  let sum = 0;
  const below = [root];
  for (let pid = below.pop(); pid !== undefined; pid = below.pop()) {
    try {
      const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
      if (pid !== root) sum += Number(pages) * 4096;
      for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")) {
        if (child.trim() !== "") below.push(Number(child));
      }
    } catch {
      // it has ended meanwhile
    }
  }
  return sum / 1e6;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function compare(repository: string, runs: number): Promise<string[]> {
  const contenders = [
    ...limits,
    ...slow,
    ...Object.entries(peers)
      .filter(([name]) => onPath(name))
      .map(([name, command]): Contender => ({ name, command })),
  ];
  const measured = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < runs; round++) {
    for (const contender of contenders) {
      // What takes minutes is not run five times.
      if (round > 0 && (measured.get(contender.name)?.[0]?.wall ?? 0) > 60) continue;
      measured.get(contender.name)?.push(await measure(contender.command(repository)));
    }
  }
  const of = (name: string): Run => {
    const all = measured.get(name) ?? [];
    return {
      wall: median(all.map((run) => run.wall)),
      user: median(all.map((run) => run.user)),
      peak: median(all.map((run) => run.peak)),
    };
  };
  const floor = of(limits[0]?.name ?? "");
  return [
    `### ${basename(dirname(repository)) || basename(repository)}`,
    "",
    "| | wall, s | user, s | peak, MB | wall / cat-file | user / cat-file |",
    "|---|--:|--:|--:|--:|--:|",
    ...contenders.map(({ name }) => {
      const { wall, user, peak } = of(name);
      return `| ${name} | ${wall.toFixed(2)} | ${user.toFixed(2)} | ${peak.toFixed(0)} | ${(wall / floor.wall).toFixed(2)} | ${(user / floor.user).toFixed(2)} |`;
    }),
    "",
  ];
}

const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "5" }, write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const lines = [
  "# Speed",
  "",
  `Written by \`npm run bench:speed\`. Medians of ${values.runs} alternating runs, ${availableParallelism()} cores, Node ${process.versions.node}, page cache warm. Ratios are what to compare: they travel from machine to machine, seconds do not.`,
  "",
];
for (const repository of positionals) lines.push(...(await compare(resolve(repository), Number(values.runs))));
console.log(lines.join("\n"));
if (values.write) writeFileSync(resolve(here, "../RESULTS.md"), `${lines.join("\n")}\n`);
