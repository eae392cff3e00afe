import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep push [remote] [url]`: the body of git's pre-push hook. */
export function pushCommand(io: Io): Command {
  const command = new Command("push")
    .summary("what a push would add to the remote, as git's pre-push hook")
    .description(
      "Judge what a push would add to a remote. Git calls it, as its pre-push hook, with the remote as arguments and the refs on standard input. What the remote has already does not stop a push.",
    )
    .argument("[remote]", "name of the remote, or its URL")
    .argument("[url]", "URL of the remote")
    .addHelpText("after", examples)
    .action(async (name: string | undefined, url: string | undefined, typed: Typed) => {
      const { judgePush } = await import("../push.ts");
      await judgePush(
        [name, url].filter((word) => word !== undefined),
        typed,
        io,
      );
    });
  return withFlags(command, [...common, "allowShallow"]);
}

const examples = `
Examples:
  $ leaksweep hook install               have git call it
  $ leaksweep push "$@"                  in a pre-push hook of your own`;
