/** What a scan tells while it is under way. */
import { expect, it } from "vitest";
import { resolvePlan } from "../../src/config/plan.ts";
import { type ScanEvent, scan } from "../../src/scan.ts";
import { story } from "../kit.ts";

it("progress through a history goes one way, over packs, loose objects, commits and trees, and comes to an end", async () => {
  const dir = story(`
    git init -q -b main
    for i in 1 2 3 4 5 6; do seq $i 400 > file; echo $i > other$i; commit "$i"; done
    git gc -q
    echo loose > loose; commit "loose"`);
  const events: ScanEvent[] = [];
  await scan({
    command: "git",
    paths: [dir],
    plan: resolvePlan({}, {}),
    env: {},
    signal: new AbortController().signal,
    now: () => new Date(),
    onEvent: (event) => events.push(event),
  });
  const shares = events.flatMap((event) => (event.kind === "progress" ? [event.share] : []));
  expect(shares.length).toBeGreaterThan(3);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(0.95);
});
