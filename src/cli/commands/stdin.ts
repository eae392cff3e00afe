import { Command } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep stdin`: whatever comes through a pipe. */
export function stdinCommand(io: Io): Command {
  const command = new Command("stdin")
    .summary("what comes through a pipe")
    .description("Scan standard input. Rules that look at file names go by --path.")
    .addHelpText("after", examples)
    .action(async (typed: Typed) => {
      if (io.stdin.isTTY) io.note("leaksweep: reading from the terminal; ^D ends the input");
      const { run } = await import("../run.ts");
      const { path } = typed;
      await run(
        { command: "stdin", paths: [], stdin: { bytes: io.stdin, ...(path !== undefined && { path }) } },
        typed,
        io,
      );
    });
  return withFlags(command, [...common, "path"]);
}

const examples = `
Examples:
  $ docker logs app | leaksweep stdin
  $ leaksweep stdin --path deploy.env < deploy.env`;
