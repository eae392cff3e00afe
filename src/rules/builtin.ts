import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadRules, type RuleSource, readRuleFiles } from "./load.ts";
import { unpackRules } from "./pack.ts";

/**
 * The rules that come with leaksweep, sorted by file. From the build's pack where this module was built, and from
 * `rules/*.yml` where it runs from source.
 *
 * @throws LeaksweepError `rule.invalid` from source only: the build refuses rules that are wrong.
 */
export function builtinRules(): readonly RuleSource[] {
  // The bundler decides whether this module lies in dist/ or in a folder of it.
  const pack = ["rulepack.json", "../rulepack.json"].map(beside).find(existsSync);
  if (pack !== undefined) return unpackRules(readFileSync(pack, "utf8"));
  return loadRules(readRuleFiles(beside("../../rules")), { shelf: true });
}

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
