/** What `leaksweep baseline` and `leaksweep allow` do: one file, read, changed by a pure function, written whole. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { baselineRoot, findBaseline, loadBaseline } from "../config/baseline.ts";
import { LeaksweepError } from "../errors.ts";
import { authorOf } from "../git/author.ts";
import { printable } from "../report/escape.ts";
import type { BaselineEntry, Result } from "../terms.ts";
import { type Baseline, baselineName, isDay, printBaseline, printEntry } from "../triage/baseline.ts";
import { pruned, withAccepted, withFindings } from "../triage/baseline-edit.ts";
import type { AllowFlags } from "./commands/allow.ts";
import { exitCode, shown } from "./exit.ts";
import type { Typed } from "./flags.ts";
import type { Io } from "./io.ts";
import { writeWhole } from "./output.ts";
import { planOf, watched } from "./run.ts";

type Verb = "create" | "update" | "prune";

interface Edit {
  readonly target: string;
  readonly typed: Typed & { readonly owner?: string; readonly dryRun?: boolean };
  readonly io: Io;
}

const nothing: Baseline = { entries: [], comments: [] };

/**
 * Scans `target` and creates, updates or prunes its baseline. The exit code is 0, or 3 when something could not be
 * read: then what was found is written all the same, but nothing is pruned.
 */
export async function editBaseline(verb: Verb, { target, typed, io }: Edit): Promise<void> {
  const start = resolve(io.cwd, target);
  const found = typed.baseline === undefined ? findBaseline(start) : resolve(io.cwd, typed.baseline);
  const file = found ?? join(baselineRoot(start), baselineName);
  expectRightVerb(verb, { file, name: relative(io.cwd, file) });
  const baseline = verb === "create" ? nothing : await loadBaseline(file, { cwd: io.cwd });
  const job = { command: "scan", paths: [target] } as const;
  const { baseline: _file, ...scanned } = typed;
  const { baseline: _entries, ...plan } = await planOf(job, scanned, io);
  const result = await watched(job, { plan: { ...plan, baseline: baseline.entries }, typed, io });
  const entries = verb === "prune" ? prunedOf(baseline, result) : added(baseline, shown(result, plan), typed.owner);
  await change(file, { from: baseline, to: { ...baseline, entries }, dryRun: typed.dryRun === true, io });
  for (const line of remarks(verb, result)) io.note(`leaksweep: ${line}`);
  io.exitWith(exitCode({ ...result, findings: [] }, plan, io.stopped()));
}

function expectRightVerb(verb: Verb, { file, name }: { file: string; name: string }): void {
  const there = existsSync(file);
  if (verb === "create" && there) {
    throw new LeaksweepError("baseline.invalid", `Cannot create baseline "${name}": it is there already`, {
      hint: "Add what is new with `leaksweep baseline update`, or delete the file first.",
    });
  }
  if (verb !== "create" && !there) {
    throw new LeaksweepError("baseline.invalid", `Cannot ${verb} baseline "${name}": there is none`, {
      hint: "Make one with `leaksweep baseline create`.",
    });
  }
}

function prunedOf({ entries }: Baseline, { baseline, complete }: Result): readonly BaselineEntry[] {
  return complete && baseline !== undefined ? pruned(entries, baseline) : entries;
}

function added({ entries }: Baseline, { findings }: Result, owner: string | undefined): readonly BaselineEntry[] {
  const known = new Set(entries.map(({ fingerprint }) => fingerprint));
  return withFindings(entries, findings).map((entry) =>
    owner === undefined || known.has(entry.fingerprint) ? entry : { ...entry, owner },
  );
}

function* remarks(verb: Verb, { baseline, complete }: Result): Iterable<string> {
  const expired = baseline?.expired.length ?? 0;
  const stale = baseline?.stale.length ?? 0;
  if (!complete) {
    const effect = verb === "prune" ? "nothing was taken out" : "the baseline may lack secrets";
    yield `something could not be read, so ${effect}; see \`leaksweep scan\``;
  }
  if (verb === "update" && expired > 0)
    yield `${expired} have ended and are not renewed; \`leaksweep allow\` does that`;
  if (verb === "update" && stale > 0)
    yield `${stale} are met nowhere any more; \`leaksweep baseline prune\` drops them`;
}

/** Accepts secrets by a line each in the baseline of the folder in which the user stands. Throws "usage.invalid". */
export async function allow(fingerprints: readonly string[], typed: AllowFlags, io: Io): Promise<void> {
  const { reason, until, rule = "-" } = typed;
  expectAcceptable(fingerprints, { reason, until });
  const found = typed.baseline === undefined ? findBaseline(io.cwd) : resolve(io.cwd, typed.baseline);
  const file = found ?? join(baselineRoot(io.cwd), baselineName);
  const baseline = existsSync(file) ? await loadBaseline(file, { cwd: io.cwd }) : nothing;
  const owner = typed.owner ?? (await authorOf(io.cwd, io.env));
  let { entries } = baseline;
  for (const fingerprint of fingerprints) {
    const ends = until === undefined ? {} : { until };
    const who = owner === undefined ? {} : { owner };
    entries = withAccepted(entries, { fingerprint, rule, state: "allowed", reason: reason.trim(), ...who, ...ends });
  }
  await change(file, { from: baseline, to: { ...baseline, entries }, dryRun: false, io });
  io.exitWith(0);
}

function expectAcceptable(
  fingerprints: readonly string[],
  { reason, until }: { reason: string; until: string | undefined },
): void {
  const wrong = fingerprints.find((fingerprint) => !/^l[sx]1:[a-z2-7]{24}$/.test(fingerprint));
  if (wrong !== undefined) {
    // It is not shown: whoever takes the secret for its fingerprint must not find it in a log.
    throw new LeaksweepError("usage.invalid", "Cannot allow what is no fingerprint", {
      hint: "Copy it as reports print it: ls1: or lx1: and 24 characters.",
    });
  }
  if (reason.trim() === "") {
    throw new LeaksweepError("usage.invalid", "Cannot allow without a reason", {
      hint: "Say why, for whoever reads this next: --reason TEXT.",
    });
  }
  if (until !== undefined && !isDay(until)) {
    throw new LeaksweepError("usage.invalid", `Cannot allow until "${until}": it is no day`, {
      hint: "Write the last day as YYYY-MM-DD.",
    });
  }
}

interface Change {
  readonly from: Baseline;
  readonly to: Baseline;
  readonly dryRun: boolean;
  readonly io: Io;
}

/** Writes `to` into `file` and prints which lines came (`+`) and went (`-`). A file that says the same is left alone. */
async function change(file: string, { from, to, dryRun, io }: Change): Promise<void> {
  const before = new Set(from.entries.map(printEntry));
  const after = new Set(to.entries.map(printEntry));
  const gone = [...before].filter((line) => !after.has(line)).map((line) => `- ${line}`);
  const come = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  const name = relative(io.cwd, file);
  if (!dryRun && (gone.length + come.length > 0 || !existsSync(file))) {
    // It is committed, so that it keeps the mode that the file had, or gets that of any other file.
    const mode = await stat(file).then(
      (found) => found.mode & 0o777,
      () => 0o644,
    );
    await writeWhole(file, [printBaseline(to)], { mode });
  }
  const tally = `${name}: ${after.size} accepted, ${come.length} added, ${gone.length} taken out`;
  await io.print([...gone, ...come, dryRun ? `${tally} (not written)` : tally].map((line) => `${printable(line)}\n`));
}
