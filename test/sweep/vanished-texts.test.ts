/** Texts that were deleted on the forge, or written anew without the secret that stood in them. */
import { expect, it } from "vitest";
import { places } from "../../src/sweep/store/schema.ts";
import type { Result } from "../../src/terms.ts";
import { whole } from "../kit.ts";
import { postgresOfFile } from "./stores.ts";
import { newWorld, type World } from "./world.ts";

const postgres = postgresOfFile();

let worlds = 0;
const world = (): Promise<World> => newWorld(postgres, `vanished_${++worlds}`);

const secret = (n: number): string => whole(`gl¦pat-jrO4z8U0e9TgiyJs1o5${String.fromCharCode(97 + n)}`);
const text = (n: number, more: object = {}): object => ({
  id: n,
  number: n,
  body: `I use ${secret(n)}`,
  created_at: `2024-01-01T00:00:0${n}Z`,
  updated_at: `2024-01-01T00:00:0${n}Z`,
  html_url: `https://forge/acme/one/issues/${n}`,
  user: { login: "ann" },
  ...more,
});

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
  forge.lists.set(list, [text(1), text(2)]);
  await sweep("issues");
  const [before] = await lastSeen();
  forge.lists.set(list, [text(2)]);
  expect(told(await sweep("issues"))).toEqual({ "1.md": "removed", "2.md": "present" });
  expect(asked()).toEqual([`404 ${list}/1`, `200 ${list}/2`]);
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
  forge.lists.set(`${base}/issues`, [text(1), text(2)]);
  await sweep("issues");
  const at = (updated_at: string, more: object) => [text(2), text(1, { updated_at, ...more })];
  forge.lists.set(`${base}/issues`, at("2024-02-01T00:00:00Z", { body: "I use it" }));
  expect(told(await sweep("issues"))).toEqual({ "1.md": "removed", "2.md": "present" });
  forge.lists.set(`${base}/issues`, at("2024-03-01T00:00:00Z", {}));
  expect(told(await sweep("issues"))).toEqual({ "1.md": "present", "2.md": "present" });
}, 90_000);

it("who must wait among the questions goes on among them, and asks none twice", async () => {
  const { forge, sweep } = await world();
  const list = `${base}/releases`;
  forge.lists.set(list, [text(1), text(2), text(3)]);
  await sweep("releases");
  forge.trouble.push({ path: /releases\/2/, kind: "primary", times: 1, seconds: 1 });
  expect(told(await sweep("releases"))).toEqual({ "1.md": "present", "2.md": "present", "3.md": "present" });
  const asked = forge.asked.filter(({ path }) => /releases\/\d/.test(path)).map(({ path }) => path.slice(-1));
  expect(asked).toEqual(["1", "2", "2", "3"]);
  expect(forge.early).toEqual([]);
}, 90_000);

it("an issue that was deleted is gone; one among issues that were switched off may come back", async () => {
  const { forge, sweep } = await world();
  forge.lists.set(`${base}/issues`, [text(1), text(2)]);
  await sweep("issues");
  forge.trouble.push({ path: /issues(?:\/1)?$/, kind: "410", times: 99 });
  expect(told(await sweep("issues"))).toEqual({ "1.md": "present", "2.md": "present" });
  forge.trouble.splice(0, 1, { path: /issues\/1$/, kind: "410", times: 99 });
  expect(told(await sweep("issues"))).toEqual({ "1.md": "removed", "2.md": "present" });
}, 90_000);

it("a log that expired, and a reply that was deleted from a discussion, are gone", async () => {
  const { forge, sweep } = await world();
  const runs = [{ id: 1, html_url: "u", created_at: "2024-02-01T10:00:00Z" }];
  forge.objects.set(`${base}/actions/runs`, { workflow_runs: runs });
  forge.objects.set(`${base}/actions/runs/1/jobs`, { jobs: [{ id: 11 }] });
  forge.texts.set(`${base}/actions/jobs/11/logs`, `TOKEN=${secret(1)}\n`);
  const end = { hasNextPage: false, endCursor: null };
  const post = (n: number, replies: object[]): object => ({
    id: `d${n}`,
    databaseId: n,
    number: n,
    title: "T",
    body: secret(n),
    url: "u",
    createdAt: "2024-01-09T00:00:00Z",
    updatedAt: "2024-01-09T00:00:00Z",
    author: null,
    replies: { nodes: replies, pageInfo: end },
  });
  const threads = [[post(3, [post(4, []), post(5, [])])], [post(3, [post(5, [])])]];
  let now = 0;
  forge.graphql = () => {
    const discussion = { ...post(2, []), comments: { nodes: threads[now], pageInfo: end } };
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
