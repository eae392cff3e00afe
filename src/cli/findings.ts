/** What a store knows, filtered and rendered. */

import { resolve } from "node:path";
import { resolvePlan } from "../config/plan.ts";
import { readResult } from "../config/result-file.ts";
import { LeaksweepError } from "../errors.ts";
import { confidences, isAtLeast } from "../levels.ts";
import { holdingsCsv, holdingsJson, holdingsTable } from "../report/holdings.ts";
import { rulesOf } from "../scan/rules.ts";
import { heldIn } from "../sweep/held.ts";
import { resultOf, type Wanted } from "../sweep/picture.ts";
import { scopeName } from "../sweep/scope.ts";
import { sweepRow, sweepRows } from "../sweep/status.ts";
import type { Result } from "../terms.ts";
import type { FilterFlags } from "./commands/findings.ts";
import { exitCode, shown } from "./exit.ts";
import { settingsFrom } from "./flags.ts";
import type { Io } from "./io.ts";
import { expectWritable, writeWhole } from "./output.ts";
import { deliver } from "./run.ts";
import { withMadeStore } from "./sweep-setup.ts";

/** Prints the findings that the flags ask for. Exit code 0, whatever there is: to ask is no gate. */
export async function listFindings(typed: FilterFlags, io: Io): Promise<void> {
  const { output } = typed;
  if (output !== undefined) await expectWritable(resolve(io.cwd, output));
  await withMadeStore(typed, io, async (store) => {
    const now = new Date();
    const held = await heldIn(store, wantedOf(typed, now), now);
    const width = (output === undefined ? io.columns : undefined) ?? Number.POSITIVE_INFINITY;
    const parts =
      typed.as === "json" ? holdingsJson(held) : typed.as === "csv" ? holdingsCsv(held) : holdingsTable(held, width);
    if (output === undefined) await io.print(parts);
    else await writeWhole(resolve(io.cwd, output), parts);
    io.exitWith(0);
  });
}

function wantedOf(typed: FilterFlags, now: Date): Wanted {
  const {
    sweep,
    provider,
    rule,
    repository,
    owner,
    status,
    severity,
    verdict,
    olderThan,
    newerThan,
    minConfidence = "medium",
  } = typed;
  return {
    confidence: confidences.filter((one) => isAtLeast(one, minConfidence)),
    ...(sweep !== undefined && { sweep }),
    ...(provider !== undefined && { provider }),
    ...(rule !== undefined && { rule }),
    ...(repository !== undefined && { repository }),
    ...(owner !== undefined && { owner }),
    ...(status !== undefined && { status }),
    ...(severity !== undefined && { severity }),
    ...(verdict !== undefined && { verdict }),
    ...(olderThan !== undefined && { before: new Date(now.getTime() - olderThan) }),
    ...(newerThan !== undefined && { after: new Date(now.getTime() - newerThan) }),
    ...(typed.new && { fresh: true }),
  };
}

/** Renders a result file, or one sweep, as a scan would have reported it, exit code included. */
export async function printReport(file: string | undefined, typed: FilterFlags, io: Io): Promise<void> {
  if (typed.output !== undefined) await expectWritable(resolve(io.cwd, typed.output));
  const plan = resolvePlan(settingsFrom(typed), {});
  const result = await recordedResult(file, typed, io);
  await deliver(shown(result, plan), typed, io);
  io.exitWith(exitCode(result, plan, io.stopped()));
}

/**
 * The result in a file, or that of one sweep in a store: the last one unless the flags name another.
 *
 * @throws LeaksweepError "usage.invalid" where there is no such result.
 */
export async function recordedResult(file: string | undefined, typed: FilterFlags, io: Io): Promise<Result> {
  if (file !== undefined) return resultInFile(file, typed, io);
  return withMadeStore(typed, io, async (store) => {
    const row = typed.sweep === undefined ? (await sweepRows(store))[0] : await sweepRow(store, typed.sweep);
    if (!row) {
      const which = typed.sweep === undefined ? "any sweep" : `sweep ${typed.sweep}`;
      throw new LeaksweepError("usage.invalid", `Cannot report ${which}: the store has none`, {
        hint: "Run `leaksweep org` first, or name its store.",
      });
    }
    return resultOf(store, row.id, scopeName(row.scope));
  });
}

async function resultInFile(file: string, typed: FilterFlags, io: Io): Promise<Result> {
  if (typed.sweep !== undefined || typed.store !== undefined) {
    throw new LeaksweepError("usage.invalid", `Cannot report "${file}" and a sweep at once`, {
      hint: "Name a result file, or --store and --sweep.",
    });
  }
  const { rules } = await rulesOf(resolvePlan(settingsFrom(typed), {}));
  return readResult(file, { cwd: io.cwd, rules });
}
