import { Command } from "commander";
import { type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** What `import` may be told. */
export interface ImportFlags extends Pick<Typed, "baseline" | "verbose"> {
  readonly target: string;
  readonly owner?: string;
  readonly dryRun?: boolean;
}

/** `leaksweep import <file>`: turns another scanner's file into ours. */
export function importCommand(io: Io): Command {
  const command = new Command("import")
    .summary("turn another scanner's file into ours")
    .description(
      "Bring over a file of another scanner: a config of gitleaks or betterleaks, an ignore file, an old report, a baseline of detect-secrets. Rules become a rule file, accepted findings lines of .leaksweep-baseline; what has no form here is named.",
    )
    .argument("<file>", "the file")
    .option("--target <path>", "the repository or folder that it speaks of", ".")
    .option("--owner <name>", "who answers for what is accepted (an address)")
    .option("--dry-run", "print what would be written, and write nothing")
    .addHelpText("after", examples)
    .action(async (file: string, typed: ImportFlags) => {
      const { importFile } = await import("../import.ts");
      await importFile(file, typed, io);
    });
  return withFlags(command, ["baseline", "verbose"]);
}

const examples = `
Examples:
  $ leaksweep import .gitleaks.toml
  $ leaksweep import .secrets.baseline --dry-run`;
