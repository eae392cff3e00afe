/** From traces to findings, each judged by the baseline and by what is allowed. */
import type { Plan } from "../config/plan.ts";
import type { BaselineEntry, Finding, Rulepack } from "../terms.ts";
import type { Traces, Weighing } from "../triage/findings.ts";
import type { Acceptances } from "../triage/verdict.ts";
import { selectionOf } from "./opening.ts";
import type { ScanRequest } from "./request.ts";

/** The findings in what was traced. A scan that matched nothing does not load triage. */
export async function findingsOf(
  traces: readonly Traces[],
  { plan, ...weighing }: { plan: Plan } & Pick<Weighing, "comments" | "permits" | "today" | "least">,
): Promise<readonly Finding[]> {
  if (traces.every(({ marks }) => marks.size === 0)) return [];
  const { findings } = await import("../triage/findings.ts");
  return findings(traces, { ...acceptancesOf(plan), ...weighing });
}

/** What a plan accepts, by its config and its baseline. */
export function acceptancesOf({ allow, baseline }: Plan): Pick<Acceptances, "allowed" | "known"> {
  return { allowed: [...allow, ...inState(baseline, "allowed")], known: inState(baseline, "known") };
}

/**
 * Which entries of a baseline a complete run must have met, if their secrets are still anywhere: none, when it read
 * only a part of the repository; else those of the rules that took part, and all when every rule did.
 */
export function entriesMet(
  { command, plan }: Pick<ScanRequest, "command" | "plan">,
  rulepack: Rulepack,
): (entry: Pick<BaselineEntry, "rule">) => boolean {
  const all = (command === "scan" || command === "git") && selectionOf(plan).kind === "all";
  if (!all) return () => false;
  if (plan.enable.length + plan.disable.length === 0) return () => true;
  const asked = new Set(rulepack.rules.map(({ id }) => id));
  return ({ rule }) => asked.has(rule);
}

const inState = (entries: readonly BaselineEntry[] = [], state: BaselineEntry["state"]): readonly BaselineEntry[] =>
  entries.filter((entry) => entry.state === state);
