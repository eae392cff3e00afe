/** Flags of the commands that sweep many repositories. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseSize, sizeHint } from "../../config/units.ts";
import type { Typed } from "../flags.ts";

/** Flags of a sweep as commander hands them over. */
export interface SweepFlags extends Typed {
  readonly apiUrl?: string;
  readonly store?: string;
  readonly appId?: string;
  readonly members?: boolean;
  readonly collaborators?: boolean;
  readonly contributors?: boolean;
  readonly gists?: boolean;
  readonly wikis?: boolean;
  readonly issues?: boolean;
  readonly discussions?: boolean;
  readonly releases?: boolean;
  readonly actionsLogs?: boolean;
  readonly dangling?: boolean;
  readonly allSurfaces?: boolean;
  readonly forks?: boolean;
  readonly archived?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly concurrency?: number;
  readonly restart?: boolean;
  readonly keepClones?: string;
  readonly keepSize?: number;
  readonly maxCloneSize?: number;
  readonly minFreeDisk?: number;
  readonly dryRun?: boolean;
}

type Row = readonly [spec: string, help: string, read?: (text: string, earlier: unknown) => unknown];

const several = (text: string, earlier: unknown): readonly string[] => [
  ...((earlier as string[] | undefined) ?? []),
  text,
];

const size = (text: string): number => {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new InvalidArgumentError(sizeHint);
  return bytes;
};

const lanes = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new InvalidArgumentError("Write a number from 1 to 64.");
  return value;
};

const whose: readonly Row[] = [
  ["--members", "personal repositories of the members, too"],
  ["--collaborators", "those of outside collaborators"],
  ["--contributors", "those of whoever wrote commits: membership lists hide developers"],
];

const forge: readonly Row[] = [
  ["--gists", "gists and the comments on them"],
  ["--wikis", "wikis"],
  ["--issues", "text of issues, pull requests, reviews and comments"],
  ["--discussions", "text of discussions"],
  ["--releases", "release notes"],
  ["--actions-logs", "logs of workflow runs: many and large"],
  ["--dangling", "commits that a force push or a deleted branch left behind"],
  ["--all-surfaces", "all of these"],
];

const choice: readonly Row[] = [
  ["--forks", "forks, too (left out unless given)"],
  ["--no-archived", "leave out archived repositories"],
  ["--include <glob>", "only repositories with such an owner/name (repeatable)", several],
  ["--exclude <glob>", "not those (repeatable)", several],
  ["--max-clone-size <size>", "a larger repository is not cloned, and counts as not read", size],
];

const access: readonly Row[] = [
  ["--api-url <url>", "API of the forge (https://api.github.com unless given)"],
  ["--app-id <id>", "log in as this GitHub App; its key: GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_FILE"],
];

const storing: readonly Row[] = [
  ["--store <folder|url>", "where what is known is kept: a folder, or postgres://… for many workers"],
];

const working: readonly Row[] = [
  ["--concurrency <n>", "repositories at a time (4 unless given)", lanes],
  ["--keep-clones <folder>", "keep clones there, so that the next sweep only fetches what is new"],
  ["--keep-size <size>", "most that kept clones may take (50GB unless given)", size],
  ["--min-free-disk <size>", "space on the disk that stays free (1GB unless given)", size],
];

const running: readonly Row[] = [
  ["--restart", "begin anew instead of going on with an unfinished sweep"],
  ["--dry-run", "say what it would cost, and stop"],
];

const groups = {
  whose: ["Whose repositories:", whose],
  forge: ["What else to read:", forge],
  choice: ["Which repositories:", choice],
  access: ["Access:", access],
  storing: ["Store:", storing],
  working: ["Work:", working],
  running: ["Run:", running],
} as const;

/** Adds groups of sweep flags to a command. */
export function withSweepFlags(command: Command, names: readonly (keyof typeof groups)[]): Command {
  for (const name of names) {
    const [title, rows] = groups[name];
    for (const [spec, help, read] of rows) {
      const option = new Option(spec, help).helpGroup(title);
      if (read !== undefined) option.argParser(read);
      command.addOption(option);
    }
  }
  return command;
}
