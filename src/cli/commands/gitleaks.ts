import { Command } from "commander";
import type { Io } from "../io.ts";

/** Flags of gitleaks as commander hands them over; numbers are still text. */
export interface GitleaksFlags {
  readonly config?: string;
  readonly defaultConfig?: string;
  readonly exitCode: string;
  readonly reportPath?: string;
  readonly reportFormat?: string;
  readonly reportTemplate?: string;
  readonly baselinePath?: string;
  readonly gitleaksIgnorePath: string;
  readonly ignoreGitleaksAllow?: boolean;
  readonly enableRule?: readonly string[];
  readonly redact?: string;
  readonly verbose?: boolean;
  readonly maxTargetMegabytes?: string;
  readonly maxArchiveDepth?: string;
  readonly maxDecodeDepth?: string;
  readonly timeout?: string;
  readonly logLevel: string;
  readonly allowShallow?: boolean;
  readonly logOpts?: string;
  readonly platform?: string;
  readonly staged?: boolean;
  readonly preCommit?: boolean;
  readonly source?: string;
  /** False where `--no-git` is given. */
  readonly git?: boolean;
  readonly pipe?: boolean;
  readonly followSymlinks?: boolean;
}

/** What one of its commands reads. */
export type GitleaksMode = "git" | "dir" | "stdin" | "detect" | "protect";

/** `leaksweep gitleaks …`: the command line, files and reports of gitleaks. */
export function gitleaksCommand(io: Io): Command {
  const command = new Command("gitleaks")
    .summary("stand in for gitleaks: its flags, config and reports")
    .description(
      "Take the place of gitleaks 8: its flags, its config, ignore and baseline files, its reports, a row for each place.",
    )
    .helpCommand(false)
    .addHelpText("after", examples)
    .addCommand(withGitFlags(modeCommand("git", "what commits add", io)).argument("[repo]"))
    .addCommand(
      withLinks(modeCommand("dir", "files", io))
        .aliases(["file", "directory"])
        .argument("[path]"),
    )
    .addCommand(modeCommand("stdin", "what comes through a pipe", io))
    .addCommand(withDetectFlags(modeCommand("detect", "as `git`, or `dir` with --no-git", io)), { hidden: true })
    .addCommand(
      withGitFlags(modeCommand("protect", "as `git --pre-commit`", io)).option("-s, --source <path>", "", "."),
      {
        hidden: true,
      },
    );
  return command;
}

function modeCommand(mode: GitleaksMode, summary: string, io: Io): Command {
  return new Command(mode)
    .summary(summary)
    .option("-c, --config <file>", "config; else GITLEAKS_CONFIG, GITLEAKS_CONFIG_TOML, .gitleaks.toml in the target")
    .option("--default-config <file>", "a copy of the config that comes with gitleaks, for exactly its rules")
    .option("--exit-code <n>", "exit code when leaks are found", "1")
    .option("-r, --report-path <file>", "report file; - for standard output")
    .option("-f, --report-format <name>", "json, csv, junit or sarif; told by the report file's name otherwise")
    .option("--report-template <file>", "not supported")
    .option("-b, --baseline-path <file>", "an old JSON report, whose findings are left out")
    .option("-i, --gitleaks-ignore-path <path>", ".gitleaksignore, or a folder with one", ".")
    .option("--ignore-gitleaks-allow", "report lines with gitleaks:allow, too")
    .option("--enable-rule <id>", "only these rules (repeatable)", collect)
    .option("--redact [percent]", "without the secrets, or without that share of each")
    .option("-v, --verbose", "print each finding")
    .option("-l, --log-level <level>", "error and above: say nothing but errors", "info")
    .option("--max-target-megabytes <n>", "leave out larger files")
    .option("--max-decode-depth <n>", "how often a text may be encoded")
    .option("--max-archive-depth <n>", "how many archives deep files are looked for (none unless given)")
    .option("--timeout <seconds>", "stop after that time; the run is then incomplete")
    .option("--allow-shallow", "a shallow history counts as complete")
    .option("--no-color", "taken, and without effect")
    .option("--no-banner", "taken, and without effect")
    .option("--diagnostics <modes>", "taken, and without effect")
    .option("--diagnostics-dir <folder>", "taken, and without effect")
    .action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const { runGitleaks } = await import("../gitleaks.ts");
      await runGitleaks(mode, { path: command.args[0], flags: command.opts<GitleaksFlags>(), io });
    });
}

const collect = (text: string, earlier: readonly string[] = []): readonly string[] => [...earlier, ...text.split(",")];

const withGitFlags = (command: Command): Command =>
  command
    .option("--log-opts <options>", "options of git log, split at spaces")
    .option("--platform <name>", "github, gitlab, azuredevops, gitea, bitbucket or none, for links")
    .option("--staged", "what is staged")
    .option("--pre-commit", "what is changed and not staged");

const withLinks = (command: Command): Command => command.option("--follow-symlinks", "read files that links lead to");

const withDetectFlags = (command: Command): Command =>
  withLinks(withGitFlags(command))
    .option("-s, --source <path>", "what to scan", ".")
    .option("--no-git", "files, not history")
    .option("--pipe", "standard input");

const examples = `
Examples:
  $ leaksweep gitleaks git -f json -r gitleaks.json
  $ leaksweep gitleaks dir --config ci/gitleaks.toml src
  $ leaksweep gitleaks git --default-config gitleaks.toml --log-opts "origin/main..HEAD"`;
