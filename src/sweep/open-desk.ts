/** Sets up what a worker needs for one sweep, from what the store says of it and what this machine's user has. */
import { eq } from "drizzle-orm";
import { LeaksweepError } from "../errors.ts";
import type { Login } from "../git/remote.ts";
import { rulesOf } from "../scan/rules.ts";
import type { Forge } from "../sources/forge.ts";
import { type CloneLimits, Clones } from "./clones.ts";
import type { Desk } from "./desk.ts";
import { loginOf } from "./logins.ts";
import { rulesIdentity } from "./rules.ts";
import { sweeps } from "./store/schema.ts";
import type { Store } from "./store/store.ts";
import { restoredPlan } from "./stored-plan.ts";

/** What of a desk is the worker's own. */
export interface Bench {
  readonly store: Store;
  readonly limits: CloneLimits;
  readonly logins: ReadonlyMap<string, Login>;
  /** The forge whose API is at `api`. */
  readonly forgeAt: (api: string) => Promise<Forge>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly now: () => Date;
}

/** The desk for a sweep. Throws "usage.invalid" when this program would look for other things than the sweep does. */
async function openDesk(sweep: number, bench: Bench): Promise<Desk> {
  const { store, limits, logins, forgeAt, env, version, now } = bench;
  const [row] = await store.db.select().from(sweeps).where(eq(sweeps.id, sweep));
  if (!row) throw new Error(`The store has no sweep ${sweep}`);
  const plan = await restoredPlan(row.plan);
  const rulepack = await rulesOf(plan);
  const { hash, digests } = rulesIdentity(rulepack, { version, plan });
  if (hash !== row.rules) {
    throw new LeaksweepError("usage.invalid", `Cannot join sweep ${sweep}: its rules are not those of this leaksweep`, {
      hint: "Run the same version everywhere.",
    });
  }
  const forge = row.scope.api === undefined ? undefined : await forgeAt(row.scope.api);
  const { maxCloneSize } = row.scope;
  return {
    store,
    sweep,
    scope: row.scope,
    plan,
    rules: {
      hash,
      digests,
      get list() {
        return rulepack.rules; // made when they are asked for
      },
    },
    ...(forge && { forge }),
    loginFor: async (url, signal) => loginOf(logins, url) ?? (await forge?.loginFor(url, signal)),
    clones: new Clones({ ...limits, ...(maxCloneSize !== undefined && { cloneBytes: maxCloneSize }) }),
    env,
    now,
  };
}

export interface Refusals {
  /** The sweep without which there is nothing to do: that its desk cannot be opened is the caller's failure. */
  readonly own?: number;
  /** Called for each other sweep that this worker cannot work on. */
  readonly onRefused: (why: LeaksweepError) => void;
}

/** Desks by sweep, each opened once; nothing for a sweep that another worker must do. */
export function desks(bench: Bench, { own, onRefused }: Refusals): (sweep: number) => Promise<Desk | undefined> {
  const open = new Map<number, Promise<Desk | undefined>>();
  const opening = async (sweep: number): Promise<Desk | undefined> => {
    try {
      return await openDesk(sweep, bench);
    } catch (error) {
      if (sweep === own || !(error instanceof LeaksweepError)) throw error;
      onRefused(error);
      return undefined;
    }
  };
  return (sweep) => {
    const desk = open.get(sweep) ?? opening(sweep);
    open.set(sweep, desk);
    // What failed by a store that did not answer may not fail again.
    desk.catch(() => open.delete(sweep));
    return desk;
  };
}
