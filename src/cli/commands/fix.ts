import { Command } from "commander";
import { type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** What `fix` may be told. */
export interface FixFlags extends Omit<Typed, "format"> {
  readonly format?: "text" | "json";
  /** A result of an earlier scan. */
  readonly from?: string;
  /** Where to write what `git filter-repo` is to replace. */
  readonly replacements?: string;
}

/** `leaksweep fix`: what is left to do about a secret, and the proof when it is done. */
export function fixCommand(io: Io): Command {
  const command = new Command("fix")
    .summary("what to do about a secret, and the proof that it was done")
    .description(
      "Scan, and tell step by step what is left to do about each new finding, or about one. Nothing is changed. Exit code 0 once nothing is left in what was scanned, 1 before.",
    )
    .argument("[fingerprint]", "of a finding, as reports print it: ls1:… or lx1:… (all new ones unless given)")
    .argument("[target]", "repository, folder or URL (this folder unless given)")
    .option("--from <file>", "the findings of this result (--format json or jsonl), held against what is there now")
    .option("--replacements <file>", "write the secrets to a new file for git filter-repo --replace-text (mode 0600)")
    .option("-f, --format <name>", "text or json", "text")
    .addHelpText("after", examples)
    .action(async (first: string | undefined, second: string | undefined, typed: FixFlags) => {
      const { fix } = await import("../fix.ts");
      await fix({ first, second }, typed, io);
    });
  return withFlags(command, [
    "config",
    "rules",
    "baseline",
    "redact",
    "ignored",
    "allowShallow",
    "allowPartial",
    "jobs",
    "timeout",
    "quiet",
    "verbose",
    "progress",
    "color",
  ]);
}

const examples = `
Examples:
  $ leaksweep fix                                  what is left to do here
  $ leaksweep fix ls1:f3ktu55wyfhhg3dtquvklkbx
  $ leaksweep fix --replacements ../secrets.txt    then git filter-repo
  $ leaksweep fix --from before.json https://git.example.org/app.git`;
