import { Command } from "commander";
import { type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** What `allow` may be told. */
export interface AllowFlags extends Pick<Typed, "baseline"> {
  readonly reason: string;
  readonly until?: string;
  readonly owner?: string;
  readonly rule?: string;
}

/** `leaksweep allow <fingerprint…>`: accept secrets, with a reason. */
export function allowCommand(io: Io): Command {
  const command = new Command("allow")
    .summary("accept a secret, with a reason")
    .description("Accept secrets by their fingerprint: a line each in .leaksweep-baseline, wherever the secret lies.")
    .argument("<fingerprint...>", "as reports print it: ls1:… or lx1:…")
    .requiredOption("--reason <text>", "why, for whoever reads this next")
    .option("--until <date>", "last day (YYYY-MM-DD) on which it is accepted; without it: for good")
    .option("--owner <name>", "who answers for it (the author of your commits unless given)")
    .option("--rule <id>", "rule that found it, for readers of the file")
    .addHelpText("after", examples)
    .action(async (fingerprints: readonly string[], typed: AllowFlags) => {
      const { allow } = await import("../baseline.ts");
      await allow(fingerprints, typed, io);
    });
  return withFlags(command, ["baseline"]);
}

const examples = `
Examples:
  $ leaksweep allow ls1:f3ktu55wyfhhg3dtquvklkbx --reason "revoked in March"
  $ leaksweep allow ls1:f3ktu55wyfhhg3dtquvklkbx --reason "rotates with release 5" --until 2027-01-31`;
