/** Texts that were deleted on the forge, or written anew without the secret that stood in them. */
import { expect, it } from "vitest";
import { places } from "../../src/sweep/store/schema.ts";
import type { Result } from "../../src/terms.ts";
import { lastPage as end, post, secret, written } from "./samples.ts";
import { postgresOfFile } from "./stores.ts";
import { newWorld, type World } from "./world.ts";

const postgres = postgresOfFile();

let worlds = 0;
const world = (): Promise<World> => newWorld(postgres, `vanished_${++worlds}`);

/** Statuses by the last part of the path where a secret is, or was. */
const told = ({ findings }: Result): Record<string, string> =>
  Object.fromEntries(findings.map(({ status, occurrences: [one] }) => [one?.path.split("/").at(-1) ?? "", status]));

const base = "/repos/acme/one";

it("a comment that was deleted is told as removed, with the day it was last seen, and is not asked for again", async () => {
  const { forge, store, sweep } = await world();
  const list = `${base}/issues/comments`;
  const asked = (): string[] =>
    forge.asked.filter(({ path }) => /comments.\d/.test(path)).map(({ status, path }) => `${status} ${path}`);
  const lastSeen = async (): Promise<readonly Date[]> =>
    (await store.db.select().from(places).orderBy(places.introduced)).map((place) => place.lastSeen);
  forge.lists.set(list, [written(1), written(2)]);
  await sweep("issues");
  const [before] = await lastSeen();
  forge.lists.set(list, [written(2)]);
  expect(told(await sweep("issues"))).toEqual({ "1.md": "removed", "2.md": "present" });
  expect(asked()).toEqual([`404 ${list}/1`, `304 ${list}/2`]);
  const third = await sweep("issues");
  expect(told(third)).toEqual({ "1.md": "removed", "2.md": "present" });
  expect(third.complete).toBe(true);
  expect(asked()).toEqual([`304 ${list}/2`]);
  const [gone, left] = await lastSeen();
  expect(gone).toEqual(before);
  expect(left?.getTime()).toBeGreaterThan(before?.getTime() ?? 0);
}, 90_000);

it("a text that was written anew without its secret is told as removed, and present again when the secret is back", async () => {
  const { forge, sweep } = await world();
  forge.lists.set(`${base}/issues`, [written(1), written(2)]);
  await sweep("issues");
  const at = (updated_at: string, more: object) => [written(2), written(1, { updated_at, ...more })];
  forge.lists.set(`${base}/issues`, at("2024-02-01T00:00:00Z", { body: "I use it" }));
  expect(told(await sweep("issues"))).toEqual({ "1.md": "removed", "2.md": "present" });
  forge.lists.set(`${base}/issues`, at("2024-03-01T00:00:00Z", {}));
  expect(told(await sweep("issues"))).toEqual({ "1.md": "present", "2.md": "present" });
}, 90_000);

it("who must wait among the questions goes on among them, and asks none twice", async () => {
  const { forge, sweep } = await world();
  forge.lists.set(`${base}/issues/comments`, [written(1), written(2), written(3)]);
  await sweep("issues");
  forge.trouble.push({ path: /comments\/2/, kind: "primary", times: 1, seconds: 1 });
  expect(told(await sweep("issues"))).toEqual({ "1.md": "present", "2.md": "present", "3.md": "present" });
  const asked = forge.asked.filter(({ path }) => /comments\/\d/.test(path)).map(({ path }) => path.slice(-1));
  expect(asked).toEqual(["1", "2", "2", "3"]);
  expect(forge.early).toEqual([]);
}, 90_000);

it("a question that the forge cannot answer is told, asked again by the next sweep, and costs nothing of what was read", async () => {
  const { forge, sweep } = await world();
  const list = `${base}/releases`;
  forge.lists.set(
    list,
    [1, 2].map((n) => written(n)),
  );
  await sweep("releases");
  forge.lists.set(list, [written(3)]);
  forge.trouble.push({ path: /releases\/1$/, kind: "422", times: 99 });
  const result = await sweep("releases");
  expect(told(result)).toEqual({ "1.md": "present", "2.md": "removed", "3.md": "present" });
  expect(result.skips.map(({ by, path, reason }) => `${by} ${path}: ${reason}`)).toEqual([
    'fault acme/one#releases: whether "releases/1.md" is still there: the API refused (422): trouble 422',
  ]);
  forge.trouble.length = 0;
  const next = await sweep("releases");
  expect(told(next)).toEqual({ "1.md": "removed", "2.md": "removed", "3.md": "present" });
  expect(next.complete).toBe(true);
  const asked = forge.asked.filter(({ path }) => path.includes("releases"));
  expect(asked.map(({ status, path }) => `${status} ${path.split("?")[0]}`)).toEqual([`304 ${list}`, `404 ${list}/1`]);
}, 90_000);

it("a list whose pages are all as they were tells that nothing was deleted; one that changed, and no other, is asked", async () => {
  const { forge, sweep } = await world();
  const asked = (): string[] =>
    forge.asked
      .filter(({ path }) => /one\/(?:comments|releases)/.test(path))
      .map(({ status, path }) => `${status} ${path.split("?")[0]}`);
  const [notes, comments] = [`${base}/releases`, `${base}/comments`];
  forge.lists.set(comments, [written(1), written(2), written(3)]);
  forge.lists.set(notes, [written(4)]);
  await sweep("issues", "releases");
  await sweep("issues", "releases");
  expect(asked().sort()).toEqual([`304 ${comments}`, `304 ${comments}`, `304 ${notes}`]);
  forge.lists.set(comments, [written(2), written(3)]);
  expect(told(await sweep("issues", "releases"))).toMatchObject({
    "1.md": "removed",
    "2.md": "present",
    "3.md": "present",
  });
  expect(asked()).toContain(`404 ${comments}/1`);
  expect(asked()).not.toContain(`200 ${notes}/4`);
}, 90_000);

