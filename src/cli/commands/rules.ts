import { Command, Option } from "commander";
import { type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** What the flags of `rules list` may say. */
export interface ListFlags extends Pick<Typed, "rules"> {
  readonly json?: boolean;
  readonly provider?: string;
  readonly severity?: string;
}

/** `leaksweep rules …`: what is looked for. */
export function rulesCommand(io: Io): Command {
  return new Command("rules")
    .summary("list, show and check the rules")
    .description("Show what leaksweep looks for, and prove that rules find what they should.")
    .helpCommand(false)
    .addHelpText("after", example("leaksweep rules list aws"))
    .addCommand(listCommand(io))
    .addCommand(showCommand(io))
    .addCommand(checkCommand(io));
}

function listCommand(io: Io): Command {
  const command = new Command("list")
    .description("List rules, sorted by id.")
    .argument("[search]", "only rules with this text in id, name or provider")
    .option("--provider <name>", "only rules of this provider")
    .addOption(new Option("--severity <level>", "only critical, high, medium or low ones").choices(severities))
    .option("--json", "as a JSON array")
    .addHelpText("after", example("leaksweep rules list key --severity critical"))
    .action(async (search: string | undefined, typed: ListFlags) => {
      const { listRules } = await import("../rules.ts");
      await listRules(search, typed, io);
    });
  return withFlags(command, ["rules"]);
}

function showCommand(io: Io): Command {
  const command = new Command("show")
    .description("Show all that one rule says.")
    .argument("<id>", "id of the rule")
    .addHelpText("after", example("leaksweep rules show github.pat-classic"))
    .action(async (id: string, typed: Typed) => {
      const { showRule } = await import("../rules.ts");
      await showRule(id, typed, io);
    });
  return withFlags(command, ["rules"]);
}

function checkCommand(io: Io): Command {
  return new Command("check")
    .description(
      "Run the samples of rules through the whole detector, and prove that each pattern needs linear time at most.",
    )
    .argument("[paths...]", "rule files, or folders of them; without any: the built-in rules")
    .addHelpText("after", example("leaksweep rules check ci/rules"))
    .action(async (paths: readonly string[]) => {
      const { checkRules } = await import("../rules.ts");
      await checkRules(paths, io);
    });
}

const severities = ["critical", "high", "medium", "low"] as const;

const example = (line: string): string => `\nExample:\n  $ ${line}`;
