/** `leaksweep ci`, from the environment of a CI system to the exit code. */
import { readFileSync } from "node:fs";
import { LeaksweepError } from "../errors.ts";
import { type CiEvent, type CiSystem, eventOf } from "../gate/ci/event.ts";
import { fetchMissing } from "../gate/ci/fetch.ts";
import { judgeRange } from "../gate/ci/judge.ts";
import { rangeOf } from "../gate/ci/range.ts";
import { systemOf } from "../gate/ci/systems.ts";
import { notRepository } from "../gate/errors.ts";
import type { Policy } from "../gate/policy.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { printable } from "../report/escape.ts";
import type { Result } from "../terms.ts";
import { deliverCi } from "./ci-reports.ts";
import { counts } from "./exit.ts";
import type { Typed } from "./flags.ts";
import { gatePlan, lateProgress } from "./gate.ts";
import type { Io } from "./io.ts";
import { limited } from "./limit.ts";
import { namedInside, withFilesOf } from "./named-files.ts";
import { planOf, watched } from "./run.ts";

/**
 * Judges what this CI run adds, and tells the CI system in its own ways. Throws "usage.invalid" outside of any system
 * when no flag says what to judge, and "ci.no-range" where the checkout does not hold enough to tell.
 */
export async function judgeCi(flags: Typed, io: Io): Promise<void> {
  const typed = said(flags);
  const system = systemOf(io.env);
  const event = eventIn(system, typed, io);
  if (event.kind === "none") {
    io.note("leaksweep: a branch or tag was deleted, so there is nothing to judge");
    return io.exitWith(0);
  }
  const repository = await openRepository(io.cwd, { signal: io.signal });
  if (!repository) throw notRepository(io.cwd);
  if (typed.fetch) await fetchMissing(repository, event, io);
  const isFull = event.kind === "full" && typed.base === undefined;
  const judge = isFull ? everything(typed, io) : added(repository, event, { typed, io });
  const { result, plan } = await judge.catch((error: unknown) => {
    throw withHint(error, system);
  });
  if (isShallow(result)) io.note(`leaksweep: the checkout is shallow. ${deepening(system)}`);
  await deliverCi(result, { plan, typed, io, system: system?.name });
}

/** Flags without empty revisions: that is how a CI system fills in what it does not know. */
function said({ base, head, ...others }: Typed): Typed {
  return { ...others, ...(base && { base }), ...(head && { head }) };
}

function eventIn(system: CiSystem | undefined, { base, head }: Typed, io: Io): CiEvent {
  if (system !== undefined) return system.event(io.env, readText);
  if (base !== undefined) return eventOf("pull-request", {});
  const hint =
    'Say what to judge: --base origin/main, and --head for another commit than HEAD; "leaksweep git" reads all.';
  const state = head === undefined ? "this is no CI system that it knows" : "--head needs a --base here";
  throw new LeaksweepError("usage.invalid", `Cannot tell what this run adds: ${state}`, { hint });
}

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** A timer or a person wants all of history, and nothing is judged against anything. */
async function everything(typed: Typed, io: Io) {
  const job = { command: "git", paths: [io.cwd] } as const;
  const plan = await planOf(job, typed, io);
  return { result: await watched(job, { plan, typed, io }), plan };
}

async function added(repository: Repository, event: CiEvent, { typed, io }: { typed: Typed; io: Io }) {
  const { base, head, allowShallow = false } = typed;
  const flags = { ...(base !== undefined && { base }), ...(head !== undefined && { head }), allowShallow };
  const range = await rangeOf(repository, event, flags);
  for (const note of range.notes) io.note(`leaksweep: ${note}`);
  const progress = lateProgress(typed, io);
  const around = { cwd: io.cwd, root: repository.workTree };
  const lifts: (() => void)[] = [];
  const judging = {
    ...io,
    onEvent: progress.onEvent,
    trustTarget: typed.trustTarget === true,
    named: namedInside(typed, around),
    planOf(policy: Policy | undefined, refused: readonly string[]) {
      for (const path of refused)
        io.note(`leaksweep: ${printable(path)} is not on the base side, so it does not count`);
      return gatePlan(policy, withFilesOf(policy, typed, { ...around, refused }), io);
    },
    matters: counts,
    limit(plan: Parameters<typeof limited>[0]) {
      const { signal, lift } = limited(plan, io);
      lifts.push(lift);
      return signal;
    },
  };
  return judgeRange(range, judging).finally(() => {
    progress.stop();
    for (const lift of lifts) lift();
  });
}

const isShallow = ({ skips }: Result): boolean =>
  skips.some(({ by, reason }) => by === "fault" && /shallow/.test(reason));

const deepening = (system: CiSystem | undefined): string =>
  `${system?.deepen ?? "Run `git fetch --unshallow`."} Or let leaksweep do it: --fetch.`;

/** The same error, with how this CI system is told to check out more. */
function withHint(error: unknown, system: CiSystem | undefined): unknown {
  if (!(error instanceof LeaksweepError) || error.code !== "ci.no-range" || system === undefined) return error;
  return new LeaksweepError(error.code, error.message, { hint: deepening(system), cause: error });
}
