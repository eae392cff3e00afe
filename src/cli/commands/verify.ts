import { Command, Option } from "commander";
import { common, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** Flags of `verify` beside those of `scan`. */
export interface VerifyFlags extends Typed {
  readonly send?: boolean;
  readonly only?: readonly string[];
  readonly store?: string;
}

const several = (text: string, earlier: readonly string[] | undefined): readonly string[] => [...(earlier ?? []), text];

/** `leaksweep verify [target]`: which of the secrets still work. */
export function verifyCommand(io: Io): Command {
  const command = new Command("verify")
    .summary("which secrets still work; asks nobody without --send")
    .description(
      "Scan as `scan` does, and show which providers would be asked whether the secrets still work, and how. Nothing is sent before you say --send; then each provider is asked about its own secrets, and the result says which are live.",
    )
    .argument("[target]", "repository, folder or URL", ".")
    .addOption(
      new Option("--send", "ask: send each secret to its provider, once, in a request that changes nothing").helpGroup(
        asking,
      ),
    )
    .addOption(
      new Option("--only <host|provider>", "ask nobody else (repeatable)").argParser(several).helpGroup(asking),
    )
    .addOption(new Option("--store <where>").hideHelp())
    .addHelpText("after", examples)
    .action(async (target: string, typed: VerifyFlags) => {
      const { verify } = await import("../verify.ts");
      await verify(target, typed, io);
    });
  return withFlags(command, [
    ...common.filter((name) => name !== "failOn" && name !== "failExposure"),
    "ignored",
    "allowShallow",
    "allowPartial",
    "verifyObjects",
    "fullBlobs",
    "jobs",
    "trustTarget",
  ]);
}

const asking = "Whom to ask:";

const examples = `
Examples:
  $ leaksweep verify                             show who would be asked about what
  $ leaksweep verify --send --only github        ask GitHub, and nobody else
  $ leaksweep verify ../app --send -f json -o live.json

Exit codes:
  0  nothing was asked, or nothing that was asked about is live
  1  at least one secret is live
  3  something could not be read, or a question was not answered, and nothing is live in the rest`;
