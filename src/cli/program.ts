/** The commands of leaksweep, and what happens to whatever goes wrong in one of them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { nearest } from "../bytes/nearest.ts";
import { LeaksweepError } from "../errors.ts";
import { allowCommand } from "./commands/allow.ts";
import { baselineCommand } from "./commands/baseline.ts";
import { ciCommand } from "./commands/ci.ts";
import { completionsCommand } from "./commands/completions.ts";
import { dirCommand } from "./commands/dir.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { findingsCommand, reportCommand, serveCommand } from "./commands/findings.ts";
import { fixCommand } from "./commands/fix.ts";
import { gitCommand } from "./commands/git.ts";
import { gitleaksCommand } from "./commands/gitleaks.ts";
import { hookCommand } from "./commands/hook.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { pushCommand } from "./commands/push.ts";
import { receiveCommand } from "./commands/receive.ts";
import { rulesCommand } from "./commands/rules.ts";
import { scanCommand } from "./commands/scan.ts";
import { stagedCommand } from "./commands/staged.ts";
import { stdinCommand } from "./commands/stdin.ts";
import { orgCommand, reposCommand, sweepCommand, userCommand, workerCommand } from "./commands/sweep.ts";
import { verifyCommand } from "./commands/verify.ts";
import { failure } from "./failure.ts";
import type { Io } from "./io.ts";
import { version } from "./version.ts";

/** Runs what the command line says and sets the exit code. Never throws: what goes wrong is printed here. */
export async function main(io: Io): Promise<void> {
  try {
    const program = commands(io);
    expectCommand(program, io);
    await program.parseAsync(await typed(io), { from: "user" });
  } catch (error) {
    const code = codeOf(error, io);
    io.exitWith(io.args[0] === "gitleaks" ? gitleaksCode(error, code) : code);
  }
}

/** What was typed, as commander reads it. */
async function typed({ args }: Io): Promise<readonly string[]> {
  const [first, ...rest] = args;
  if (first !== "gitleaks") return args;
  const { plainArguments } = await import("../gitleaks/args.ts");
  return [first, ...plainArguments(rest)];
}

/** The code for what went wrong; commander has printed its message, help or version already. */
const codeOf = (error: unknown, io: Io): number =>
  error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : failure(error, io);

/** In the compatibility mode 1 stands for errors, too, but for flags that nobody knows. */
const gitleaksCode = (error: unknown, code: number): number => {
  if (error instanceof CommanderError && error.code === "commander.unknownOption") return 126;
  return code === 2 ? 1 : code;
};

function commands(io: Io): Command {
  const program = new Command("leaksweep")
    .description("Finds every secret a repository ever leaked.")
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "print help for a command")
    .addHelpText("after", guide)
    .addCommand(scanCommand(io), { isDefault: true });
  for (const command of [
    gitCommand,
    dirCommand,
    stdinCommand,
    stagedCommand,
    pushCommand,
    receiveCommand,
    hookCommand,
    initCommand,
    doctorCommand,
    completionsCommand,
    ciCommand,
    rulesCommand,
    verifyCommand,
    explainCommand,
    fixCommand,
    baselineCommand,
    gitleaksCommand,
    importCommand,
    allowCommand,
    orgCommand,
    userCommand,
    reposCommand,
    workerCommand,
    sweepCommand,
    findingsCommand,
    reportCommand,
    serveCommand,
  ]) {
    program.addCommand(command(io));
  }
  return settled(program);
}

const guide = `
Examples:
  $ leaksweep                            scan this folder's repository
  $ leaksweep scan --help                all flags of the main job

Exit codes:
  0  everything was read, and nothing new was found
  1  new findings
  2  wrong use or config, or the report could not be delivered
  3  something could not be read, and nothing new was found in the rest`;

/** Makes a command and all below it throw instead of exiting, and speak as the rest of leaksweep does. */
function settled(command: Command, name = command.name()): Command {
  command
    .exitOverride()
    .helpOption("-h, --help", "print help")
    // The table of flags says in words which choices there are and which is the default.
    .configureHelp({ optionDescription: ({ description }) => description })
    .showHelpAfterError(`  See "${name} --help".`)
    .configureOutput({ outputError: (text, write) => write(asOurs(text)) });
  for (const below of command.commands) settled(below, `${name} ${below.name()}`);
  return command;
}

/** A message of commander in the form of ours: who speaks, what is wrong, and below it the fix. */
const asOurs = (text: string): string =>
  text
    .replace(/^error: /, "leaksweep: ")
    .replace(/ is invalid\. (.+)/, " is invalid\n  $1")
    .replace(/^\((.*)\)$/m, "  $1");

/** A mistyped command would be taken for a target of `scan`; say what was meant instead. */
function expectCommand(program: Command, { args, cwd }: Io): void {
  const [first = "-"] = args;
  const names = [...program.commands.map((command) => command.name()), "help"];
  if (first.startsWith("-") || names.includes(first) || existsSync(resolve(cwd, first))) return;
  const meant = nearest(first, names);
  if (meant === undefined) return;
  throw new LeaksweepError("usage.invalid", `There is no command "${first}", and no such file`, {
    hint: `Did you mean "leaksweep ${meant}"?`,
  });
}
