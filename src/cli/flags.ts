/**
 * Every flag, once: how it is typed, what help says of it, how its text is read and what it means for the plan. A
 * command only names the flags it takes. Flags without `set` say how to print, which the plan does not know.
 */

import { resolve } from "node:path";
import type { Command } from "commander";
import type { Settings } from "../config/plan.ts";
import { durationHint, parseDuration, parseSize, sizeHint } from "../config/units.ts";
import { confidences } from "../levels.ts";
import { type FormatName, formats } from "../report/reporter.ts";
import type { Confidence } from "../terms.ts";

type Group = "What to read:" | "What to look for:" | "What to report:" | "How to print:";

interface Flag<Value> {
  /** As commander wants it: `-f, --format <name>`. */
  readonly spec: string;
  readonly help: string;
  readonly group: Group;
  readonly choices?: readonly string[];
  /** From text to value; absent for switches and for choices, whose text is their value. */
  readonly read?: (text: string, earlier: Value | undefined) => Value;
  /** What the flag means for the plan. */
  readonly set?: (value: Value) => Settings;
}

/** A flag whose kind of value nobody needs to know. */
type AnyFlag = Omit<Flag<never>, "read"> & { readonly read?: (text: string, earlier: never) => unknown };

// Only tells the compiler what kind of value a flag has.
const flag = <Value>(flag: Flag<Value>): Flag<Value> => flag;

const several = (text: string, earlier: readonly string[] | undefined): readonly string[] => [...(earlier ?? []), text];

const files = (text: string, earlier: readonly string[] | undefined): readonly string[] =>
  several(resolve(text), earlier);

/** A report that is written beside the one that is printed. */
export interface FileReport {
  readonly format: FormatName;
  readonly file: string;
}

function fileReports(text: string, earlier: readonly FileReport[] | undefined): readonly FileReport[] {
  const [, name, file] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  const format = formats.find((format) => format === name);
  if (format === undefined || file === undefined) {
    throw new InvalidArgument(`Write FORMAT=FILE, with one of ${formats.join(", ")}.`);
  }
  return [...(earlier ?? []), { format, file }];
}

const reading = (parse: (text: string) => number | undefined, hint: string) => (text: string) => {
  const value = parse(text);
  if (value === undefined) throw new InvalidArgument(hint);
  return value;
};

/** What commander takes for a wrong value. Its own class would be all that hooks load commander for. */
class InvalidArgument extends Error {
  readonly code = "commander.invalidArgument";
  readonly exitCode = 1;
}

// 2, 3 and 129 to 143 have meanings of their own, and shells keep everything from 126 on for themselves.
const parseExitCode = (text: string): number | undefined => {
  const code = Number(text);
  return /^\d+$/.test(text) && code <= 125 && code !== 2 && code !== 3 ? code : undefined;
};

const parseCount = (text: string): number | undefined =>
  /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 64 ? Number(text) : undefined;

