/**
 * What the pre-push hook costs, beside the start of node alone:
 *
 *   npm run bench:push -- [--repository DIR] [--rounds 20]
 *
 * One small commit is pushed, in a repository of many commits made here, or in a copy of the one named. Only the hook's
 * own process is timed, as git would start it. The two alternate; what counts is the fastest of each, since a busy
 * machine only ever adds. Milliseconds.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { repository: { type: "string" }, rounds: { type: "string", default: "20" } },
});
const folder = mkdtempSync(join(tmpdir(), "leaksweep-bench-"));
const dir = join(folder, "work");
const sh = (script: string, cwd = folder): string =>
  execFileSync("sh", ["-euc", script], { cwd, encoding: "utf8", maxBuffer: 1 << 28 }).trim();

/** Twenty thousand commits over a thousand files, by fast-import. */
function grown(): string {
  const lines: string[] = [];
  for (let n = 1; n <= 20_000; n++) {
    const text = `${"line\n".repeat(40)}${n}\n`;
    lines.push("commit refs/heads/main", `committer A <a@example.org> ${1_700_000_000 + n} +0000`, "data 2", "c", "");
    lines.push(`M 100644 inline d${n % 40}/f${n % 1000}.txt`, `data ${text.length}`, text);
  }
  return `${lines.join("\n")}\n`;
}

try {
  if (values.repository === undefined) {
    sh(`git init -q -b main ${dir}`);
    execFileSync("git", ["fast-import", "--quiet"], { cwd: dir, input: grown() });
    sh("git reset -q --hard", dir);
  } else sh(`git clone -q --no-hardlinks "${resolve(values.repository)}" ${dir}`);
  const commit = "git -c user.name=A -c user.email=a@example.org commit -q";
  sh(
    `git update-ref refs/remotes/origin/main HEAD; echo 'port = 8080' > new.conf; git add new.conf; ${commit} -m one`,
    dir,
  );
  const [tip, base] = sh("git rev-parse HEAD HEAD~", dir).split("\n");
  const input = `refs/heads/main ${tip} refs/heads/main ${base}\n`;
  const timed = (args: readonly string[]): number => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: dir, input, encoding: "utf8" });
    if (status !== 0) throw new Error(`exit ${status}: ${stderr}`);
    return performance.now() - started;
  };
  const hook = [resolve("bin/leaksweep.cjs"), "push", "origin", "https://example.org/app.git"];
  const times: { node: number[]; push: number[] } = { node: [], push: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    times.node.push(timed(["-e", "0"]));
    times.push.push(timed(hook));
  }
  const least = (list: readonly number[]): number => Math.round(Math.min(...list) * 10) / 10;
  const [node, push] = [least(times.node), least(times.push)];
  const objects = sh("git count-objects -v | sed -n 's/^in-pack: //p'", dir);
  console.log(`${objects} objects in packs, ${values.rounds} rounds, least of each in ms`);
  console.log(`node -e 0        ${node}`);
  console.log(`leaksweep push   ${push}   (+${Math.round((push - node) * 10) / 10}; the goal is +20, the limit +40)`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
