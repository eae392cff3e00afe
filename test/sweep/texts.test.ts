/** Visits to texts, in this process: with a forge that rather has a visit wait than a request. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { defaults } from "../../src/config/plan.ts";
import { openGithub } from "../../src/sources/github/github.ts";
import { conduct } from "../../src/sweep/conduct.ts";
import { paceOf } from "../../src/sweep/pace.ts";
import { resultOf } from "../../src/sweep/picture.ts";
import { type Scope, type Surface, surfaces } from "../../src/sweep/scope.ts";
import { openStore } from "../../src/sweep/store/store.ts";
import type { Result } from "../../src/terms.ts";
import { tempDir, whole } from "../kit.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import { hasPostgres, type Postgres, startPostgres } from "./stores.ts";

const withServer = hasPostgres();
let postgres: Postgres;
beforeAll(async () => {
  if (withServer) postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

const version = "0";

const secret = (n: number): string => whole(`gl¦pat-jrO4z8U0e9TgiyJs1o5${String.fromCharCode(97 + n)}`);

const issue = (n: number, more: object = {}): object => ({
  id: n,
  number: n,
  title: "It fails",
  body: `I use ${secret(n)}`,
  created_at: `2024-01-01T00:00:0${n}Z`,
  updated_at: `2024-01-01T00:00:0${n}Z`,
  html_url: `https://forge/acme/one/issues/${n}`,
  user: { login: "ann" },
  ...more,
});

interface World {
  readonly forge: StandIn;
  /** Sweeps the organisation with a surface of its repositories, and tells what came of it. */
  sweep(surface: Surface): Promise<Result>;
  /** What was asked for and given since the last sweep began, of the paths that match. */
  given(path: RegExp): readonly string[];
}

let worlds = 0;

async function world({ pageSize = 2 } = {}): Promise<World> {
  const dir = tempDir();
  const forge = await startStandIn(join(dir, "hub"), { pageSize });
  const store = await openStore(
    withServer
      ? { kind: "server", address: await postgres.store(`texts_${++worlds}`) }
      : { kind: "folder", path: join(dir, "store") },
  );
  onTestFinished(async () => {
    await store.close();
    forge.hub.close();
  });
  forge.owners.set("acme", { kind: "org" });
  forge.create("acme/one", "echo x > x; commit X", { discussions: true });
  const sweep = async (surface: Surface): Promise<Result> => {
    forge.asked.length = 0;
    const id = await conduct({
      store,
      scope: {
        api: forge.api,
        orgs: ["acme"],
        users: [],
        addresses: [],
        people: { members: false, collaborators: false, contributors: false },
        surfaces: Object.fromEntries(surfaces.map((name) => [name, name === surface])) as Scope["surfaces"],
        forks: false,
        archived: true,
        include: [],
        exclude: [],
      },
      plan: defaults,
      restart: false,
      dryRun: false,
      lanes: 1,
      signal: new AbortController().signal,
      limits: { keepBytes: 0, freeBytes: 0 },
      logins: new Map(),
      forgeAt: (api) =>
        openGithub({
          api,
          login: { kind: "none" },
          paceOf: (credential) => paceOf(store, api, credential),
          patience: 0,
          version,
        }),
      env: {},
      version,
      now: () => new Date(),
    });
    return resultOf(store, id, "acme");
  };
  const given = (path: RegExp): string[] =>
    forge.asked.filter((one) => one.status === 200 && path.test(one.path)).map((one) => one.path.split("?")[0] ?? "");
  return { forge, sweep, given };
}

const paths = ({ findings }: Result): string[] =>
  findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path)).sort();

it("a visit that must wait has put on record what it read, and goes on among the reviews where it stopped", async () => {
  const { forge, sweep, given } = await world();
  const base = "/repos/acme/one";
  forge.lists.set(
    `${base}/issues`,
    [1, 2, 3, 4].map((n) => issue(n, { pull_request: {} })),
  );
  for (const n of [1, 2, 3, 4]) forge.lists.set(`${base}/pulls/${n}/reviews`, [issue(n + 4)]);
  forge.trouble.push({ path: /pulls\/2\/reviews/, kind: "primary", times: 1, seconds: 1 });
  const result = await sweep("issues");
  expect(result.skips).toEqual([]);
  expect(paths(result)).toHaveLength(8);
  expect(given(/reviews/)).toEqual([1, 2, 3, 4].map((n) => `${base}/pulls/${n}/reviews`));
  expect(forge.early).toEqual([]);
}, 60_000);

it("more issues of one second than fit on a page are read once, also at the end of the list", async () => {
  const { forge, sweep, given } = await world();
  const imported = [1, 2, 3, 4, 5].map((n) => issue(n, { updated_at: "2024-01-01T00:00:00Z" }));
  forge.lists.set("/repos/acme/one/issues", imported);
  const first = await sweep("issues");
  expect(first.skips).toEqual([]);
  expect(paths(first)).toHaveLength(5);
  expect(given(/one\/issues\?/)).toHaveLength(3);
  forge.lists.set("/repos/acme/one/issues", [...imported, issue(6)]);
  expect(paths(await sweep("issues"))).toHaveLength(6);
}, 60_000);
