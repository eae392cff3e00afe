/**
 * `leaksweep init`: sets a repository up with what can be found out about it and asks nothing. What is there already is
 * left as it is, and what would have to go into somebody's file is shown. Each step prints how it stands then.
 */
import { existsSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { findBaseline } from "../config/baseline.ts";
import { findConfig } from "../config/find.ts";
import { LeaksweepError } from "../errors.ts";
import { ciCommand, type Recipe, recipesFor } from "../gate/ci/recipes.ts";
import { notRepository } from "../gate/errors.ts";
import { hookPlace, hookState, installHook } from "../gate/hooks/hooks.ts";
import { readConfig, remotesOf } from "../git/config.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { printable } from "../report/escape.ts";
import { editBaseline } from "./baseline.ts";
import { hookLines } from "./hook.ts";
import type { Io } from "./io.ts";
import { version } from "./version.ts";

export interface InitFlags {
  readonly dryRun?: boolean;
}

const config = `# Settings of leaksweep. Nothing needs to be set; what is written here is what holds anyway.
# Editors learn all keys from the file dist/leaksweep.schema.json of the package.

# What makes a check fail: findings of low, medium or high confidence and above.
# fail-on: medium

# Paths that are not read. Each is told of as skipped.
# exclude: ["vendor/**"]
`;

/** Sets up the repository of the current folder. Throws "target.not-a-repository" where there is none. */
export async function init({ dryRun = false }: InitFlags, io: Io): Promise<void> {
  const repository = await openRepository(io.cwd);
  if (repository === undefined) throw notRepository(io.cwd);
  const root = repository.workTree;
  if (root !== undefined) await io.print(await configStep(root, dryRun));
  await io.print(await hookStep(io, dryRun));
  if (root === undefined) return io.exitWith(0);
  for (const recipe of recipesFor(await surroundings(repository, root))) {
    await io.print(await ciStep(recipe, root, dryRun));
  }
  const accepted = findBaseline(root);
  if (accepted === undefined) return editBaseline("create", { target: root, typed: { dryRun }, io });
  await io.print([line("baseline", `${relative(root, accepted)} is there`)]);
  io.exitWith(0);
}

async function configStep(root: string, dryRun: boolean): Promise<string[]> {
  const found = await findConfig(root);
  if (found !== undefined) return [line("config", `${relative(root, found)} is there`)];
  return [line("config", await written(join(root, "leaksweep.yml"), { text: config, root, dryRun }))];
}

async function hookStep(io: Io, dryRun: boolean): Promise<string[]> {
  const place = await hookPlace(io);
  const names = place.isBare ? (["pre-receive"] as const) : (["pre-commit", "pre-push"] as const);
  const lines: string[] = [];
  for (const name of names) {
    const before = hookState(name, place);
    const isToDo = before.manager === undefined && before.kind !== "installed";
    if (dryRun && isToDo) lines.push(line(name, `would be installed: ${relative(io.cwd, before.file)}`));
    else lines.push(...hookLines(dryRun ? before : await installHook(name, place, io.self), io));
  }
  return lines;
}

async function surroundings({ commonDir }: Repository, root: string) {
  const remotes = remotesOf(await readConfig(commonDir));
  return {
    has: (path: string): boolean => {
      const found = statSync(join(root, path), { throwIfNoEntry: false });
      return found !== undefined && (!path.endsWith("/") || found.isDirectory());
    },
    hosts: remotes.flatMap(({ urls }) => urls.flatMap(hostOf)),
  };
}

/** The host of a remote's address: `https://host/…`, `ssh://user@host:22/…`, `user@host:…`. */
function hostOf(url: string): string[] {
  const host = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)[:/]/i.exec(url)?.[1];
  return host === undefined ? [] : [host.toLowerCase()];
}

async function ciStep({ name, file, isOwn, text }: Recipe, root: string, dryRun: boolean): Promise<string[]> {
  const job = text(ciCommand(version));
  const path = join(root, file);
  if (!existsSync(path)) return [line("ci", `${await written(path, { text: job, root, dryRun })} (${name})`)];
  if (isOwn) return [line("ci", `${file} is there (${name})`)];
  const shown = job.split("\n").map((text) => (text === "" ? "\n" : `    ${text}\n`));
  return [line("ci", `${file} is yours (${name}); what it needs is in this one:`), "\n", ...shown];
}

interface Writing {
  readonly text: string;
  readonly root: string;
  readonly dryRun: boolean;
}

/** Writes a file that is not there yet, and says so. Throws "output.failed" where the system does not let us. */
async function written(path: string, { text, root, dryRun }: Writing): Promise<string> {
  const name = relative(root, path);
  if (dryRun) return `${name} would be written`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "wx" });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new LeaksweepError("output.failed", `Cannot write "${name}": ${String(cause.code)}`, {
      hint: "See who may write there. What was set up before this stays; run it again when it is mended.",
      cause,
    });
  }
  return `${name} written`;
}

const line = (name: string, state: string): string => `${name.padEnd(13)}${printable(state)}\n`;
