/**
 * Scores the built-in rules on a labelled corpus: recall, precision and F1 by source and provider, false hits by scope,
 * and what was confused with what. Each case takes the whole road of detection: rulepack, engine, judge at its path.
 *
 *   npm run bench:detection -- path/to/corpus.jsonl.gz [--output FILE] [--rules FOLDER] [--cost TEXT…]
 *     [--formats LIST.tsv]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { plainEngine } from "../src/detect/engine/plain.ts";
import { loadRules, readRuleFiles } from "../src/rules/load.ts";
import { compileRulepack } from "../src/rules/rulepack.ts";
import { readCorpus } from "./detection/corpus.ts";
import { costsOf, renderCosts } from "./detection/cost.ts";
import { coverageOf, renderCoverage } from "./detection/coverage.ts";
import { runCases } from "./detection/score.ts";
import { renderReport } from "./detection/table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: "string", default: "bench/detection.md" },
    rules: { type: "string", default: "rules" },
    cost: { type: "string", multiple: true, default: [] },
    formats: { type: "string" },
  },
});
const [path] = positionals;
if (path === undefined) {
  console.error("usage: npm run bench:detection -- path/to/corpus.jsonl.gz [--output FILE] [--rules FOLDER]");
  process.exit(2);
}

const rulepack = compileRulepack(loadRules(readRuleFiles(values.rules), { shelf: true }), { trusted: true });
const { name, cases } = readCorpus(path);
const outcomes = runCases(cases, (options) => plainEngine(rulepack, options));
const report = renderReport(outcomes, { corpus: name, rules: rulepack.rules.length, hash: rulepack.hash });
writeFileSync(values.output, report);
console.log(report.split("\n## By provider")[0]);
console.log(`Whole report: ${values.output}`);
if (values.formats !== undefined) {
  const coverage = coverageOf(rulepack, readFileSync(values.formats, "utf8"));
  console.log(`\n## Coverage\n\n${renderCoverage(coverage)}`);
}
if (values.cost.length > 0) console.log(`\n## Cost of rules\n\n${renderCosts(costsOf(rulepack, values.cost), 30)}`);
