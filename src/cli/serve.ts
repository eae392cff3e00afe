/** What `leaksweep serve` does: the HTML report of a store or a file, for a browser on this machine. */
import { resolvePlan } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import { printable } from "../report/escape.ts";
import { loadReporter } from "../report/reporter.ts";
import { serve, type Unavailable } from "../serve/server.ts";
import type { ServeFlags } from "./commands/findings.ts";
import { shown } from "./exit.ts";
import { recordedResult } from "./findings.ts";
import { settingsFrom } from "./flags.ts";
import type { Io } from "./io.ts";
import { renderOptions } from "./run.ts";

/**
 * Serves until a signal ends it. The result is read again for each page, and the store is closed in between, so that
 * sweeps can use it meanwhile.
 *
 * @throws LeaksweepError where there is nothing to show at the start, or the port cannot be had.
 */
export async function serveReport(file: string | undefined, { port = 0, ...typed }: ServeFlags, io: Io): Promise<void> {
  const plan = resolvePlan(settingsFrom(typed), {});
  const reporter = await loadReporter("html");
  const render = async (): Promise<string> => {
    const result = shown(await recordedResult(file, typed, io), plan);
    return [...reporter.render(result, renderOptions(typed, io))].join("");
  };
  await render(); // who names the wrong file is told now, and not in a browser
  const { url, ended } = await serve({ port, page: () => render().catch(problem), signal: io.signal });
  await io.print([`${url}\n`]);
  io.note("leaksweep: open this address in a browser on this machine; ^C ends it");
  await ended;
  io.exitWith(io.stopped() ?? 0);
}

/** What a reader can do something about: the file was moved, a sweep is at work with the store. */
function problem(error: unknown): Unavailable {
  if (!(error instanceof LeaksweepError)) throw error;
  return { problem: printable(`${error.message}. ${error.hint}`) };
}
