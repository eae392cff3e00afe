import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep git [repo]`: history alone. */
export function gitCommand(io: Io): Command {
  const command = new Command("git")
    .summary("the history of a repository, without its working tree")
    .description(
      "Scan the history of a repository: every object of every ref, reflog, stash, note and tag, and those that nothing reaches any more.",
    )
    .argument("[repo]", "repository, with or without a working tree", ".")
    .addHelpText("after", examples)
    .action(async (repo: string, typed: Typed) => {
      const { run } = await import("../run.ts");
      await run({ command: "git", paths: [repo] }, typed, io);
    });
  return withFlags(command, [
    ...common,
    "range",
    "since",
    "branch",
    "reachable",
    "allowShallow",
    "allowPartial",
    "verifyObjects",
    "fullBlobs",
    "cache",
    "noCache",
    "jobs",
  ]);
}

const examples = `
Examples:
  $ leaksweep git ../app.git
  $ leaksweep git --range origin/main..HEAD
  $ leaksweep git --since 2024-01-01 --branch 'release/*'`;
