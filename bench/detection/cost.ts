/**
 * What each rule costs: how often its pattern is run, and how many steps of a clock that takes, on texts that hold no
 * secrets. The counts are the same on every machine; times are not, and only say which rules to look at first.
 */
import { readFileSync } from "node:fs";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import type { Rule, Rulepack } from "../../src/terms.ts";

export interface Cost {
  readonly rule: string;
  /** Runs of the pattern a megabyte. */
  readonly runs: number;
  /** Matches of the pattern a megabyte, before screens. */
  readonly matches: number;
  /** Microseconds a megabyte. */
  readonly time: number;
}

/** The cost of every rule that ran at all on these files, the dearest first. Throws when a file cannot be read. */
export function costsOf(rulepack: Rulepack, paths: readonly string[]): readonly Cost[] {
  const counts = new Map<string, { runs: number; matches: number; time: number }>();
  const rules = rulepack.rules.map((rule): Rule => ({ ...rule, pattern: counted(rule, counts) }));
  const engine = plainEngine({ ...rulepack, rules });
  let bytes = 0;
  for (const path of paths) {
    const text = readFileSync(path);
    bytes += text.length;
    engine.match({ bytes: text, offset: 0, line: 1, column: 1 });
  }
  const megabytes = bytes / 1e6;
  return [...counts]
    .map(([rule, { runs, matches, time }]) => ({
      rule,
      runs: runs / megabytes,
      matches: matches / megabytes,
      time: (time * 1000) / megabytes,
    }))
    .sort((a, b) => b.runs - a.runs);
}

function counted(
  { id, pattern }: Rule,
  counts: Map<string, { runs: number; matches: number; time: number }>,
): Rule["pattern"] {
  return {
    ...pattern,
    exec(text, from) {
      const own = counts.get(id) ?? { runs: 0, matches: 0, time: 0 };
      counts.set(id, own);
      const start = performance.now();
      const match = pattern.exec(text, from);
      own.time += performance.now() - start;
      own.runs++;
      if (match !== undefined) own.matches++;
      return match;
    },
  };
}

/** The dearest rules as Markdown. */
export function renderCosts(costs: readonly Cost[], most: number): string {
  const rows = costs
    .slice(0, most)
    .map(
      ({ rule, runs, matches, time }) =>
        `| ${rule} | ${runs.toFixed(0)} | ${matches.toFixed(1)} | ${time.toFixed(0)} |`,
    );
  return ["| rule | runs a MB | matches a MB | µs a MB |", "| --- | --: | --: | --: |", ...rows].join("\n");
}
