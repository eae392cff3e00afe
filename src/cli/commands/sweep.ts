/** `org`, `user`, `repos`: sweeps of many repositories; `worker` joins one, `sweep status` tells how they stand. */
import { Command } from "commander";
import { common, type FlagName, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { type SweepFlags, withSweepFlags } from "./sweep-options.ts";

const scanning: readonly FlagName[] = common.filter((name) => name !== "redact" && name !== "timeout");

/** `leaksweep org <name…>` */
export function orgCommand(io: Io): Command {
  const command = new Command("org")
    .summary("every repository of an organisation, and its people's own")
    .description("Sweep organisations of a forge: all their repositories, and what else is asked for.")
    .argument("<name...>", "organisations")
    .addHelpText("after", orgExamples)
    .action(async (orgs: string[], typed: SweepFlags) => {
      const { runSweep } = await import("../sweep.ts");
      await runSweep({ orgs, users: [] }, typed, io);
    });
  withSweepFlags(command, ["whose", "forge", "choice", "access", "storing", "working", "running"]);
  return withFlags(command, scanning);
}

/** `leaksweep user <login…>` */
export function userCommand(io: Io): Command {
  const command = new Command("user")
    .summary("every repository of a person")
    .description("Sweep people's own repositories on a forge.")
    .argument("<login...>", "people")
    .addHelpText("after", "\nExample:\n  $ leaksweep user ann --gists")
    .action(async (users: string[], typed: SweepFlags) => {
      const { runSweep } = await import("../sweep.ts");
      await runSweep({ orgs: [], users }, typed, io);
    });
  withSweepFlags(command, ["forge", "choice", "access", "storing", "working", "running"]);
  return withFlags(command, scanning);
}

/** `leaksweep repos <file>` */
export function reposCommand(io: Io): Command {
  const command = new Command("repos")
    .summary("every repository in a list of addresses")
    .description(
      "Sweep repositories named in a file, one address a line, on any git host; `-` reads the list from a pipe.",
    )
    .argument("<file>", "file with addresses")
    .addHelpText("after", reposExamples)
    .action(async (file: string, typed: SweepFlags) => {
      const { runList } = await import("../sweep.ts");
      await runList(file, typed, io);
    });
  withSweepFlags(command, ["choice", "storing", "working", "running"]);
  return withFlags(command, scanning);
}

/** `leaksweep worker` */
export function workerCommand(io: Io): Command {
  const command = new Command("worker")
    .summary("join the sweeps of a store from another machine")
    .description("Work on the sweeps of a store that is a PostgreSQL server, beside all other workers, until stopped.")
    .option("--drain", "end when no sweep is left to work on")
    .addHelpText(
      "after",
      "\nExample:\n  $ LEAKSWEEP_STORE=postgres://sweeper@db/leaksweep leaksweep worker --concurrency 8",
    )
    .action(async (typed: SweepFlags & { readonly drain?: boolean }) => {
      const { runWorker } = await import("../sweep.ts");
      await runWorker(typed, io);
    });
  withSweepFlags(command, ["access", "storing", "working"]);
  return withFlags(command, ["quiet", "verbose"]);
}

/** `leaksweep sweep status` */
export function sweepCommand(io: Io): Command {
  const status = new Command("status")
    .description("How far sweeps are, what is left and what went wrong.")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  $ leaksweep sweep status --store postgres://sweeper@db/leaksweep")
    .action(async (typed: SweepFlags & { readonly json?: boolean }) => {
      const { printStatus } = await import("../sweep-status.ts");
      await printStatus(typed, io);
    });
  return new Command("sweep")
    .summary("how sweeps stand")
    .description("Look at the sweeps of a store.")
    .helpCommand(false)
    .addHelpText("after", "\nExample:\n  $ leaksweep sweep status")
    .addCommand(withSweepFlags(status, ["storing"]));
}

const orgExamples = `
Examples:
  $ leaksweep org acme --dry-run
  $ leaksweep org acme --members --gists --wikis
  $ leaksweep org acme --all-surfaces --store postgres://sweeper@db/leaksweep`;

const reposExamples = `
Examples:
  $ leaksweep repos repositories.txt
  $ glab repo list --all -F json | jq -r '.[].http_url_to_repo' | leaksweep repos -`;
