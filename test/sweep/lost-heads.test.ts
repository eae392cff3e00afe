/** Heads that were pushed away: read, given out no more, or kept from whoever asks. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { sh } from "../kit.ts";
import { leak } from "./samples.ts";
import { postgresOfFile } from "./stores.ts";
import { newWorld, pathsIn } from "./world.ts";

const postgres = postgresOfFile();

const activity = "/repos/acme/one/activity";

it("a lost head that git is not given is a fault while the forge has it, and is read once it is given out", async () => {
  const { forge, dir, sweep, given } = await newWorld(postgres, "kept");
  const work = join(dir, "hub/acme/one.git.work");
  const id = sh(work, `git checkout -q --detach; ${leak(1)}; git rev-parse HEAD; git checkout -q main`);
  forge.lists.set(activity, [{ id: 7, before: id, activity_type: "force_push" }]);
  forge.objects.set(`/repos/acme/one/git/commits/${id}`, { sha: id });
  for (let n = 1; n <= 2; n++) {
    const result = await sweep("dangling");
    expect(result.skips).toEqual([
      { path: "acme/one", by: "fault", reason: "a lost head: the forge has it, and does not give it to git" },
    ]);
  }
  sh(work, `git push -q origin ${id}:refs/heads/once`);
  sh(join(dir, "hub/acme/one.git"), "git update-ref -d refs/heads/once");
  const result = await sweep("dangling");
  expect(result.skips).toEqual([]);
  expect(result.findings.map(({ status }) => status)).toEqual(["unreachable"]);
  expect(given(/commits/)).toEqual([]);
}, 90_000);

it("one that the forge has no more is told once, and leaves the sweep complete", async () => {
  const { forge, sweep } = await newWorld(postgres, "gone");
  forge.lists.set(activity, [{ id: 7, before: "1f".repeat(20), activity_type: "force_push" }]);
  const first = await sweep("dangling");
  expect(first.complete).toBe(true);
  expect(first.skips.map(({ by, reason }) => `${by}: ${reason}`)).toEqual([
    "policy: 1 in 1 target: the forge has this lost head no more",
  ]);
  const second = await sweep("dangling");
  expect(second.skips).toEqual([]);
  expect(forge.asked.filter(({ path }) => path.includes("/commits/"))).toEqual([]);
}, 60_000);

it("where nobody says which heads were lost, the others are read all the same, and the sweep is incomplete", async () => {
  const { forge, sweep } = await newWorld(postgres, "denied");
  forge.hub.push("acme/one", leak(1));
  forge.trouble.push({ path: /activity/, kind: "403", times: 99 });
  for (let n = 1; n <= 2; n++) {
    const result = await sweep("dangling");
    expect(pathsIn(result)).toEqual(["acme/one/app.env"]);
    expect(result.skips).toEqual([
      { path: "acme/one", by: "fault", reason: "the list of its lost heads is denied to this login (403)" },
    ]);
  }
}, 60_000);
