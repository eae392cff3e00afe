/** What runs in each thread that searches lots: they come one by one, and what was found in each goes back. */
import { parentPort, workerData } from "node:worker_threads";
import { fastEngine } from "../detect/engine/fast.ts";
import { Kernel } from "../kernel/kernel.ts";
import { compileChosen, rulesListed } from "../rules/choice.ts";
import { searchHeld } from "../sources/contents.ts";
import { searchFiles } from "../sources/files.ts";
import type { Lot, LotPost, LotWork } from "./lot-crew.ts";
import { tableFor } from "./prefilter.ts";
import { wired } from "./wire.ts";

void run();

async function run(): Promise<void> {
  const { rules, archiveDepth, maxFileSize, ...options } = workerData as LotWork;
  const chosen = rulesListed(rules);
  const rulepack = await compileChosen(chosen);
  const table = tableFor(rulepack);
  const engine = { ...fastEngine(rulepack, { kernel: new Kernel(), table, ...options }), archiveDepth };
  const wireMatch = wired(rulepack);
  const limit = maxFileSize === undefined ? {} : { maxFileSize };

  parentPort?.on("message", async (lot: Lot) => {
    const { sightings, ...rest } = await ("entries" in lot
      ? searchFiles(engine, lot.entries, limit)
      : searchHeld(engine, lot.contents));
    const found = sightings.map(({ content, matches }) => ({ content, matches: matches.map(wireMatch) }));
    const post: LotPost = { number: lot.number, report: { ...rest, sightings: found } };
    parentPort?.postMessage(post);
  });
}
