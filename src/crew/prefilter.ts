/** The table by which a run's keywords are found: the build made that of all built-in rules, any other is made now. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { grownTable } from "../detect/engine/grown-table.ts";
import { type Table, tableOf, type Watched } from "../detect/engine/table.ts";
import { unpackTable } from "../detect/engine/table-file.ts";
import type { Growth, Rulepack } from "../terms.ts";

/** What every Git LFS pointer holds, and the most bytes it has: it stands for a file that must be read as well. */
export const pointer = { keyword: "git-lfs.github.com/spec", longest: 1024 };

/** What is looked for beside the keywords of rules. */
export const watched: readonly Watched[] = [{ keyword: pointer.keyword, after: pointer.longest }];

/** The table of a rulepack and of what is watched. */
export function tableFor(rulepack: Rulepack): Table {
  const { growth } = rulepack;
  const made = growth && builtTable(growth);
  return made ? grownTable(made, growth) : tableOf(rulepack, watched);
}

function builtTable(growth: Growth): Table | undefined {
  const file = ["prefilter.bin", "../prefilter.bin", "../../dist/prefilter.bin"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  if (file === undefined) return undefined;
  const bytes = readFileSync(file);
  // A small file would be read into a shared buffer, at any offset.
  return unpackTable(bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes), growth);
}
