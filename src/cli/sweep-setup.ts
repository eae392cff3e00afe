/** What the commands that use a store have in common: where it is, and what a worker on this machine has. */
import { resolve } from "node:path";
import envPaths from "env-paths";
import type { Forge } from "../sources/forge.ts";
import { defaultFree, defaultKept } from "../sweep/clones.ts";
import { readLogins } from "../sweep/logins.ts";
import type { Bench } from "../sweep/open-desk.ts";
import { openStore, type Store, type StorePlace, storePlace } from "../sweep/store/store.ts";
import type { SweepFlags } from "./commands/sweep-options.ts";
import type { Io } from "./io.ts";
import { version } from "./version.ts";

/** The store that flags and environment name; a folder of the user's own when they name none. */
export function placeOf({ store }: Pick<SweepFlags, "store">, { env, cwd }: Io): StorePlace {
  const fallback = envPaths("leaksweep", { suffix: "" }).data;
  const place = storePlace(store, env, fallback);
  return place.kind === "folder" ? { ...place, path: resolve(cwd, place.path) } : place;
}

/** Opens the store, does `work` and closes it again, whatever happens. */
export async function withStore<T>(
  typed: Pick<SweepFlags, "store">,
  io: Io,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const lease = Number(io.env.LEAKSWEEP_LEASE_SECONDS);
  const store = await openStore(
    placeOf(typed, io),
    Number.isInteger(lease) && lease >= 10 ? { leaseSeconds: lease } : {},
  );
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What a worker on this machine works with. */
export async function benchOf(store: Store, typed: SweepFlags, io: Io): Promise<Bench> {
  const { keepClones, keepSize, minFreeDisk } = typed;
  return {
    store,
    limits: {
      ...(keepClones !== undefined && { keep: resolve(io.cwd, keepClones) }),
      keepBytes: keepSize ?? defaultKept,
      freeBytes: minFreeDisk ?? defaultFree,
    },
    logins: await readLogins(io.env),
    forgeAt: forges(store, typed, io),
    env: io.env,
    version,
    now: () => new Date(),
  };
}

/** Forges by the address of their API, each logged in to once. */
function forges(store: Store, typed: SweepFlags, { env }: Io): (api: string) => Promise<Forge> {
  const open = new Map<string, Promise<Forge>>();
  const openAt = async (api: string): Promise<Forge> => {
    const [{ openGithub }, { paceOf, patience }, { githubLogin }] = await Promise.all([
      import("../sources/github/github.ts"),
      import("../sweep/pace.ts"),
      import("./github-login.ts"),
    ]);
    const login = await githubLogin({ ...(typed.appId !== undefined && { appId: typed.appId }), env, api });
    return openGithub({ api, login, paceOf: (credential) => paceOf(store, api, credential), patience, version });
  };
  return (api) => {
    const forge = open.get(api) ?? openAt(api);
    open.set(api, forge);
    return forge;
  };
}
