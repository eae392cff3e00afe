import { Command } from "commander";
import type { InitFlags } from "../init.ts";
import type { Io } from "../io.ts";

/** `leaksweep init`: config, hooks, CI file and first baseline of this repository. */
export function initCommand(io: Io): Command {
  return new Command("init")
    .summary("set this repository up: config, hooks, CI, first baseline")
    .description(
      "Set this repository up: a config file, git hooks, a job for the CI system that it uses, and a baseline of what\n" +
        "is known today, so that from now on only new secrets count. Files that are there are not changed.",
    )
    .option("--dry-run", "say what would be done, and do nothing")
    .addHelpText("after", "\nExample:\n  $ leaksweep init --dry-run")
    .action(async (flags: InitFlags) => {
      const { init } = await import("../init.ts");
      await init(flags, io);
    });
}
