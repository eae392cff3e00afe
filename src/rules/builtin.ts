import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RuleSource } from "./load.ts";
import { unpackRules } from "./unpack.ts";

/**
 * The rules that come with leaksweep, sorted by file, from the build's pack.
 *
 * @throws Error where there is no build.
 */
export function builtinRules(): readonly RuleSource[] {
  // The bundler decides whether this module lies in dist/ or in a folder of it; from source it is in the build's.
  const pack = ["rulepack.json", "../rulepack.json", "../../dist/rulepack.json"].map(beside).find(existsSync);
  if (pack === undefined) throw new Error("rulepack.json is not beside the program: run npm run build");
  return unpackRules(readFileSync(pack, "utf8"));
}

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
