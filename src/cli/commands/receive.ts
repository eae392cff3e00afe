import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep receive [<ref> <old> <new>]`: the body of a server's pre-receive or update hook. */
export function receiveCommand(io: Io): Command {
  const command = new Command("receive")
    .summary("what a server receives, as git's pre-receive or update hook")
    .description(
      "Judge what is being pushed to this repository, on the server. Git calls it as its pre-receive hook, with the refs on standard input, or as its update hook, with three arguments. Config and baseline are those of HEAD here. Without --timeout it takes 60 seconds at most and then refuses.",
    )
    .argument("[ref]", "full name of the ref, in an update hook")
    .argument("[old]", "what it is now")
    .argument("[new]", "what it is to become")
    .addHelpText("after", examples)
    .action(async (...[ref, old, next, typed]: [string?, string?, string?, Typed?]) => {
      const { judgeReceived } = await import("../receive.ts");
      await judgeReceived(
        [ref, old, next].filter((word) => word !== undefined),
        typed ?? {},
        io,
      );
    });
  return withFlags(command, [...common, "allowShallow", "trustTarget", "allowBypass"]);
}

const examples = `
Examples:
  $ leaksweep hook install pre-receive   in the bare repository on the server
  $ leaksweep receive --timeout 20s      in a pre-receive hook of your own
  $ leaksweep receive "$@"               in an update hook of your own`;
