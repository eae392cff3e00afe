import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep scan [target]`: the main job, and what `leaksweep` alone does. */
export function scanCommand(io: Io): Command {
  const command = new Command("scan")
    .summary("everything a repository ever leaked")
    .description(
      "Scan a repository (all of its history, index and working tree), a folder (its files) or a URL (cloned, scanned and removed).",
    )
    .argument("[target]", "repository, folder or URL", ".")
    .addHelpText("after", examples)
    .action(async (target: string, typed: Typed) => {
      const { run } = await import("../run.ts");
      await run({ command: "scan", paths: [target] }, typed, io);
    });
  return withFlags(command, [
    ...common,
    "ignored",
    "allowShallow",
    "allowPartial",
    "verifyObjects",
    "fullBlobs",
    "cache",
    "noCache",
    "jobs",
    "trustTarget",
  ]);
}

const examples = `
Examples:
  $ leaksweep                            this folder's repository
  $ leaksweep scan ../app -f json -o leaks.json
  $ leaksweep scan https://git.example.org/app.git`;
