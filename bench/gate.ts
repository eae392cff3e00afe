/**
 * Whether a scan has become dearer: its processor time beside that of git printing the same objects, on a repository
 * made from a recipe. Both are slowed alike by a slow or busy machine, so that the ratio holds where seconds do not.
 * Exits with 1 above the bar. Usage: npm run bench:gate -- [--runs N] [--commits N]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure.ts";
import { repositoryOf, scanOf } from "./recipe.ts";

/**
 * User time of a scan on one thread, less that of a start, in times of `git cat-file`. Measured at 3.2 to 4.2
 * on a machine that others use too; the rest is room for other processors.
 */
const bar = 5.5;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "4" }, commits: { type: "string", default: "10000" } },
});
const folder = mkdtempSync(join(tmpdir(), "leaksweep-bench-"));
try {
  const repository = repositoryOf(folder, Number(values.commits));
  const empty = repositoryOf(folder, 1);
  const contenders: readonly (readonly [name: string, command: readonly string[]])[] = [
    ["git", ["git", "-C", repository, "cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"]],
    ["start", scanOf(empty, "--jobs", "1")],
    ["scan", scanOf(repository, "--jobs", "1")],
  ];
  const times = new Map<string, number[]>();
  for (let round = 0; round < Number(values.runs); round++) {
    for (const [name, command] of contenders) {
      const { user, code } = await measure(command);
      if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}`);
      times.set(name, [...(times.get(name) ?? []), user]);
    }
  }
  // The least: whatever else a machine does adds to a time, and takes nothing away.
  const user = (name: string): number => Math.min(...(times.get(name) ?? []));
  const ratio = (user("scan") - user("start")) / user("git");
  const said = `user time ${user("scan").toFixed(2)} s, of a start ${user("start").toFixed(2)} s, of git cat-file ${user("git").toFixed(2)} s`;
  console.log(`${said}: ${ratio.toFixed(2)} times git, bar ${bar}`);
  process.exitCode = ratio <= bar ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
