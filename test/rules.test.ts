import { basename } from "node:path";
import { expect, it } from "vitest";
import { LeaksweepError } from "../src/errors.ts";
import { prove } from "../src/prove.ts";
import { loadRules, type RuleFile, readRuleFiles } from "../src/rules/load.ts";

/** The shelf proves itself: this is the test of every rule. A file that cannot be loaded fails alone. */
const files = readRuleFiles("rules").map((file) => ({ name: basename(file.path, ".yml"), ...load(file) }));
const proofs = prove(
  files.flatMap(({ rules }) => rules),
  { trusted: true },
);

it.each(files)("the rules of $name find what they should", ({ rules, fault }) => {
  expect(fault).toBeUndefined();
  expect(rules).not.toEqual([]);
  const ids = new Set(rules.map(({ id }) => id));
  const faults = proofs.filter(({ rule }) => ids.has(rule));
  expect(faults.flatMap(({ at, rule, faults }) => faults.map((fault) => `${at}: ${rule}: ${fault}`))).toEqual([]);
});

function load(file: RuleFile) {
  try {
    return { rules: loadRules([file], { shelf: true }), fault: undefined };
  } catch (error) {
    if (!(error instanceof LeaksweepError)) throw error;
    return { rules: [], fault: `${error.message}. ${error.hint}` };
  }
}
