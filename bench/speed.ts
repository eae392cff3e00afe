/**
 * How fast whole histories are searched, beside git's own limits and beside the peers that are on PATH: same repository,
 * same run, alternating. Usage: npm run bench:speed -- <repository…> [--runs N] [--write]
 */
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure, median, type Run } from "./measure.ts";

/** For what is written on the way. */
const scratch = mkdtempSync(join(tmpdir(), "leaksweep-bench-"));

const here = dirname(fileURLToPath(import.meta.url));
const binary = resolve(here, "../../bin/leaksweep.cjs");

interface Contender {
  readonly name: string;
  readonly command: (repository: string) => readonly string[];
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
  { name: "leaksweep git", command: ours("--no-cache") },
  { name: "leaksweep git --jobs 1", command: ours("--no-cache", "--jobs", "1") },
  { name: "leaksweep git --max-archive-depth 0", command: ours("--no-cache", "--max-archive-depth", "0") },
  { name: "leaksweep git, nothing changed", command: ours("--cache", scratch) },
];

const slow: readonly Contender[] = [
  { name: "git log -p --all --full-history -U0", command: git("log", "-p", "--all", "--full-history", "-U0") },
];

/** Peers and how each is asked for all that it can see of a history, without asking any provider. */
const peers: Readonly<Record<string, (repository: string) => readonly string[]>> = {
  // Its report goes into a file of ours: it deletes what was there before, and to root that can be /dev/null.
  gitleaks: (path) => ["gitleaks", "git", path, "--no-banner", "--exit-code", "0", "-r", join(scratch, "g.json")],
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

async function compare(repository: string, runs: number): Promise<string[]> {
  const contenders = [
    ...limits,
    ...slow,
    ...Object.entries(peers)
      .filter(([name]) => onPath(name))
      .map(([name, command]): Contender => ({ name, command })),
  ];
  // A second scan has a first one.
  for (const { name, command } of limits) if (name.endsWith("nothing changed")) await measure(command(repository));
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
      code: all[0]?.code ?? -1,
    };
  };
  const floor = of(limits[0]?.name ?? "");
  return [
    `### ${basename(dirname(repository)) || basename(repository)}`,
    "",
    "| | wall, s | user, s | peak, MB | wall / cat-file | user / cat-file | exit |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...contenders.map(({ name }) => {
      const { wall, user, peak, code } = of(name);
      return `| ${name} | ${wall.toFixed(2)} | ${user.toFixed(2)} | ${peak.toFixed(0)} | ${(wall / floor.wall).toFixed(2)} | ${(user / floor.user).toFixed(2)} | ${code} |`;
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
  `Written by \`npm run bench:speed\`. Medians of ${values.runs} alternating runs, ${availableParallelism()} cores, Node ${process.versions.node}, page cache warm. Ratios are what to compare: they travel from machine to machine, seconds do not. A mirror can be a partial clone: git log ends with 128 at the first object that was not fetched, and what reads its output has then seen no more.`,
  "",
];
for (const repository of positionals) lines.push(...(await compare(resolve(repository), Number(values.runs))));
console.log(lines.join("\n"));
if (values.write) writeFileSync(resolve(here, "../RESULTS.md"), `${lines.join("\n")}\n`);
