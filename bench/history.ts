/**
 * What a history costs, stage by stage, beside git's own limits, in one run and alternating:
 *
 *   npm run bench:history -- path/to/repository [--rounds 3]
 *
 * Stages are of one in-process scan: listing objects, reading and matching blobs, reading commits and tags with the
 * search of their texts, reading trees with that of names, and tracing every matched blob through history. The last three
 * together are what attribution costs at most, to be held against one pass of `git log --raw`. Wall seconds, medians; on a busy machine only ratios mean anything.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { crewSearch } from "../src/crew/crew.ts";
import { tableFor } from "../src/crew/prefilter.ts";
import { fastEngine } from "../src/detect/engine/fast.ts";
import { judge } from "../src/detect/judge.ts";
import { openRepository } from "../src/git/repository.ts";
import { Kernel } from "../src/kernel/kernel.ts";
import { allBuiltin, compileChosen, rulesListed } from "../src/rules/choice.ts";
import { HistorySource, storeOf } from "../src/sources/history.ts";
import { Claims, Marks } from "../src/triage/claims.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" } },
});
const repository = await openRepository(resolve(positionals[0] ?? "."));
if (!repository) throw new Error("usage: npm run bench:history -- path/to/repository [--rounds 3]");
const { gitDir } = repository;
const rules = rulesListed(allBuiltin);
const rulepack = await compileChosen(rules);
const table = tableFor(rulepack);
const engine = fastEngine(rulepack, { kernel: new Kernel(), table });
// One thread: what the stages cost is asked, and not how well they share two cores.
const families = crewSearch(rulepack, { jobs: 1, rules, table });

const git =
  (...args: string[]): (() => Promise<Record<string, number>>) =>
  async () => {
    const started = performance.now();
    execFileSync("git", ["--git-dir", gitDir, ...args], { stdio: ["ignore", "ignore", "ignore"] });
    return { [`git ${args.join(" ").slice(0, 60)}`]: performance.now() - started };
  };

async function stages(): Promise<Record<string, number>> {
  if (!repository) return {};
  const { signal } = new AbortController();
  const source = new HistorySource(repository, storeOf(repository), {
    selection: { kind: "all" },
    allowShallow: true,
    allowPartial: true,
    families,
  });
  const claims = new Claims({ marks: new Marks(), judge, prefix: "", excluded: () => false });
  const spent: Record<string, number> = { list: 0, blobs: 0, "commits and tags": 0, trees: 0, trace: 0 };
  let last = performance.now();
  const spend = (stage: string): void => {
    const now = performance.now();
    spent[stage] = (spent[stage] ?? 0) + now - last;
    last = now;
  };
  for await (const batch of source.batches(signal)) {
    for await (const { content, matches } of batch.search(engine)) claims.add(content, matches);
    const { blobs, texts, bytes } = batch.tally;
    spend(blobs ? "blobs" : bytes === undefined ? "list" : texts ? "commits and tags" : "trees");
  }
  await source.trace(claims.holds);
  spend("trace");
  const attribution = (spent["commits and tags"] ?? 0) + (spent.trees ?? 0) + (spent.trace ?? 0);
  return { ...spent, attribution };
}

const contenders = [
  git("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"),
  git("log", "--raw", "--all", "--no-abbrev", "--no-renames"),
  stages,
];
const times = new Map<string, number[]>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const contender of contenders) {
    for (const [name, ms] of Object.entries(await contender())) times.set(name, [...(times.get(name) ?? []), ms]);
  }
}
for (const [name, some] of times) {
  const median = some.sort((a, b) => a - b)[some.length >> 1] ?? 0;
  console.log(`${(median / 1000).toFixed(2).padStart(8)} s  ${name}`);
}
console.log(`${Math.round(process.resourceUsage().maxRSS / 1024)} MB peak memory`);
