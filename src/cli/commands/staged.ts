import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep staged`: what the next commit would hold. */
export function stagedCommand(io: Io): Command {
  const command = new Command("staged")
    .summary("what the next commit would bring in")
    .description(
      "Judge the index of this folder's repository: what the next commit would bring in. What HEAD has already in the files that change does not stop a commit.",
    )
    .addHelpText("after", examples)
    .action(async (typed: Typed) => {
      const { judgeIndex } = await import("../staged.ts");
      await judgeIndex(typed, io);
    });
  return withFlags(command, common);
}

const examples = `
Examples:
  $ leaksweep staged
  $ leaksweep staged --verbose           with all that a scan says`;
