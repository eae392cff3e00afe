/**
 * Files that flags of a gate name. What lies in the checkout may be the work of whoever is judged, so that a gate reads
 * it in a commit instead; what lies elsewhere is the word of whoever runs the gate.
 */
import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathWithin } from "../config/within.ts";
import { type Policy, rootPath } from "../gate/policy.ts";
import type { Typed } from "./flags.ts";

/** Where relative paths count from, and the root of the work tree; absent in a bare repository. */
export interface Around {
  readonly cwd: string;
  readonly root: string | undefined;
}

/** The paths in the repository that `typed` names, each once. */
export const namedInside = ({ config, baseline, rules = [] }: Typed, around: Around): readonly string[] => [
  ...new Set([config, baseline, ...rules].flatMap((file) => insidePath(file, around) ?? [])),
];

/**
 * `typed` with the files that it names inside of the repository where `policy` has them. Those that are `refused` are
 * not named any more; any other that `policy` lacks, as an untracked one, stays where it is.
 */
export function withFilesOf(
  policy: Policy | undefined,
  { config, baseline, rules, ...others }: Typed,
  { refused, ...around }: Around & { readonly refused: readonly string[] },
): Typed {
  const placed = (file: string | undefined): string[] => {
    if (file === undefined) return [];
    const path = insidePath(file, around);
    if (path === undefined) return [file];
    if (refused.includes(path)) return [];
    const laid = policy && join(policy.folder, path);
    return [laid !== undefined && existsSync(laid) ? laid : file];
  };
  const [configFile] = placed(config);
  const [baselineFile] = placed(baseline);
  return {
    ...others,
    ...(configFile !== undefined && { config: configFile }),
    ...(baselineFile !== undefined && { baseline: baselineFile }),
    ...(rules !== undefined && { rules: rules.flatMap(placed) }),
  };
}

/** A path from the root of the work tree, as it is written or as links lead there; `undefined` for what is elsewhere. */
function insidePath(file: string | undefined, { cwd, root }: Around): string | undefined {
  if (file === undefined || root === undefined) return undefined;
  const full = resolve(cwd, file);
  const written = within(resolve(root), full);
  return written ?? (existsSync(full) ? within(realpathSync(root), realpathSync(full)) : undefined);
}

const within = (root: string, path: string): string | undefined => (root === path ? rootPath : pathWithin(root, path));
