import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep staged`: what the next commit would hold. */
export function stagedCommand(io: Io): Command {
  const command = new Command("staged")
    .summary("what the next commit would bring in")
    .description("Scan the index of this folder's repository: what the next commit would bring in.")
    .addHelpText("after", examples)
    .action(async (typed: Typed) => {
      const { run } = await import("../run.ts");
      await run({ command: "staged", paths: [] }, typed, io);
    });
  return withFlags(command, common);
}

const examples = `
Examples:
  $ leaksweep staged
  $ leaksweep staged --quiet             in a pre-commit hook`;
