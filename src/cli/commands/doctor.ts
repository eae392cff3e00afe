import { Command } from "commander";
import type { Io } from "../io.ts";

/** `leaksweep doctor`: what leaksweep would work with here. */
export function doctorCommand(io: Io): Command {
  return new Command("doctor")
    .summary("what leaksweep would work with here, and what is amiss")
    .description("Look at versions, repository, hooks, config and baseline, and say what is amiss. Nothing is changed.")
    .addHelpText("after", "\nExample:\n  $ leaksweep doctor")
    .action(async () => {
      const { doctor } = await import("../doctor.ts");
      await doctor(io);
    });
}
