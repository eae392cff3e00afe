import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep dir <path…>`: files, whether git knows them or not. */
export function dirCommand(io: Io): Command {
  const command = new Command("dir")
    .summary("files and folders, without any history")
    .description("Scan files and folders as they lie on the disk, whether git knows them or not.")
    .argument("<path...>", "files and folders")
    .addHelpText("after", examples)
    .action(async (paths: string[], typed: Typed) => {
      const { run } = await import("../run.ts");
      await run({ command: "dir", paths }, typed, io);
    });
  return withFlags(command, [...common, "jobs"]);
}

const examples = `
Examples:
  $ leaksweep dir build/
  $ leaksweep dir .env ~/.config --min-confidence low`;
