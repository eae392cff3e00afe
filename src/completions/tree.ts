/** The command line as shells need it to complete words: taken from commander's own tree, so that it never lags. */
import type { Command, Option } from "commander";

/** What may follow a flag or stand as an argument. */
export type Values =
  | { readonly kind: "none" }
  | { readonly kind: "any" }
  | { readonly kind: "files" }
  | { readonly kind: "choices"; readonly choices: readonly string[] };

export interface CompletedFlag {
  /** `--format`, and `-f` where it has a short form; the long form first. */
  readonly names: readonly string[];
  readonly help: string;
  readonly values: Values;
}

export interface CompletedCommand {
  /** All words that lead to it, with single spaces: `leaksweep rules list`. */
  readonly path: string;
  readonly name: string;
  readonly help: string;
  readonly flags: readonly CompletedFlag[];
  readonly values: Values;
  readonly commands: readonly CompletedCommand[];
}

/** The tree of a commander command. The default command lends its flags and arguments to the command above it. */
export function treeOf(command: Command, above = ""): CompletedCommand {
  const path = `${above} ${command.name()}`.trim();
  const help = command.createHelp();
  const commands = help.visibleCommands(command).map((below) => treeOf(below, path));
  const fallback = commands.find(({ name }) => above === "" && name === "scan");
  const flags = help.visibleOptions(command).map(flagOf);
  return {
    path,
    name: command.name(),
    help: firstLine(command.summary() || command.description()),
    flags: merged([...flags, ...(fallback?.flags ?? [])]),
    values: fallback?.values ?? argumentsOf(command),
    commands,
  };
}

/** A command and all below it, each before those below it. */
export function* everyCommand(tree: CompletedCommand): Generator<CompletedCommand> {
  yield tree;
  for (const command of tree.commands) yield* everyCommand(command);
}

function flagOf(option: Option): CompletedFlag {
  const names = [option.long, option.short].filter((name) => typeof name === "string");
  return { names, help: firstLine(option.description), values: valuesOf(option) };
}

function valuesOf({ argChoices, required, optional, flags }: Option): Values {
  if (argChoices) return { kind: "choices", choices: argChoices };
  if (!required && !optional) return { kind: "none" };
  return namesFiles.test(flags) ? { kind: "files" } : { kind: "any" };
}

function argumentsOf({ registeredArguments }: Command): Values {
  const [first] = registeredArguments;
  if (!first) return { kind: "none" };
  if (first.argChoices) return { kind: "choices", choices: first.argChoices };
  return registeredArguments.some((argument) => namesFiles.test(`<${argument.name()}>`))
    ? { kind: "files" }
    : { kind: "any" };
}

/** What placeholders call a file or folder: `<file>`, `[target]`. */
const namesFiles = /[<[](?:[a-z-]*(?:file|path|folder|dir|store)|target|repo|source)s?(?:\.\.\.)?(?:\|[a-z]+)*[>\]]/i;

function merged(flags: readonly CompletedFlag[]): CompletedFlag[] {
  return [...new Map(flags.toReversed().map((flag) => [flag.names[0], flag])).values()].toReversed();
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
