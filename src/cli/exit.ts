/** What a result means for whoever started the run: which findings they see, and the exit code. */

import type { Plan } from "../config/plan.ts";
import { isAtLeast } from "../levels.ts";
import type { Confidence, Finding, Result } from "../terms.ts";

/** Whether `finding` makes the run fail: new, sure enough, and no exposure unless these are to count, too. */
export function counts({ verdict, confidence, rule }: Finding, { failOn, failExposure }: Plan): boolean {
  if (verdict !== "new" || !isAtLeast(confidence, failOn)) return false;
  return rule.kind !== "exposure" || failExposure;
}

/** `result` with only the findings that the plan wants to be shown. What it covered stays as it is. */
export function shown(result: Result, { minConfidence }: Plan): Result {
  const findings = result.findings.filter(({ confidence }) => isAtLeast(confidence, minConfidence));
  return { ...result, findings };
}

/** The least confidence of findings that are shown or count. */
export const leastOf = ({ minConfidence, failOn }: Plan): Confidence =>
  isAtLeast(minConfidence, failOn) ? failOn : minConfidence;

/**
 * The exit code of a run that delivered its result: the code of the signal that stopped it; else 1 (or the plan's
 * own code) when a finding counts; else 3 when something could not be read; else 0.
 *
 * @param stopped 129, 130 or 143 when a signal ended the run early.
 */
export function exitCode(result: Result, plan: Plan, stopped?: number): number {
  if (stopped !== undefined) return stopped;
  const failed = result.findings.some((finding) => counts(finding, plan));
  // With --exit-code 0 findings are only reported, but a run that could not read everything still is no clean one.
  if (failed && plan.exitCode !== 0) return plan.exitCode;
  return result.complete ? 0 : 3;
}
