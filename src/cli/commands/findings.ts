/** `findings`, `report` and `serve`: what a store or a result file knows. */

import { Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../config/units.ts";
import { severities } from "../../levels.ts";
import type { Severity } from "../../terms.ts";
import { withFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { type SweepFlags, withSweepFlags } from "./sweep-options.ts";

/** What of a store is wanted, as typed. */
export interface FilterFlags extends SweepFlags {
  readonly sweep?: number;
  readonly provider?: string;
  readonly rule?: string;
  readonly repository?: string;
  readonly owner?: string;
  readonly status?: "present" | "removed" | "unreachable";
  readonly severity?: Severity;
  readonly verdict?: "new" | "known" | "allowed";
  readonly olderThan?: number;
  readonly newerThan?: number;
  readonly new?: boolean;
  readonly as?: "table" | "json" | "csv";
}

const age = (text: string): number => {
  const days = /^(\d+)d$/.exec(text)?.[1];
  const milliseconds = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  if (milliseconds === undefined) throw new InvalidArgumentError("Write an age such as 30d or 12h.");
  return milliseconds;
};

const number = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Write the number of a sweep.");
  return Number(text);
};

const filters = (): readonly Option[] => [
  new Option("--sweep <n>", "only repositories of this sweep").argParser(number),
  new Option("--provider <name>", "only secrets of this provider"),
  new Option("--rule <id>", "only what this rule found"),
  new Option("--repository <glob>", "only repositories with such an owner/name"),
  new Option("--owner <name>", "only what this organisation or person has"),
  new Option("--status <status>", "only present, removed or unreachable ones").choices([
    "present",
    "removed",
    "unreachable",
  ]),
  new Option("--severity <level>", "only critical, high, medium or low ones").choices(severities),
  new Option("--verdict <verdict>", "only new, known or allowed ones").choices(["new", "known", "allowed"]),
  new Option("--older-than <age>", "only those in the open for longer: 90d").argParser(age),
  new Option("--newer-than <age>", "only those that came since: 7d").argParser(age),
  new Option("--new", "only those that the last sweep was the first to see"),
];

function withFilters(command: Command): Command {
  for (const option of filters()) command.addOption(option.helpGroup("Which findings:"));
  return withSweepFlags(command, ["storing"]);
}

/** `leaksweep findings` */
export function findingsCommand(io: Io): Command {
  const command = new Command("findings")
    .summary("ask a store what was leaked, where, by whom, for how long")
    .description("List what sweeps found: a row for each secret in each repository.")
    .addOption(new Option("-f, --format <name>", "table (default), json or csv").choices(["table", "json", "csv"]))
    .addHelpText(
      "after",
      "\nExamples:\n  $ leaksweep findings --provider aws --status present\n  $ leaksweep findings --owner ann --older-than 90d -f csv -o ann.csv",
    )
    .action(async (typed: Omit<FilterFlags, "format"> & { readonly format?: "table" | "json" | "csv" }) => {
      const { format, ...rest } = typed;
      const { listFindings } = await import("../findings.ts");
      await listFindings({ ...rest, as: format ?? "table" }, io);
    });
  return withFlags(withFilters(command), ["minConfidence", "output"]);
}

/** `leaksweep report` */
export function reportCommand(io: Io): Command {
  const command = new Command("report")
    .summary("a report of a sweep or of a result file, in any format")
    .description(
      "Render what the last sweep (or --sweep N) found, or what a scan wrote with --format json or jsonl, in any format that a scan has.",
    )
    .argument("[file]", "a result: JSON or JSON lines")
    .option("--sweep <n>", "this sweep", number)
    .addHelpText(
      "after",
      "\nExamples:\n  $ leaksweep report -f html -o acme.html\n  $ leaksweep report result.json -f sarif -o result.sarif",
    )
    .action(async (file: string | undefined, typed: FilterFlags) => {
      const { printReport } = await import("../findings.ts");
      await printReport(file, typed, io);
    });
  withSweepFlags(command, ["storing"]);
  return withFlags(command, [
    "minConfidence",
    "failOn",
    "failExposure",
    "exitCode",
    "format",
    "output",
    "quiet",
    "verbose",
    "color",
  ]);
}

/** What `serve` may be told. */
export interface ServeFlags extends FilterFlags {
  readonly port?: number;
}

/** `leaksweep serve` */
export function serveCommand(io: Io): Command {
  const command = new Command("serve")
    .summary("browse a sweep or a result file on this machine")
    .description(
      "Show the HTML report of the last sweep (or --sweep N), or of a result file, on this machine alone, made anew whenever the page is loaded. The address holds a key: who does not know it sees nothing.",
    )
    .argument("[file]", "a result: JSON or JSON lines")
    .option("--sweep <n>", "this sweep", number)
    .addOption(new Option("--port <n>", "listen here (a free port unless given)").argParser(portNumber))
    .addHelpText("after", "\nExamples:\n  $ leaksweep serve\n  $ leaksweep serve result.json --port 8080")
    .action(async (file: string | undefined, typed: ServeFlags) => {
      const { serveReport } = await import("../serve.ts");
      await serveReport(file, typed, io);
    });
  withSweepFlags(command, ["storing"]);
  return withFlags(command, ["minConfidence"]);
}

function portNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("Write a number up to 65535.");
  return Number(text);
}
