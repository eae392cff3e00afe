import { fastEngine } from "../../src/detect/engine/fast.ts";
import { grownTable } from "../../src/detect/engine/grown-table.ts";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import { type Table, tableOf } from "../../src/detect/engine/table.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import type { Rulepack } from "../../src/terms.ts";
import { engineContract } from "./engine.contract.ts";
import { patternOf, ruleOf } from "./rule.ts";

const kernel = new Kernel();

engineContract("plain", plainEngine);
engineContract("fast", (rulepack, options) => fastEngine(rulepack, { kernel, ...options }));
engineContract("fast, on a table that was grown,", (rulepack, options) =>
  fastEngine(rulepack, { kernel, table: grown(rulepack), ...options }),
);

/** The table of a rulepack that grew from one with half of its rules, and with some that take no part any more. */
function grown({ rules }: Rulepack): Table {
  const half = Math.ceil(rules.length / 2);
  const pattern = patternOf("[a-z]{4}_[a-z0-9]+", { before: 8, after: 32 });
  const gone = ["acme", "acme_", "pass", "-----begin"].map((keyword, index) =>
    ruleOf({ id: `gone.${index}`, keywords: [keyword], pattern }),
  );
  const at = (place: number) => [...gone, ...rules.slice(0, half)][place];
  const base = tableOf({ rules: [...gone, ...rules.slice(0, half)], hash: "base" });
  return grownTable(base, { from: "base", at, without: new Set(gone.map(({ id }) => id)), own: rules.slice(half) });
}