/** All flags by the name under which commander hands over their value. */
export const flags = {
  ignored: flag<boolean>({
    spec: "--ignored",
    help: "read files that git ignores, too",
    group: "What to read:",
    set: (ignored) => ({ ignored }),
  }),
  range: flag<string>({
    spec: "--range <A..B>",
    help: "only what commits in this range bring in",
    group: "What to read:",
    set: (range) => ({ range }),
  }),
  since: flag<string>({
    spec: "--since <rev|date>",
    help: "only commits after this revision or date",
    group: "What to read:",
    set: (since) => ({ since }),
  }),
  branch: flag<string>({
    spec: "--branch <glob>",
    help: "only branches with such a name",
    group: "What to read:",
    set: (branch) => ({ branch }),
  }),
  base: flag<string>({ spec: "--base <rev>", help: "what was there before", group: "What to read:" }),
  head: flag<string>({ spec: "--head <rev>", help: "the commit to judge (HEAD unless given)", group: "What to read:" }),
  fetch: flag<boolean>({
    spec: "--fetch",
    help: "fetch what the checkout lacks, with the credentials of its remote",
    group: "What to read:",
  }),
  reachable: flag<boolean>({
    spec: "--reachable",
    help: "leave out objects that no ref or reflog reaches",
    group: "What to read:",
    set: (reachable) => ({ reachable }),
  }),
  path: flag<string>({ spec: "--path <name>", help: "file name to report and to judge by", group: "What to read:" }),
  maxFileSize: flag<number>({
    spec: "--max-file-size <size>",
    help: "leave out what is larger: 10MB, 1GiB (no limit unless given)",
    group: "What to read:",
    read: reading(parseSize, sizeHint),
    set: (maxFileSize) => ({ maxFileSize }),
  }),
  maxDecodeDepth: flag<number>({
    spec: "--max-decode-depth <number>",
    help: "how often a text may be encoded for a secret to be seen in it, 0 to 9 (default: 3)",
    group: "What to read:",
    read: reading((text) => (/^\d$/.test(text) ? Number(text) : undefined), "Write a number from 0 to 9."),
    set: (maxDecodeDepth) => ({ maxDecodeDepth }),
  }),
  maxArchiveDepth: flag<number>({
    spec: "--max-archive-depth <number>",
    help: "how many archives deep files are looked for, 0 to 9; 0 opens none (default: 5)",
    group: "What to read:",
    read: reading((text) => (/^\d$/.test(text) ? Number(text) : undefined), "Write a number from 0 to 9."),
    set: (maxArchiveDepth) => ({ maxArchiveDepth }),
  }),
  timeout: flag<number>({
    spec: "--timeout <duration>",
    help: "stop after 30s, 5m or 1h30m; the run is then incomplete",
    group: "What to read:",
    read: reading(parseDuration, durationHint),
    set: (timeoutMs) => ({ timeoutMs }),
  }),
  allowShallow: flag<boolean>({
    spec: "--allow-shallow",
    help: "a shallow history counts as complete",
    group: "What to read:",
    set: (allowShallow) => ({ allowShallow }),
  }),
  allowPartial: flag<boolean>({
    spec: "--allow-partial",
    help: "objects that a partial clone left out count as read",
    group: "What to read:",
    set: (allowPartial) => ({ allowPartial }),
  }),
  verifyObjects: flag<boolean>({
    spec: "--verify-objects",
    help: "hold every object of history against its id",
    group: "What to read:",
    set: (verifyObjects) => ({ verifyObjects }),
  }),
  fullBlobs: flag<boolean>({
    spec: "--full-blobs",
    help: "look at every blob whole, not at what changed since its delta base (finds the same, slowly)",
    group: "What to read:",
    set: (fullBlobs) => ({ fullBlobs }),
  }),
  jobs: flag<number>({
    spec: "--jobs <n>",
    help: "threads at most (as many as there are cores unless given)",
    group: "What to read:",
    read: reading(parseCount, "Give a whole number from 1 to 64."),
    set: (jobs) => ({ jobs }),
  }),
  cache: flag<string | false>({
    spec: "--cache <folder>",
    help: "where to remember results of repositories that have not changed (the user's cache folder unless given)",
    group: "What to read:",
    read: (text) => resolve(text),
  }),
  noCache: flag<boolean>({ spec: "--no-cache", help: "read everything, and remember nothing", group: "What to read:" }),
  config: flag<string>({
    spec: "--config <file>",
    help: "config file (leaksweep.yml at or above the target unless given)",
    group: "What to look for:",
  }),
  rules: flag<readonly string[]>({
    spec: "--rules <path>",
    help: "add a rule file or a folder of them (repeatable)",
    group: "What to look for:",
    read: files,
    set: (rules) => ({ rules }),
  }),
  enable: flag<readonly string[]>({
    spec: "--enable <id-glob>",
    help: "only these rules (repeatable)",
    group: "What to look for:",
    read: several,
    set: (enable) => ({ enable }),
  }),
  disable: flag<readonly string[]>({
    spec: "--disable <id-glob>",
    help: "not these rules (repeatable)",
    group: "What to look for:",
    read: several,
    set: (disable) => ({ disable }),
  }),
  baseline: flag<string>({
    spec: "--baseline <file>",
    help: "secrets that are known and accepted (.leaksweep-baseline at or above the target unless given)",
    group: "What to report:",
  }),
  foreign: flag<boolean>({
    spec: "--no-foreign",
    help: "do not read files of other scanners: .gitleaks.toml, .gitleaksignore, .secrets.baseline and the like",
    group: "What to look for:",
    set: (foreignFiles) => (foreignFiles ? {} : { foreignFiles }),
  }),
  trustTarget: flag<boolean>({
    spec: "--trust-target",
    help: "obey leaksweep:allow comments of a URL, too; a config file in it is never read",
    group: "What to look for:",
    set: (trustTarget) => ({ trustTarget }),
  }),
  allowBypass: flag<boolean>({
    spec: "--allow-bypass",
    help: "let past who pushes with -o leaksweep.bypass=WHY, and log it",
    group: "What to look for:",
    set: (allowBypass) => ({ allowBypass }),
  }),
  minConfidence: flag<Confidence>({
    spec: "--min-confidence <level>",
    help: "show findings from low, medium (default) or high on",
    group: "What to report:",
    choices: confidences,
    set: (minConfidence) => ({ minConfidence }),
  }),
  failOn: flag<Confidence>({
    spec: "--fail-on <level>",
    help: "exit with 1 for new ones from low, medium (default) or high on",
    group: "What to report:",
    choices: confidences,
    set: (failOn) => ({ failOn }),
  }),
  failExposure: flag<boolean>({
    spec: "--fail-exposure",
    help: "exit with 1 for exposures, too",
    group: "What to report:",
    set: (failExposure) => ({ failExposure }),
  }),
  exitCode: flag<number>({
    spec: "--exit-code <n>",
    help: "exit with n instead of 1; 0: report only",
    group: "What to report:",
    read: reading(parseExitCode, "Write a number from 0 to 125; 2 and 3 mean something else."),
    set: (exitCode) => ({ exitCode }),
  }),
  redact: flag<boolean>({ spec: "--no-redact", help: "show secrets in full", group: "What to report:" }),
  format: flag<FormatName>({
    spec: "-f, --format <name>",
    help: `${formats[0]} (default), ${formats.slice(1).join(", ")}`,
    group: "How to print:",
    choices: formats,
  }),
  output: flag<string>({
    spec: "-o, --output <file>",
    help: "write the report there, whole or not at all",
    group: "How to print:",
  }),
  report: flag<readonly FileReport[]>({
    spec: "--report <format=file>",
    help: "write another report, too (repeatable)",
    group: "How to print:",
    read: fileReports,
  }),
  quiet: flag<boolean>({ spec: "-q, --quiet", help: "print findings only", group: "How to print:" }),
  verbose: flag<boolean>({ spec: "-v, --verbose", help: "print more about each finding", group: "How to print:" }),
  progress: flag<boolean>({ spec: "--no-progress", help: "no status line", group: "How to print:" }),
  color: flag<boolean>({
    spec: "--no-color",
    help: "no colour (as NO_COLOR in the environment)",
    group: "How to print:",
  }),
};

