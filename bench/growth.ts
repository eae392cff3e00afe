/**
 * How cost grows: with the length of a history, with threads, and with rules. The repository is made here, the same each
 * time: source files in which each commit changes a few lines. Usage: npm run bench:growth -- [--runs N] [--commits N] [--write]
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure, median } from "./measure.ts";

const here = dirname(fileURLToPath(import.meta.url));
const binary = resolve(here, "../../bin/leaksweep.js");
const source = readFileSync(resolve(here, "../../src/detect/match.ts"), "utf8").split("\n");

/** Numbers that look drawn and are the same each time (Lehmer, MINSTD). */
function* numbers(seed = 1): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state;
  }
}

/** A repository of so many commits over forty files, packed as `git gc` does. */
function repositoryOf(folder: string, commits: number): string {
  const path = join(folder, `${commits}.git`);
  const chance = numbers();
  const draw = (below: number): number => chance.next().value % below;
  const line = (): string => `${source[draw(source.length)] ?? ""} // ${draw(1e9).toString(36)}`;
  const files = Array.from({ length: 40 }, () => Array.from({ length: 150 + draw(150) }, line));
  const stream = `${path}.stream`;
  const file = openSync(stream, "w");
  for (let commit = 0; commit < commits; commit++) {
    const time = 1_700_000_000 + commit * 600;
    writeSync(file, `commit refs/heads/main\ncommitter A <a@example.org> ${time} +0000\ndata 4\nwork\n`);
    for (const number of commit === 0 ? files.keys() : [draw(40), draw(40)]) {
      const lines = files[number] ?? [];
      for (let edit = 0; edit < 3; edit++) lines.splice(draw(lines.length), draw(2), line());
      const text = lines.join("\n");
      writeSync(file, `M 100644 inline src/${number % 7}/${number}.ts\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  }
  closeSync(file);
  execFileSync("git", ["init", "-q", "--bare", path]);
  execFileSync("sh", ["-c", 'git -C "$0" fast-import --quiet < "$1"', path, stream]);
  rmSync(stream);
  execFileSync("git", ["-C", path, "gc", "-q"]);
  return path;
}

const scanOf = (repository: string, ...flags: string[]): readonly string[] => [
  process.execPath,
  binary,
  "git",
  repository,
  "--no-cache",
  "--no-progress",
  "-f",
  "json",
  ...flags,
];

/** Ids of so many built-in rules, the same each time, spread over the shelf. */
function someRules(count: number): string[] {
  const list = JSON.parse(
    execFileSync(process.execPath, [binary, "rules", "list", "--json"], { maxBuffer: 1 << 28 }).toString(),
  );
  const ids: string[] = (Array.isArray(list) ? list : list.rules).map(({ id }: { id: string }) => id);
  const chance = numbers(7);
  const drawn = ids.map((id) => [chance.next().value, id] as const).sort(([a], [b]) => a - b);
  return drawn.slice(0, count).map(([, id]) => id);
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    commits: { type: "string", default: "2000" },
    write: { type: "boolean", default: false },
  },
});
const base = Number(values.commits);
const folder = mkdtempSync(join(tmpdir(), "leaksweep-bench-"));

interface Row {
  readonly name: string;
  readonly command: readonly string[];
}

/** A table of the rows, each beside the first; they take turns. */
async function table(title: string, rows: readonly Row[]): Promise<string[]> {
  const measured = rows.map((): { wall: number; user: number; peak: number }[] => []);
  for (let round = 0; round < Number(values.runs); round++) {
    for (const [at, { command }] of rows.entries()) measured[at]?.push(await measure(command));
  }
  const medians = measured.map((runs) => ({
    wall: median(runs.map(({ wall }) => wall)),
    user: median(runs.map(({ user }) => user)),
    peak: median(runs.map(({ peak }) => peak)),
  }));
  const [first] = medians;
  const ratio = (value: number, of = Number.NaN): string => (value / of).toFixed(2);
  return [
    `### ${title}`,
    "",
    "| | wall, s | user, s | peak, MB | wall / first | user / first |",
    "|---|--:|--:|--:|--:|--:|",
    ...medians.map(
      ({ wall, user, peak }, at) =>
        `| ${rows[at]?.name} | ${wall.toFixed(2)} | ${user.toFixed(2)} | ${peak.toFixed(0)} | ${ratio(wall, first?.wall)} | ${ratio(user, first?.user)} |`,
    ),
    "",
  ];
}

try {
  const histories = [1, 2, 4, 8].map((times) => ({ times, path: repositoryOf(folder, base * times) }));
  const largest = histories.at(-1)?.path ?? "";
  const lines = [
    "# Growth",
    "",
    `Written by \`npm run bench:growth\`. Medians of ${values.runs} alternating runs, ${availableParallelism()} cores, Node ${process.versions.node}. The repository is made by the benchmark: ${base} commits, each of which changes two of forty source files, and 2, 4 and 8 times as many.`,
    "",
    ...(await table(
      "Length of the history, all rules",
      histories.map(({ times, path }) => ({ name: `${base * times} commits`, command: scanOf(path) })),
    )),
    ...(await table(
      "Threads",
      [1, 2].map((jobs) => ({ name: `--jobs ${jobs}`, command: scanOf(largest, "--jobs", `${jobs}`) })),
    )),
    ...(await table("Rules", [
      ...[100, 50, 500, 1000].map((count) => ({
        name: `${count} rules`,
        command: scanOf(largest, ...someRules(count).flatMap((id) => ["--enable", id])),
      })),
      { name: "all rules", command: scanOf(largest) },
    ])),
  ];
  console.log(lines.join("\n"));
  if (values.write) writeFileSync(resolve(here, "../GROWTH.md"), `${lines.join("\n")}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
