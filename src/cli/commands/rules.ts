import { Command, Option } from "commander";
import { severities } from "../../levels.ts";
import { type Typed, withFlags } from "../flags.ts";
import type { Io } from "../io.ts";

/** What the flags of `rules list` may say. */
export interface ListFlags extends Pick<Typed, "rules"> {
  readonly json?: boolean;
  readonly provider?: string;
  readonly severity?: string;
  readonly format?: string;
  /** False leaves out the rows. */
  readonly context?: boolean;
}

/** What the flags of `rules new` may say. */
export interface DraftFlags {
  readonly id?: string;
  readonly shape?: string;
  readonly name?: string;
  readonly severity?: string;
  readonly beside?: string;
  readonly output?: string;
}

/** `leaksweep rules …`: what is looked for. */
export function rulesCommand(io: Io): Command {
  return new Command("rules")
    .summary("list, show, check and write rules")
    .description("Show what leaksweep looks for, and prove that rules find what they should.")
    .helpCommand(false)
    .addHelpText("after", example("leaksweep rules list aws"))
    .addCommand(listCommand(io))
    .addCommand(showCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(newCommand(io));
}

function listCommand(io: Io): Command {
  const command = new Command("list")
    .description("List rules, sorted by id.")
    .argument("[search]", "only rules with this text in id, name or provider")
    .option("--provider <name>", "only rules of this provider")
    .addOption(new Option("--severity <level>", "only critical, high, medium or low ones").choices(severities))
    .option("--no-context", "without the rows for providers whose keys have no form of their own")
    .addOption(new Option("-f, --format <name>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(new Option("--json", "the same as --format json").hideHelp())
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

function newCommand(io: Io): Command {
  return new Command("new")
    .description(
      "Write a rule and its samples from a token's shape, and prove it. What no flag says is asked on a terminal.",
    )
    .argument("[id]", "id of the rule: provider.kind, or only the provider where its keys have no form of their own")
    .option(
      "--shape <text>",
      "what a token looks like: '\"acme_\" 32 alnum'; alphabets are hex, alnum, lower, upper, base64, base64url …",
    )
    .option("--name <text>", 'what people call it: "Acme API token"')
    .addOption(new Option("--severity <level>", "what it opens").choices(severities))
    .option("--beside <names>", "names beside a token without a form of its own, separated by commas")
    .option("-o, --output <file>", "rule file to write, or to add to")
    .addHelpText("after", example("leaksweep rules new acme.token --shape '\"acme_\" 32 alnum'"))
    .action(async (id: string | undefined, typed: DraftFlags) => {
      const { newRule } = await import("../new-rule.ts");
      await newRule({ ...typed, ...(id !== undefined && { id }) }, io);
    });
}

const example = (line: string): string => `\nExample:\n  $ ${line}`;
