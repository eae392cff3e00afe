/** What runs in each thread of a crew: it takes one group after another until none is left, and posts its reports. */
import { parentPort, workerData } from "node:worker_threads";
import { compileChosen, rulesListed } from "../rules/choice.ts";
import type { Assignment, GroupPost } from "./assignment.ts";
import { GroupSearch } from "./group-search.ts";
import { tableFor } from "./prefilter.ts";
import { wire } from "./wire.ts";

void run();

async function run(): Promise<void> {
  const { rules, options, work, next } = workerData as Assignment;
  const chosen = rulesListed(rules);
  const rulepack = await compileChosen(chosen);
  const search = new GroupSearch(rulepack, tableFor(rulepack), options);
  for (let number = Atomics.add(next, 0, 1); number < work.length; number = Atomics.add(next, 0, 1)) {
    const { layout, group } = work[number] ?? {};
    if (!layout || !group) continue;
    const post: GroupPost = { number, report: wire(search.search(layout, group), rulepack) };
    parentPort?.postMessage(post);
  }
  search.close();
}
