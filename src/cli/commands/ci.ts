import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep ci`: the gate of a CI run. */
export function ciCommand(io: Io): Command {
  const command = new Command("ci")
    .summary("what a CI run adds: a push, a pull request, a tag")
    .description(
      "Judge what a CI run adds. The environment says what it runs for: GitHub Actions, GitLab CI, Azure Pipelines, Bitbucket, CircleCI, Jenkins, Buildkite, Drone, Travis CI, TeamCity. A pull request is judged by the config, baseline and allow entries of its target; a timer or a person gets all of history.",
    )
    .addHelpText("after", examples)
    .action(async (typed: Typed) => {
      const { judgeCi } = await import("../ci.ts");
      await judgeCi(typed, io);
    });
  return withFlags(command, [
    ...common,
    "base",
    "head",
    "fetch",
    "report",
    "trustTarget",
    "allowShallow",
    "allowPartial",
  ]);
}

const examples = `
Examples:
  $ leaksweep ci                         in a CI job, after the checkout
  $ leaksweep ci --fetch                 get what a shallow checkout left out
  $ leaksweep ci --report sarif=leaksweep.sarif
  $ leaksweep ci --base origin/main      anywhere`;
