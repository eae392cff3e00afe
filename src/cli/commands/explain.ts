import { Command } from "commander";
import { type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** What `explain` may be told. */
export interface ExplainFlags extends Typed {
  /** `true`: the text comes through a pipe. */
  readonly text?: string | true;
  readonly from?: string;
}

/** `leaksweep explain`: the reasons of a finding, or why a text gave none. */
export function explainCommand(io: Io): Command {
  const command = new Command("explain")
    .summary("why something was flagged, or was not")
    .description(
      "Show the reasons that a finding's score is the sum of; or, for a text, what was found in it, which rule came nearest, and what dropped it.",
    )
    .argument("[fingerprint]", "of a finding, as reports print it: ls1:… or lx1:…")
    .argument("[target]", "what to scan for it: a repository or a folder (this one unless given)")
    .option("--from <file>", "look it up in a result (--format json or jsonl) instead of scanning")
    .option("--text [text]", "explain this text; without a text: what comes through a pipe")
    .addHelpText("after", examples)
    .action(async (fingerprint: string | undefined, target: string | undefined, typed: ExplainFlags) => {
      const { explain } = await import("../explain.ts");
      await explain({ fingerprint, target }, typed, io);
    });
  return withFlags(command, ["path", "config", "rules", "enable", "disable", "redact"]);
}

const examples = `
Examples:
  $ leaksweep explain ls1:f3ktu55wyfhhg3dtquvklkbx
  $ leaksweep explain ls1:f3ktu55wyfhhg3dtquvklkbx --from result.json
  $ leaksweep explain --path .env --text < .env`;
