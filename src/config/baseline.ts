/** Finds and reads the baseline of a target, by the rules that hold for its config. */
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { type Baseline, baselineName, parseBaseline } from "../triage/baseline.ts";
import { searchRoot, unreadableFile } from "./find.ts";

/**
 * Absolute path of the baseline that holds for `target`, a file or a folder: the nearest at it or above, no higher than
 * the root of its repository; `undefined` when there is none.
 */
export function findBaseline(target: string): string | undefined {
  const root = baselineRoot(target);
  for (let at = folderOf(target); ; at = dirname(at)) {
    const path = join(at, baselineName);
    if (existsSync(path)) return path;
    if (at === root || at === dirname(at)) return undefined;
  }
}

/** The folder in which a new baseline of `target` belongs: the root of its repository, or the folder itself. */
export const baselineRoot = (target: string): string => searchRoot(folderOf(target));

function folderOf(target: string): string {
  const path = resolve(target);
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
}

/** The baseline file `path`, named in messages as seen from `cwd`. Throws "config.unreadable" and "baseline.invalid". */
export async function loadBaseline(path: string, { cwd }: { cwd: string }): Promise<Baseline> {
  const full = resolve(cwd, path);
  const seen = relative(cwd, full);
  const name = seen.startsWith("..") ? full : seen;
  const text = await readFile(full, "utf8").catch((cause: unknown) => {
    throw unreadableFile("baseline", name, cause);
  });
  return parseBaseline(text, name);
}
