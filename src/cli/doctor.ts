/** `leaksweep doctor`: what leaksweep would work with here, a line each, and what is amiss. */
import { relative } from "node:path";
import { findBaseline, loadBaseline } from "../config/baseline.ts";
import { findConfig, loadConfig } from "../config/find.ts";
import { findForeign } from "../config/foreign.ts";
import { defaults } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import { hookPlace, hookState } from "../gate/hooks/hooks.ts";
import { openGit } from "../git/git.ts";
import { readRefs } from "../git/refs.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { printable } from "../report/escape.ts";
import { foreignOf, rulepackOf, rulesOf } from "../scan/rules.ts";
import type { Io } from "./io.ts";
import { defaultCache } from "./run.ts";
import { version } from "./version.ts";

/** One thing that was looked at. */
interface Check {
  readonly name: string;
  readonly state: string;
  /** What to do about it. */
  readonly amiss?: string;
  /** leaksweep cannot work like this. */
  readonly fails?: boolean;
}

/** Prints each check. Exit code 2 when something would keep leaksweep from working, else 0. */
export async function doctor(io: Io): Promise<void> {
  const checks: Check[] = [
    { name: "leaksweep", state: `${version}, ${io.self.file}` },
    { name: "node", state: `${process.versions.node}, ${io.self.node}` },
    await attempt("git", async () => {
      const { major, minor, patch } = await openGit().version();
      return { state: `${major}.${minor}.${patch}` };
    }),
  ];
  const repository = await openRepository(io.cwd).catch(() => undefined);
  if (!repository) checks.push({ name: "repository", state: "none here: files are read without any history" });
  else checks.push(...(await repositoryChecks(repository)), ...(await hookChecks(io)));
  checks.push(await configCheck(io), await baselineCheck(io), await foreignCheck(io), memoryCheck());
  await io.print(checks.flatMap(linesOf));
  io.exitWith(checks.some(({ fails }) => fails) ? 2 : 0);
}

async function attempt(name: string, look: () => Promise<Omit<Check, "name">>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    if (!(error instanceof LeaksweepError)) throw error;
    return {
      name,
      state: error.message.startsWith("Cannot ") ? error.message : `Cannot read ${error.message}`,
      amiss: error.hint,
      fails: true,
    };
  }
}

async function repositoryChecks(repository: Repository): Promise<Check[]> {
  const { workTree, gitDir, objectFormat, shallow, partial } = repository;
  const kind = workTree === undefined ? "bare" : "with a working tree";
  return [
    { name: "repository", state: `${workTree ?? gitDir} (${kind}, ${objectFormat})` },
    await attempt("scans", async () => {
      const refs = await readRefs(repository);
      const tags = refs.filter(({ name }) => name.startsWith("refs/tags/")).length;
      const rest = workTree === undefined ? "" : ", the index and the working tree";
      return { state: `history of ${refs.length} refs (${tags} of them tags), reflogs and stashes${rest}` };
    }),
    shallow
      ? { name: "history", state: "shallow", amiss: "Older commits are not here: git fetch --unshallow." }
      : { name: "history", state: "whole" },
    ...(partial
      ? [
          {
            name: "objects",
            state: "partial clone",
            amiss: "Some contents are not here: git fetch --refetch without a filter.",
          },
        ]
      : []),
  ];
}

async function hookChecks(io: Io): Promise<Check[]> {
  const place = await hookPlace(io);
  const names = place.isBare ? (["pre-receive"] as const) : (["pre-commit", "pre-push"] as const);
  return names.map((name) => {
    const { kind, manager } = hookState(name, place);
    const isFine = kind === "installed" || kind === "managed";
    const state = manager === undefined ? kind : `${kind}, left to ${manager}`;
    return { name, state, ...(!isFine && { amiss: 'leaksweep hook install, or "leaksweep hook status" for more.' }) };
  });
}

const configCheck = (io: Io): Promise<Check> =>
  attempt("config", async () => {
    const path = await findConfig(io.cwd);
    if (path === undefined) return { state: "none: every rule, every path" };
    // The rules that it names, too, or a scan would be the first to learn that they are not there.
    await rulesOf({ ...defaults, ...(await loadConfig(path, io)) });
    return { state: relative(io.cwd, path) };
  });

const baselineCheck = (io: Io): Promise<Check> =>
  attempt("baseline", async () => {
    const path = findBaseline(io.cwd);
    if (path === undefined) return { state: "none" };
    const { entries } = await loadBaseline(path, { cwd: io.cwd });
    return { state: `${relative(io.cwd, path)}, ${entries.length} accepted` };
  });

const foreignCheck = (io: Io): Promise<Check> =>
  attempt("others' files", async () => {
    const silenced = await silencing(io);
    if (silenced !== undefined) return { state: `not read: ${silenced} says "foreign: false"` };
    const inputs = await findForeign(io.cwd, io);
    if (inputs.length === 0) return { state: "none" };
    const foreign = await foreignOf({ ...defaults, foreign: { inputs, builtin: true, alone: false, only: [] } });
    await rulepackOf(undefined, foreign?.rules);
    return { state: `${inputs.map(({ file }) => file.name).join(", ")}: read as they are` };
  });

/** The config that leaves files of other scanners unread. One that is wrong is another check's business. */
async function silencing(io: Io): Promise<string | undefined> {
  const path = await findConfig(io.cwd).catch(() => undefined);
  if (path === undefined) return undefined;
  const { foreignFiles = true } = await loadConfig(path, io).catch(() => defaults);
  return foreignFiles ? undefined : relative(io.cwd, path);
}

const memoryCheck = (): Check => ({ name: "memory", state: defaultCache() });

const margin = 15;

const linesOf = ({ name, state, amiss }: Check): string[] => [
  `${name.padEnd(margin)}${printable(state)}\n`,
  ...(amiss === undefined ? [] : [`${" ".repeat(margin)}${printable(amiss)}\n`]),
];
