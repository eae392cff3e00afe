/** A forge and a store in which sweeps run within this process: what a test asks is told by the store itself. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { defaults, type Plan } from "../../src/config/plan.ts";
import { type GithubLogin, openGithub } from "../../src/sources/github/github.ts";
import { conduct } from "../../src/sweep/conduct.ts";
import { paceOf } from "../../src/sweep/pace.ts";
import { resultOf } from "../../src/sweep/picture.ts";
import { type Scope, type Surface, surfaces } from "../../src/sweep/scope.ts";
import { openStore, type Store } from "../../src/sweep/store/store.ts";
import type { Result } from "../../src/terms.ts";
import { tempDir } from "../kit.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import type { postgresOfFile } from "./stores.ts";

/** What is asked for beside the organisation's repositories, and how it is read. */
export type Wish = Surface | (Partial<Scope> & { readonly plan?: Partial<Plan> });

export interface World {
  readonly forge: StandIn;
  readonly store: Store;
  readonly dir: string;
  /** Sweeps the organisation `acme`, or what is wished instead, and tells what came of it. */
  sweep(...wishes: readonly Wish[]): Promise<Result>;
  /** What was asked for and given since the last sweep began, of the paths that match. */
  given(path: RegExp): readonly string[];
}

const version = "0";

/** A new world, with one repository `acme/one` that holds no secret. */
export async function newWorld(
  postgres: ReturnType<typeof postgresOfFile>,
  name: string,
  { pageSize = 2, token, login = { kind: "none" } }: { pageSize?: number; token?: string; login?: GithubLogin } = {},
): Promise<World> {
  const dir = tempDir();
  const forge = await startStandIn(join(dir, "hub"), { pageSize, ...(token !== undefined && { token }) });
  const store = await openStore(
    postgres.isHere
      ? { kind: "server", address: await postgres.store(name) }
      : { kind: "folder", path: join(dir, "store") },
  );
  onTestFinished(async () => {
    await store.close();
    forge.hub.close();
  });
  forge.owners.set("acme", { kind: "org" });
  forge.create("acme/one", "echo x > x; commit X", { discussions: true });
  const sweep = async (...wishes: readonly Wish[]): Promise<Result> => {
    forge.asked.length = 0;
    const id = await conduct({
      store,
      scope: scopeOf(forge.api, wishes),
      plan: Object.assign({}, defaults, ...wishes.map((wish) => typeof wish === "object" && wish.plan)),
      onRefused: () => {},
      restart: false,
      lanes: 1,
      signal: new AbortController().signal,
      limits: { keepBytes: 0, freeBytes: 0 },
      logins: new Map(),
      forgeAt: (api) =>
        openGithub({ api, login, paceOf: (credential) => paceOf(store, api, credential), patience: 0, version }),
      env: {},
      version,
      now: () => new Date(),
    });
    return resultOf(store, id, "acme");
  };
  const given = (path: RegExp): string[] =>
    forge.asked.filter((one) => one.status === 200 && path.test(one.path)).map((one) => one.path.split("?")[0] ?? "");
  return { forge, store, dir, sweep, given };
}

function scopeOf(api: string, wishes: readonly Wish[]): Scope {
  const asked = (name: Surface): boolean => wishes.includes(name);
  return {
    api,
    orgs: ["acme"],
    users: [],
    addresses: [],
    people: { members: false, collaborators: false, contributors: false },
    surfaces: Object.fromEntries(surfaces.map((name) => [name, asked(name)])) as Scope["surfaces"],
    forks: false,
    archived: true,
    include: [],
    exclude: [],
    ...Object.assign({}, ...wishes.map(partOf)),
  };
}

function partOf(wish: Wish): Partial<Scope> {
  if (typeof wish === "string") return {};
  const { plan: _plan, ...scope } = wish;
  return scope;
}

/** Paths of all occurrences, in order. */
export const pathsIn = ({ findings }: Result): string[] =>
  findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path)).sort();