/** Name of a flag. */
export type FlagName = keyof typeof flags;

/** Flags as typed, each read. */
export type Typed = { readonly [Name in FlagName]?: (typeof flags)[Name] extends Flag<infer Value> ? Value : never };

/** Flags that every command which scans takes. */
export const common: readonly FlagName[] = [
  "maxFileSize",
  "maxDecodeDepth",
  "maxArchiveDepth",
  "timeout",
  "config",
  "rules",
  "enable",
  "disable",
  "baseline",
  "foreign",
  "minConfidence",
  "failOn",
  "failExposure",
  "exitCode",
  "redact",
  "format",
  "output",
  "quiet",
  "verbose",
  "progress",
  "color",
];

/** Adds flags to a command, in the order of the table, whatever the order of `names`. */
export function withFlags(command: Command, names: readonly FlagName[]): Command {
  for (const [name, { spec, help, group, choices, read }] of Object.entries<AnyFlag>(flags)) {
    if (!names.includes(name as FlagName)) continue;
    const option = command.createOption(spec, help).helpGroup(group);
    if (choices !== undefined) option.choices(choices);
    if (read !== undefined) option.argParser(read as (text: string, earlier: unknown) => unknown);
    command.addOption(option);
  }
  return command;
}

/** What the flags that somebody typed mean for the plan. */
export function settingsFrom(typed: Typed): Settings {
  const said = Object.entries<AnyFlag>(flags).map(([name, { set }]) => {
    const value = typed[name as FlagName];
    return value === undefined ? {} : set?.(value as never);
  });
  return Object.assign({}, ...said);
}
