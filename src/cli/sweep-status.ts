/** `leaksweep sweep status`: how the sweeps of a store stand. */
import { json, printable } from "../report/escape.ts";
import { posted } from "../sweep/posted.ts";
import { type SweepStatus, statusOf, sweepRows } from "../sweep/status.ts";
import type { Store } from "../sweep/store/store.ts";
import type { SweepFlags } from "./commands/sweep-options.ts";
import type { Io } from "./io.ts";
import { progressLine } from "./sweep-progress.ts";
import { placeOf, withMadeStore } from "./sweep-setup.ts";

/** Prints every sweep that is under way, or the last one. */
export async function printStatus(typed: SweepFlags & { readonly json?: boolean }, io: Io): Promise<void> {
  const all = (await postedAt(typed, io)) ?? (await withMadeStore(typed, io, statuses));
  await io.print(typed.json ? [`${json(all, 2)}\n`] : all.flatMap((status) => [...page(status)]));
  if (all.length === 0 && !typed.json) await io.print(["no sweep yet\n"]);
  io.exitWith(0);
}

async function statuses(store: Store): Promise<SweepStatus[]> {
  const all: SweepStatus[] = [];
  for (const row of await sweepRows(store)) all.push(await statusOf(store, row));
  return all;
}

/** What a sweep that has a store in a folder to itself says of how it stands. */
async function postedAt(typed: SweepFlags, io: Io): Promise<SweepStatus[] | undefined> {
  const place = placeOf(typed, io);
  const said = place.kind === "folder" ? await posted(place.path) : undefined;
  if (said === undefined) return undefined;
  const at = said.at.toISOString().slice(11, 19);
  if (!typed.quiet) io.note(`leaksweep: as of ${at} UTC; a sweep is using this store`);
  return [said.status];
}

/** Failures shown to people; programs get more. */
const shownFailures = 20;

function* page(status: SweepStatus): Iterable<string> {
  const { sweep, scope, state, started, finished, visits, queue, workers, reading, failures, furtherFailures } = status;
  yield `sweep ${sweep}  ${printable(scope)}: ${state}\n`;
  yield `  since     ${started.slice(0, 16).replace("T", " ")} UTC${finished ? `, until ${finished.slice(0, 16).replace("T", " ")}` : ""}\n`;
  yield `  progress  ${progressLine(status)}\n`;
  yield `  targets   ${
    Object.entries(visits)
      .map(([name, all]) => `${all} ${name}`)
      .join(", ") || "none yet"
  }\n`;
  yield `  queue     ${queue.waiting} waiting, ${queue.later} kept back, ${queue.active} under way\n`;
  for (const name of reading) yield `  reading   ${printable(name)}\n`;
  for (const { host, pid, doing } of workers) yield `  worker    ${printable(host)} ${pid}: ${doing.length} jobs\n`;
  for (const { name, state, reason } of failures.slice(0, shownFailures))
    yield `  ${state.padEnd(10)}${printable(`${name}: ${reason}`)}\n`;
  const more = failures.length - shownFailures + furtherFailures;
  if (more > 0) yield `  and ${more} more (leaksweep report has them all)\n`;
}
