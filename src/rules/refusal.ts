import { LeaksweepError } from "../errors.ts";

/** An error about one rule, at `file:line:column`. */
export function refusal(at: string, id: string, problem: string, hint: string, cause?: unknown): LeaksweepError {
  return new LeaksweepError("rule.invalid", `${at}: Cannot load rule "${id}": ${problem}`, { hint, cause });
}
