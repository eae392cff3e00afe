/** What a worker has at hand while it works on one sweep. */
import type { Plan } from "../config/plan.ts";
import type { Login } from "../git/remote.ts";
import type { RuleDigests } from "../scan/digests.ts";
import type { Forge } from "../sources/forge.ts";
import type { Rule } from "../terms.ts";
import type { Clones } from "./clones.ts";
import type { Scope } from "./scope.ts";
import type { Store } from "./store/store.ts";

export interface Desk {
  readonly store: Store;
  readonly sweep: number;
  readonly scope: Scope;
  readonly plan: Plan;
  /** Rules of the plan, their identity as a whole and one by one. */
  readonly rules: { readonly hash: string; readonly digests: RuleDigests; readonly list: readonly Rule[] };
  /** Absent where the sweep asks no API. */
  readonly forge?: Forge;
  /** What git needs for an address, where the user's environment or the forge has something for its origin. */
  readonly loginFor: (url: string, signal: AbortSignal) => Promise<Login | undefined>;
  readonly clones: Clones;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}
