/** A sweep from its beginning to its end, in the process of whoever asked for it; other workers may join meanwhile. */
import pLimit from "p-limit";
import type { Plan } from "../config/plan.ts";
import { rulesOf } from "../scan/rules.ts";
import { type Budget, budgetOf } from "./budget.ts";
import { type Bench, desks } from "./open-desk.ts";
import { rulesIdentity } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { storedPlan } from "./stored-plan.ts";
import { beginSweep, forgetSweep, type SweepRow, settle, startVisits } from "./sweeps.ts";
import { work } from "./worker.ts";

export interface ConductOptions extends Bench {
  readonly scope: Scope;
  readonly plan: Plan;
  readonly restart: boolean;
  /** Stop when it is known what the sweep would cost, and forget it. */
  readonly dryRun: boolean;
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly onBegin?: (sweep: SweepRow, resumed: boolean) => void;
  readonly onBudget?: (budget: Budget) => void;
}

/** Runs a sweep until it is finished or the signal aborts. Returns its number. */
export async function conduct(options: ConductOptions): Promise<number> {
  const { store, scope, plan, restart, dryRun, version } = options;
  const { hash, digests } = rulesIdentity(await rulesOf(plan), version);
  const begun = await beginSweep(store, {
    scope,
    plan: await storedPlan(plan),
    rules: { hash, digests },
    restart: restart || dryRun,
  });
  const { sweep, resumed } = begun;
  options.onBegin?.(sweep, resumed);
  const deskOf = desks(options);
  const one = pLimit(1);
  let told = false;
  const idle = (): Promise<boolean> =>
    one(async () => {
      const state = await settle(store, sweep.id);
      if (state === "finished" || state === "abandoned") return true;
      if (state !== "ready") return false;
      if (!told) options.onBudget?.(await pricedBudget(options, sweep.id));
      told = true;
      if (dryRun) return true;
      await startVisits(store, sweep.id);
      return false;
    });
  try {
    await work({
      store,
      deskOf,
      lanes: options.lanes,
      signal: options.signal,
      idle,
    });
  } finally {
    if (dryRun) await forgetSweep(store, sweep.id);
  }
  return sweep.id;
}

/** A sweep's budget with what the API allows. */
async function pricedBudget({ store, scope, forgeAt, signal }: ConductOptions, sweep: number): Promise<Budget> {
  const budget = await budgetOf(store, sweep, scope);
  if (scope.api === undefined) return budget;
  const forge = await forgeAt(scope.api);
  // Servers without limits have nothing to say here.
  const rateLimit = await forge.rateLimit(signal).catch(() => undefined);
  return { ...budget, ...(rateLimit && { rateLimit }) };
}
