/** A sweep from its beginning to its end, in the process of whoever asked for it; other workers may join meanwhile. */
import pLimit from "p-limit";
import type { Plan } from "../config/plan.ts";
import { rulesOf } from "../scan/rules.ts";
import { type Budget, budgetOf } from "./budget.ts";
import type { Desk } from "./desk.ts";
import { judgeAgain } from "./judge-again.ts";
import { type Bench, desks, type Refusals } from "./open-desk.ts";
import { rulesIdentity } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { sweepRows } from "./status.ts";
import type { Store } from "./store/store.ts";
import { storedPlan } from "./stored-plan.ts";
import {
  type Beginning,
  type Begun,
  beginSweep,
  beginTrial,
  forgetTrial,
  isListed,
  settle,
  startVisits,
  takePlan,
} from "./sweeps.ts";
import { type Idle, type WorkOptions, work } from "./worker.ts";

export interface PriceOptions extends Bench, Pick<Refusals, "onRefused">, Pick<WorkOptions, "onOutage"> {
  readonly scope: Scope;
  readonly plan: Plan;
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly onBegin?: (begun: Begun) => void;
  readonly onBudget?: (budget: Budget) => void;
}

export interface ConductOptions extends PriceOptions {
  /** Begin anew although an earlier sweep of this scope was not finished. */
  readonly restart: boolean;
}

/** Runs a sweep until it is finished or the signal aborts. Returns its number. */
export async function conduct(options: ConductOptions): Promise<number> {
  const { store, restart, onRefused } = options;
  const beginning = await beginningOf(options);
  const begun = await beginSweep(store, { ...beginning, restart });
  const { sweep } = begun;
  options.onBegin?.(begun);
  if (begun.resumed) {
    await judgeAgain(store, sweep.id, options);
    await takePlan(store, sweep.id, beginning.plan);
  }
  const one = pLimit(1);
  let told = sweep.state === "running";
  const idle = (): Promise<Idle> =>
    one(async () => {
      const state = await settle(store, sweep.id);
      if (state === "finished" || state === "abandoned") return "end";
      if (state === "listing") return "pause";
      if (!told) options.onBudget?.(await pricedBudget(options, sweep.id));
      told = true;
      if (state !== "ready") return "pause";
      await startReading({ ...options, sweep: sweep.id });
      return "look";
    });
  await work({ ...options, deskOf: desks(options, { own: sweep.id, onRefused }), idle });
  return sweep.id;
}

/**
 * Takes the sweeps of a store to their next states, for workers that find no job. One that is `ready` is begun here,
 * too: whoever asked for it may have died. False when none is left that this worker can work on.
 */
export async function tend(
  store: Store,
  { deskOf, refused }: { readonly deskOf: WorkOptions["deskOf"]; readonly refused: ReadonlySet<number> },
): Promise<boolean> {
  let isLeft = false;
  for (const { id, state } of await sweepRows(store)) {
    if (state === "finished" || refused.has(id)) continue;
    if ((await settle(store, id)) === "ready") {
      const desk = await deskOf(id);
      if (!desk) continue;
      await startReading(desk);
    }
    isLeft = true;
  }
  return isLeft;
}

async function startReading({
  store,
  sweep,
  plan,
  now,
}: Pick<Desk, "store" | "sweep" | "plan" | "now">): Promise<void> {
  await judgeAgain(store, sweep, { plan, now });
  await startVisits(store, sweep);
}

/** Says what a sweep would cost. All sweeps of the store stay as they are. */
export async function price(options: PriceOptions): Promise<void> {
  const { store, signal, onRefused } = options;
  const trial = await beginTrial(store, await beginningOf(options));
  const { id } = trial;
  options.onBegin?.({ sweep: trial, resumed: false });
  const idle = async (): Promise<Idle> => ((await isListed(store, id)) ? "end" : "pause");
  try {
    await work({ ...options, deskOf: desks(options, { own: id, onRefused }), trial: id, idle });
    if (!signal.aborted) options.onBudget?.(await pricedBudget(options, id));
  } finally {
    await forgetTrial(store, id);
  }
}

async function beginningOf({ scope, plan, version }: PriceOptions): Promise<Omit<Beginning, "restart">> {
  const { hash, digests } = rulesIdentity(await rulesOf(plan), { version, plan });
  return { scope, plan: await storedPlan(plan), rules: { hash, digests } };
}

/** A sweep's budget with what the API allows. */
async function pricedBudget({ store, scope, forgeAt, signal }: PriceOptions, sweep: number): Promise<Budget> {
  const budget = await budgetOf(store, sweep, scope);
  if (scope.api === undefined) return budget;
  const forge = await forgeAt(scope.api);
  // Servers without limits have nothing to say here.
  const rateLimit = await forge.rateLimit(signal).catch(() => undefined);
  return { ...budget, ...(rateLimit && { rateLimit }) };
}
