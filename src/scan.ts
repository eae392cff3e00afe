/**
 * The pipeline, and nothing but: target → sources → engine → trace → findings → result. It decides nothing itself;
 * it is where the rooms that must not know each other meet. Each of its steps is a file in `scan/`.
 */
import type { Foreign } from "./foreign/inputs.ts";
import { equip } from "./scan/equipment.ts";
import type { Memory } from "./scan/memory.ts";
import { exclusion, open } from "./scan/opening.ts";
import { cacheOf, type ScanRequest } from "./scan/request.ts";
import { namedBy } from "./scan/rules.ts";
import { Run } from "./scan/run.ts";
import { entriesMet, findingsOf } from "./scan/verdicts.ts";
import type { Opened } from "./sources/open.ts";
import type { Result, Rulepack, Skip } from "./terms.ts";
import { audit } from "./triage/baseline-edit.ts";
import type { Traces } from "./triage/findings.ts";

export type { ScanEvent, ScanRequest } from "./scan/request.ts";

/**
 * Runs one scan. When the signal aborts it, it resolves with what was found so far and a fault skip that says so.
 * Throws `LeaksweepError` when nothing could be scanned: no such target, a rule or config that is wrong, no git.
 */
export async function scan(request: ScanRequest): Promise<Result> {
  const started = request.now();
  const { rulepack, engine, foreign, families, crew, contents } = await equip(request);
  const excluded = await exclusion(request.plan);
  const memory = await memoryOf(request, rulepack, started);
  const objects = await memory?.objects();
  const opened = await (request.opened?.(excluded) ?? open(request, { excluded, families, objects, crew, contents }));
  try {
    const results = await memory?.results(opened);
    const known = await results?.recall();
    if (known) return timed(known, request, started);
    const run = new Run(request, { engine, excluded, ...namedBy(foreign, request.plan) });
    await run.read(opened);
    const traces = await run.trace();
    request.onTraced?.(traces, foreign);
    const result = timed(
      await resultOf(run, { traces, request, opened, rulepack, foreign, started }),
      request,
      started,
    );
    if (!request.signal.aborted) await results?.keep(result);
    return result;
  } finally {
    await opened.close();
  }
}

interface Made {
  readonly traces: readonly Traces[];
  readonly request: ScanRequest;
  readonly opened: Opened;
  readonly rulepack: Rulepack;
  readonly foreign: Foreign | undefined;
  readonly started: Date;
}

async function resultOf({ skips, tally }: Run, made: Made): Promise<Result> {
  const { traces, request, opened, rulepack, foreign, started } = made;
  const { plan, least } = request;
  const today = started.toISOString().slice(0, 10);
  const permits = [...(foreign?.permits ?? []), ...(foreign?.ignores ?? [])];
  const weighing = { plan, comments: opened.trusted, permits, today, ...(least && { least }) };
  const found = await findingsOf(traces, weighing);
  const complete = !skips.some(({ by }) => by === "fault");
  const canTell = complete ? entriesMet(request, rulepack) : () => false;
  return {
    target: opened.target,
    rules: rulepack.hash,
    complete,
    tally: { ...tally, skipped: skips.length, seconds: 0 },
    skips: skips.toSorted(compareSkips),
    findings: found,
    ...(plan.baseline && { baseline: audit(plan.baseline, { findings: found, canTell, today }) }),
  };
}

/** What earlier scans left; nothing is loaded where the plan lets nothing be remembered. */
async function memoryOf(request: ScanRequest, rulepack: Rulepack, started: Date): Promise<Memory | undefined> {
  const folder = cacheOf(request);
  if (folder === undefined) return undefined;
  const { Memory } = await import("./scan/memory.ts");
  return new Memory({ folder, request, rulepack, now: started.getTime() });
}

const timed = (result: Result, { now }: ScanRequest, started: Date): Result => ({
  ...result,
  tally: { ...result.tally, seconds: (now().getTime() - started.getTime()) / 1000 },
});

/** Faults first, then by what they say and where; so that two runs give the same bytes. */
function compareSkips(one: Skip, other: Skip): number {
  const key = ({ by, reason, path = "", blob = "", commit = "" }: Skip): string =>
    `${by === "fault" ? 0 : 1}\0${reason}\0${path}\0${blob}\0${commit}`;
  const [a, b] = [key(one), key(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
