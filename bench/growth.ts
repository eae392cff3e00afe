/**
 * How cost grows: with the length of a history, with threads, and with rules. The repository is made here, the same each
 * time: source files in which each commit changes a few lines. Usage: npm run bench:growth -- [--runs N] [--commits N] [--write]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure, median } from "./measure.ts";
import { binary, numbers, repositoryOf, scanOf } from "./recipe.ts";

const here = dirname(fileURLToPath(import.meta.url));

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
