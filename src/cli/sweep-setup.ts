/** What the commands that use a store have in common: where it is, and what a worker on this machine has. */
import { resolve } from "node:path";
import envPaths from "env-paths";
import { LeaksweepError } from "../errors.ts";
import type { Forge } from "../sources/forge.ts";
import type { Credential, Pace } from "../sources/github/client.ts";
import { defaultFree, defaultKept } from "../sweep/clones.ts";
import { isFatal } from "../sweep/faults.ts";
import type { Bench } from "../sweep/open-desk.ts";
import { isMade, openStore, type Store, type StorePlace, storePlace } from "../sweep/store/store.ts";
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

/**
 * The same for whoever only asks what a store holds: it is not made where there is none.
 *
 * @throws LeaksweepError "usage.invalid" where the folder holds no store.
 */
export async function withMadeStore<T>(
  typed: Pick<SweepFlags, "store">,
  io: Io,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const place = placeOf(typed, io);
  if (place.kind === "folder" && !isMade(place)) {
    throw new LeaksweepError("usage.invalid", `Cannot read store "${place.path}": there is none`, {
      hint: "Name another with --store or LEAKSWEEP_STORE, or run `leaksweep org` first.",
    });
  }
  return withStore(typed, io, work);
}

/**
 * Makes sure that the user is let in, before a store is made: a sweep that cannot begin leaves nothing behind. Where
 * there is a store already, the sweep finds out by itself, at the pace that the store knows.
 */
export async function expectLogin(api: string, typed: SweepFlags, io: Io): Promise<void> {
  if (isMade(placeOf(typed, io))) return;
  const forge = await openForge(api, { typed, io, paceOf: () => unpaced });
  // All but a login that is good for nothing is the sweep's to meet: a server without limits, one that is slow.
  await forge.rateLimit(io.signal).catch((error: unknown) => {
    io.signal.throwIfAborted();
    if (isFatal(error)) throw error;
  });
}

const unpaced: Pace = { turn: (send) => send(), pausedUntil: async () => undefined };

/** What a worker on this machine works with; `logins` are those of its user. */
export function benchOf(store: Store, logins: Bench["logins"], typed: SweepFlags, io: Io): Bench {
  const { keepClones, keepSize, minFreeDisk } = typed;
  return {
    store,
    limits: {
      ...(keepClones !== undefined && { keep: resolve(io.cwd, keepClones) }),
      keepBytes: keepSize ?? defaultKept,
      freeBytes: minFreeDisk ?? defaultFree,
    },
    logins,
    forgeAt: forges(store, typed, io),
    env: io.env,
    version,
    now: () => new Date(),
  };
}

/** Forges by the address of their API, each logged in to once. */
function forges(store: Store, typed: SweepFlags, io: Io): (api: string) => Promise<Forge> {
  const open = new Map<string, Promise<Forge>>();
  const openAt = async (api: string): Promise<Forge> => {
    const { paceOf } = await import("../sweep/pace.ts");
    return openForge(api, { typed, io, paceOf: (credential) => paceOf(store, api, credential) });
  };
  return (api) => {
    const forge = open.get(api) ?? openAt(api);
    open.set(api, forge);
    return forge;
  };
}

interface Opening {
  readonly typed: SweepFlags;
  readonly io: Io;
  readonly paceOf: (credential: Credential) => Pace;
}

async function openForge(api: string, { typed, io, paceOf }: Opening): Promise<Forge> {
  const [{ openGithub }, { patience }, { githubLogin }] = await Promise.all([
    import("../sources/github/github.ts"),
    import("../sweep/pace.ts"),
    import("./github-login.ts"),
  ]);
  const login = await githubLogin({ ...(typed.appId !== undefined && { appId: typed.appId }), env: io.env, api });
  return openGithub({ api, login, paceOf, patience, version });
}
