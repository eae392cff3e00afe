/** Visits to texts, in this process: with a forge that rather has a visit wait than a request. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { sh } from "../kit.ts";
import { lastPage as end, post, secret, written } from "./samples.ts";
import { postgresOfFile } from "./stores.ts";
import { newWorld, pathsIn as paths, type World } from "./world.ts";

const postgres = postgresOfFile();

let worlds = 0;
const world = (): Promise<World> => newWorld(postgres, `texts_${++worlds}`);

it("a visit that must wait has put on record what it read, and goes on among the reviews where it stopped", async () => {
  const { forge, sweep, given } = await world();
  const base = "/repos/acme/one";
  forge.lists.set(
    `${base}/issues`,
    [1, 2, 3, 4].map((n) => written(n, { pull_request: {} })),
  );
  for (const n of [1, 2, 3, 4]) forge.lists.set(`${base}/pulls/${n}/reviews`, [written(n + 4)]);
  forge.trouble.push({ path: /pulls\/2\/reviews/, kind: "primary", times: 1, seconds: 1 });
  const result = await sweep("issues");
  expect(result.skips).toEqual([]);
  expect(paths(result)).toHaveLength(8);
  expect(given(/reviews$|reviews\?/)).toEqual([1, 2, 3, 4].map((n) => `${base}/pulls/${n}/reviews`));
  expect(forge.early).toEqual([]);
}, 60_000);

it("more issues of one second than fit on a page are read once, also at the end of the list", async () => {
  const { forge, sweep, given } = await world();
  const imported = [1, 2, 3, 4, 5].map((n) => written(n, { updated_at: "2024-01-01T00:00:00Z" }));
  forge.lists.set("/repos/acme/one/issues", imported);
  const first = await sweep("issues");
  expect(first.skips).toEqual([]);
  expect(paths(first)).toHaveLength(5);
  expect(given(/one\/issues\?/)).toHaveLength(3);
  forge.lists.set("/repos/acme/one/issues", [...imported, written(6)]);
  expect(paths(await sweep("issues"))).toHaveLength(6);
}, 60_000);

it("what cannot be read is told, and the rest is read: of a list, of one pull request's reviews, of a later page", async () => {
  const { forge, sweep } = await world();
  const base = "/repos/acme/one";
  const pull = { pull_request: {} };
  forge.lists.set(`${base}/issues`, [written(1, pull), written(2, pull)]);
  forge.lists.set(`${base}/pulls/2/reviews`, [written(3)]);
  forge.lists.set(`${base}/comments`, [written(4), written(5), written(6)]);
  forge.trouble.push(
    { path: /pulls\/1\/reviews/, kind: "404", times: 99 },
    { path: /issues\/comments/, kind: "403", times: 99 },
    { path: /pulls\/comments/, kind: "410", times: 99 },
  );
  const result = await sweep("issues");
  expect(paths(result)).toHaveLength(6);
  expect(result.skips.map(({ by, path, reason }) => `${by} ${path}: ${reason}`)).toEqual([
    "fault acme/one#issues: reviews of pull request 1: is gone, or hidden from this login (404)",
    "policy undefined: 1 in 1 target: code-comments: is switched off",
  ]);
  forge.trouble.length = 0;
  forge.lists.set(`${base}/pulls/1/reviews`, []);
  expect((await sweep("issues")).complete).toBe(true);
}, 60_000);

it("what comes on the last page of a list without times is read, and so is what is written anew on another", async () => {
  const { forge, sweep, given } = await world();
  const list = "/repos/acme/one/releases";
  forge.lists.set(list, [written(1), written(2), written(3, { body: "none" }), written(4), written(5)]);
  expect(paths(await sweep("releases"))).toHaveLength(4);
  expect(given(/releases/)).toHaveLength(3);
  forge.lists.set(list, [written(1), written(2), written(3), written(4), written(5), written(6)]);
  expect(paths(await sweep("releases"))).toHaveLength(6);
  expect(given(/releases\?/)).toHaveLength(2);
  forge.lists.set(list, [written(1), written(2), written(3)]);
  await sweep("releases");
  await sweep("releases");
  expect(given(/releases\?/)).toEqual([]);
}, 90_000);

it("who must wait before a later page of a list without times goes on with that page", async () => {
  const { forge, sweep, given } = await world();
  const list = "/repos/acme/one/releases";
  forge.lists.set(
    list,
    [1, 2, 3, 4, 5].map((n) => written(n)),
  );
  forge.trouble.push({ path: /releases\?.*&page=2/, kind: "primary", times: 1, seconds: 1 });
  expect(paths(await sweep("releases"))).toHaveLength(5);
  expect(given(/releases\?/)).toEqual([list, list, list]); // each page once
}, 60_000);

it("what comes after a page that was full is read, and the full page is not read again for that", async () => {
  const { forge, sweep, given } = await newWorld(postgres, "full_page", { pageSize: 100 });
  const list = "/repos/acme/one/releases";
  const full = Array.from({ length: 100 }, (_, n) => ({ id: n, body: "none", created_at: "2024-01-01T00:00:00Z" }));
  forge.lists.set(list, full);
  await sweep("releases");
  await sweep("releases");
  expect(given(/releases\?/)).toEqual([]);
  forge.lists.set(list, [...full, written(1, { id: 101 })]);
  expect(paths(await sweep("releases"))).toHaveLength(1);
  expect(given(/releases\?/)).toHaveLength(1);
}, 60_000);

it("a discussion that cannot be read to its end is told, and the others are read, replies page by page", async () => {
  const { forge, sweep } = await world();
  const more = { hasNextPage: true, endCursor: "x" };
  const replied = post(3, { replies: { nodes: [post(4)], pageInfo: more } });
  const nodes = [
    post(1, { comments: { nodes: [], pageInfo: more } }),
    post(2, { comments: { nodes: [replied], pageInfo: end } }),
  ];
  forge.graphql = (_query, { id }) => {
    if (id === "d1") return { data: { node: null }, errors: [{ type: "NOT_FOUND", message: "no" }] };
    if (id === "d3") return { data: { node: { page: { nodes: [post(5)], pageInfo: end } } } };
    return { data: { repository: { discussions: { nodes, pageInfo: end } } } };
  };
  const result = await sweep("discussions");
  expect(paths(result)).toEqual(
    ["1/0", "2/0", "2/3", "2/4", "2/5"].map((path) => `acme/one/discussions/discussions/${path}.md`),
  );
  expect(result.skips.map(({ reason }) => reason)).toEqual(["discussion 1: is gone, or hidden from this login (404)"]);
}, 60_000);

it("logs of runs that had not ended, and of runs that were run again, are read by the next sweep", async () => {
  const { forge, sweep, given } = await world();
  const base = "/repos/acme/one/actions";
  const run = (id: number, more: object): object => ({
    id,
    html_url: `https://forge/runs/${id}`,
    created_at: `2024-02-0${id}T10:00:00Z`,
    status: "completed",
    run_attempt: 1,
    ...more,
  });
  const jobs = (id: number, ...all: object[]): unknown => forge.objects.set(`${base}/runs/${id}/jobs`, { jobs: all });
  const log = (job: number, n: number): void => {
    forge.redirects.set(`${base}/jobs/${job}/logs`, `${forge.api}/log/${job}`);
    forge.texts.set(`/log/${job}`, `TOKEN=${secret(n)}\n`);
  };
  forge.objects.set(`${base}/runs`, { workflow_runs: [run(2, { status: "in_progress" }), run(1, {})] });
  jobs(1, { id: 11, status: "completed", run_attempt: 1 });
  jobs(2, { id: 21, status: "completed", run_attempt: 1 }, { id: 22, status: "in_progress", run_attempt: 1 });
  log(11, 1);
  log(21, 2);
  const first = await sweep("actionsLogs");
  expect(paths(first).map((path) => path.slice(-6))).toEqual(["11.log", "21.log"]);
  expect(first.complete).toBe(true);
  expect(first.skips.map(({ reason }) => reason)).toEqual([
    "1 in 1 target: a run of a workflow has not ended: the next sweep reads the rest of its logs",
  ]);

  forge.objects.set(`${base}/runs`, { workflow_runs: [run(2, {}), run(1, { run_attempt: 2 })] });
  jobs(1, { id: 11, status: "completed", run_attempt: 1 }, { id: 12, status: "completed", run_attempt: 2 });
  jobs(2, { id: 21, status: "completed", run_attempt: 1 }, { id: 22, status: "completed", run_attempt: 1 });
  log(12, 3);
  log(22, 4);
  const second = await sweep("actionsLogs");
  expect(paths(second).map((path) => path.slice(-6))).toEqual(["11.log", "12.log", "21.log", "22.log"]);
  expect(second.skips).toEqual([]);
  expect(given(/log.11/)).toEqual([]);
  await sweep("actionsLogs");
  expect(given(/jobs/)).toEqual([]);
}, 60_000);

it("logs are gone on with at the run before which a visit had to wait", async () => {
  const { forge, sweep, given } = await world();
  const base = "/repos/acme/one/actions";
  const runs = [3, 2, 1].map((id) => ({ id, html_url: "u", created_at: `2024-02-0${id}T10:00:00Z` }));
  forge.objects.set(`${base}/runs`, { workflow_runs: runs });
  for (const n of [1, 2, 3]) {
    forge.objects.set(`${base}/runs/${n}/jobs`, { jobs: [{ id: n }] });
    forge.texts.set(`${base}/jobs/${n}/logs`, `TOKEN=${secret(n)}\n`);
  }
  forge.trouble.push({ path: /runs\/2\/jobs/, kind: "primary", times: 1, seconds: 1 });
  expect(paths(await sweep("actionsLogs"))).toHaveLength(3);
  expect(given(/logs/)).toEqual([3, 2, 1].map((n) => `${base}/jobs/${n}/logs`));
}, 60_000);

it("where a server has no list of activity, its events lead to heads of deleted branches", async () => {
  const { forge, sweep, dir } = await world();
  const bare = join(dir, "hub/acme/one.git");
  forge.hub.push("acme/one", `git checkout -q -b side; echo 'TOKEN=${secret(1)}' > app.env; commit Leak`);
  const head = sh(bare, "git rev-parse side");
  sh(bare, "git update-ref -d refs/heads/side");
  forge.trouble.push({ path: /activity/, kind: "404", times: 99 });
  forge.lists.set("/repos/acme/one/events", [
    { type: "DeleteEvent", payload: { ref: "side", ref_type: "branch" } },
    { type: "PushEvent", payload: { ref: "refs/heads/side", before: "0".repeat(40), head } },
  ]);
  const result = await sweep("dangling");
  expect(result.findings.map(({ status }) => status)).toEqual(["unreachable"]);
  expect(result.skips).toEqual([]);
}, 60_000);