it("a list that had changed before a visit had to wait is not taken for one that did not change", async () => {
  const { forge, sweep } = await world();
  const list = `${base}/releases`;
  forge.lists.set(
    list,
    [1, 2, 3].map((n) => written(n)),
  );
  await sweep("releases");
  forge.lists.set(
    list,
    [4, 2, 3].map((n) => written(n)),
  ); // its second page is as it was
  forge.trouble.push({ path: /releases\?.*&page=2/, kind: "primary", times: 1, seconds: 1 });
  expect(told(await sweep("releases"))).toMatchObject({ "1.md": "removed", "3.md": "present", "4.md": "present" });
}, 90_000);

it("of texts that are new the forge is asked for a tag at once, so that the next sweep asks at no cost", async () => {
  const { forge, sweep } = await world();
  forge.lists.set(`${base}/issues`, [written(1, { pull_request: {} })]);
  forge.lists.set(`${base}/issues/comments`, [written(2)]);
  forge.lists.set(`${base}/pulls/comments`, [written(3)]);
  forge.lists.set(`${base}/pulls/1/reviews`, [written(4)]);
  await sweep("issues");
  await sweep("issues");
  const asked = forge.asked.filter(({ path }) => /\/\d$/.test(path)).map(({ status, path }) => `${status} ${path}`);
  const single = ["issues/1", "issues/comments/2", "pulls/1/reviews/4", "pulls/comments/3"];
  expect(asked.sort()).toEqual(single.map((path) => `304 ${base}/${path}`));
}, 90_000);

it("a text that outgrows a limit, that settings leave out, or in which they find nothing, still has its secret", async () => {
  const { forge, sweep } = await world();
  const list = `${base}/issues/comments`;
  const coded = written(2, { body: Buffer.from(`TOKEN=${secret(2)}`).toString("base64") });
  const bounded = { plan: { maxFileSize: 100 } };
  const standing = { "1.md": "present", "2.md": "present" };
  forge.lists.set(list, [written(1), coded]);
  expect(told(await sweep("issues", bounded))).toEqual(standing);
  const long = { body: `${secret(1)} ${"and so on ".repeat(9)}`, updated_at: "2024-02-01T00:00:00Z" };
  forge.lists.set(list, [coded, written(1, long)]);
  expect(told(await sweep("issues", bounded))).toEqual(standing);
  expect(told(await sweep("issues", { plan: { exclude: ["issue-comments/**"] } }))).toEqual(standing);
  expect(told(await sweep("issues", { plan: { maxDecodeDepth: 0 } }))).toEqual(standing);
}, 90_000);

it("a text that was written anew while other rules were taken away is told as removed", async () => {
  const { forge, sweep } = await world();
  const list = `${base}/issues/comments`;
  forge.lists.set(list, [written(1)]);
  await sweep("issues");
  forge.lists.set(list, [written(1, { body: "I use it", updated_at: "2024-02-01T00:00:00Z" })]);
  expect(told(await sweep("issues", { plan: { disable: ["stripe.*"] } }))).toEqual({ "1.md": "removed" });
}, 90_000);

it("an issue and a comment that were deleted are gone; while issues are switched off they may come back", async () => {
  const { forge, sweep } = await world();
  forge.lists.set(`${base}/issues`, [written(1), written(2)]);
  forge.lists.set(`${base}/issues/comments`, [written(3), written(4)]);
  await sweep("issues");
  forge.trouble.push(
    { path: /issues\/1$/, kind: "410", times: 99 },
    { path: /comments\/3$/, kind: "404", times: 99 },
    { path: /issues$/, kind: "410", times: 99 },
  );
  const standing = { "1.md": "present", "2.md": "present", "3.md": "present", "4.md": "present" };
  expect(told(await sweep("issues"))).toEqual(standing);
  forge.trouble.splice(2);
  expect(told(await sweep("issues"))).toEqual({ ...standing, "1.md": "removed", "3.md": "removed" });
}, 90_000);

it("a log that expired, and a reply that was deleted from a discussion, are gone", async () => {
  const { forge, sweep } = await world();
  const runs = [{ id: 1, html_url: "u", created_at: "2024-02-01T10:00:00Z" }];
  forge.objects.set(`${base}/actions/runs`, { workflow_runs: runs });
  forge.objects.set(`${base}/actions/runs/1/jobs`, { jobs: [{ id: 11 }] });
  forge.texts.set(`${base}/actions/jobs/11/logs`, `TOKEN=${secret(1)}\n`);
  const thread = (...numbers: number[]): object =>
    post(3, { replies: { nodes: numbers.map((n) => post(n)), pageInfo: end } });
  const threads = [[thread(4, 5)], [thread(5)]];
  let now = 0;
  forge.graphql = () => {
    const discussion = post(2, { comments: { nodes: threads[now], pageInfo: end } });
    return { data: { repository: { discussion, discussions: { nodes: [discussion], pageInfo: end } } } };
  };
  await sweep("actionsLogs", "discussions");
  now = 1;
  forge.trouble.push({ path: /11.logs/, kind: "410", times: 99 });
  const result = await sweep("actionsLogs", "discussions");
  expect(told(result)).toEqual({
    "11.log": "removed",
    "0.md": "present",
    "3.md": "present",
    "4.md": "removed",
    "5.md": "present",
  });
}, 90_000);
