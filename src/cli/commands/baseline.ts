import { Command } from "commander";
import { type FlagName, type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** `leaksweep baseline …`: the file of what is known and accepted. */
export function baselineCommand(io: Io): Command {
  return new Command("baseline")
    .summary("write down what is known, so that only new secrets count")
    .description("Keep .leaksweep-baseline, the list of secrets that are known and accepted.")
    .helpCommand(false)
    .addHelpText("after", example("leaksweep baseline create"))
    .addCommand(editCommand("create", "Scan, and write a baseline of everything that was found.", io))
    .addCommand(editCommand("update", "Scan, and add what is new. What has ended is not renewed.", io))
    .addCommand(editCommand("prune", "Scan, and take out what is met nowhere any more and what has ended.", io));
}

const flags: readonly FlagName[] = [
  ...(["baseline", "config", "rules", "enable", "disable", "maxFileSize", "timeout", "minConfidence"] as const),
  ...(["ignored", "allowShallow", "allowPartial", "progress"] as const),
];

function editCommand(verb: "create" | "update" | "prune", description: string, io: Io): Command {
  const command = new Command(verb)
    .description(description)
    .argument("[target]", "repository or folder", ".")
    .option("--owner <name>", "who answers for what is added (an address)")
    .option("--dry-run", "print what would change, and change nothing")
    .addHelpText("after", example(`leaksweep baseline ${verb}`))
    .action(async (target: string, typed: Typed & { readonly owner?: string; readonly dryRun?: boolean }) => {
      const { editBaseline } = await import("../baseline.ts");
      await editBaseline(verb, { target, typed, io });
    });
  return withFlags(command, flags);
}

const example = (line: string): string => `\nExample:\n  $ ${line}`;
