/** Figures as Markdown. Tables name rules and counts; a corpus secret appears at most redacted. */
import {
  byDefault,
  type Figures,
  falseHitsOf,
  figuresOf,
  groupBy,
  groupsOf,
  isFalseHit,
  type Outcome,
} from "./score.ts";

/** What was measured, for the first line. */
export interface Title {
  readonly corpus: string;
  readonly rules: number;
  readonly hash: string;
}

/** The whole report. The same outcomes give the same text. */
export function renderReport(outcomes: readonly Outcome[], { corpus, rules, hash }: Title): string {
  const sections = [
    `# Detection\n\n${outcomes.length} cases of \`${corpus}\`, ${rules} rules (rulepack \`${hash.slice(0, 12)}\`).`,
    "Recall, precision and F1 are averages over (source, rule) of positives without `tier`; see bench/README.md.",
    `## By source\n\n${figuresTable("source", outcomes, ({ case: { source } }) => source)}`,
    `## False hits at the default confidence\n\n${falseHitsTable(outcomes)}`,
    `## By tier\n\n${tierTable(outcomes)}`,
    `## By provider\n\n${figuresTable("provider", outcomes, ({ case: { provider } }) => provider)}`,
    `## Who hits\n\n${hittersTable(outcomes)}`,
    `## Confusion: hits by the rule of another provider\n\n${confusionTable(outcomes)}`,
    `## Misses\n\n${missesTable(outcomes)}`,
    `## Quiet hits: found, but below the default confidence\n\n${quietTable(outcomes)}`,
    `## False hits, one by one\n\n${falseHitsList(outcomes)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

type Row = readonly (string | number)[];

function table(head: readonly string[], rows: readonly Row[]): string {
  if (rows.length === 0) return "None.";
  // The first column holds names, the others mostly numbers.
  const rule = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const percent = (value: number): string => (Number.isNaN(value) ? "–" : `${(value * 100).toFixed(1)} %`);

function figuresTable(name: string, outcomes: readonly Outcome[], key: (outcome: Outcome) => string): string {
  const head = [
    name,
    "rules",
    "cases",
    "recall, all",
    "recall, default",
    "cut otherwise",
    "precision",
    "F1",
    "any",
    "rule",
    "checksum",
  ];
  const parts = [...groupBy(outcomes, key)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = [...parts, ["all", outcomes] as const].map(([label, some]) => [label, ...figureCells(some)]);
  return table(head, rows);
}

function figureCells(outcomes: readonly Outcome[]): Row {
  const { groups, cases, recallAll, recall, near, precision, f1 }: Figures = figuresOf(outcomes);
  const { any, rule, checksum } = falseHitsOf(outcomes);
  const counts = [any, rule, checksum].map(({ hits, cases: of }) => (of === 0 ? "" : `${hits}/${of}`));
  return [groups, cases, ...[recallAll, recall, near, precision, f1].map(percent), ...counts];
}

function falseHitsTable(outcomes: readonly Outcome[]): string {
  const rows = Object.entries(falseHitsOf(outcomes)).map(([scope, { hits, cases }]) => [
    scope,
    hits,
    cases,
    percent(hits / cases),
  ]);
  return table(["scope", "false hits", "negatives", "share"], rows);
}

function tierTable(outcomes: readonly Outcome[]): string {
  const tiered = outcomes.filter(({ case: { label } }) => label === "positive");
  const rows = [...groupBy(tiered, ({ case: { tier } }) => tier ?? "(secrets proper)")].map(([tier, some]) => {
    const hits = some.filter(({ hit }) => hit !== undefined).length;
    const shown = some.filter(({ hit }) => byDefault(hit)).length;
    return [tier, some.length, hits, shown];
  });
  return table(["tier", "cases", "hits, all", "hits, default"], rows);
}

/** The name without what is not a letter or digit: corpora and shelves spell providers differently. */
const plain = (provider: string): string => provider.toLowerCase().replace(/[^a-z0-9]/g, "");

type Hitter = "a rule of the provider" | "a generic rule" | "a rule of another provider";

function hitterOf({ case: { provider }, hit }: Outcome): Hitter | undefined {
  if (hit === undefined) return undefined;
  if (plain(hit.rule.split(".")[0] ?? "") === plain(provider)) return "a rule of the provider";
  return hit.generic ? "a generic rule" : "a rule of another provider";
}

const proper = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.filter(({ case: { label, tier } }) => label === "positive" && tier === undefined);

function hittersTable(outcomes: readonly Outcome[]): string {
  const hitters = groupBy(proper(outcomes), (outcome) => hitterOf(outcome) ?? "nobody");
  return table(["hit by", "cases"], [...hitters].map(([hitter, some]) => [hitter, some.length]).sort(byLast));
}

function confusionTable(outcomes: readonly Outcome[]): string {
  return pairsTable(proper(outcomes).filter((outcome) => hitterOf(outcome) === "a rule of another provider"));
}

function quietTable(outcomes: readonly Outcome[]): string {
  return pairsTable(proper(outcomes).filter(({ hit }) => hit !== undefined && !byDefault(hit)));
}

/** What was wanted against what hit it, the most frequent first. */
function pairsTable(outcomes: readonly Outcome[]): string {
  const counted = groupBy(outcomes, ({ case: { source, rule }, hit }) => `${source}/${rule} | ${hit?.rule ?? ""}`);
  return table(
    ["wanted", "rule that hit", "cases"],
    [...counted].map(([pair, some]) => [pair, some.length]).sort(byLast),
  );
}

const byLast = (a: Row, b: Row): number =>
  Number(b.at(-1)) - Number(a.at(-1)) || (String(a[0]) < String(b[0]) ? -1 : 1);

function missesTable(outcomes: readonly Outcome[]): string {
  const rows = groupsOf(proper(outcomes)).flatMap((group) => {
    const missed = group.filter(({ hit }) => hit === undefined);
    const [first] = missed;
    if (first === undefined) return [];
    const { source, rule } = first.case;
    return [[`${source}/${rule}`, mostFrequent(missed.map(reasonOf)), missed.length, group.length]];
  });
  return table(["wanted", "what came nearest", "missed", "of"], rows);
}

function reasonOf({ found, near, dropped }: Outcome): string {
  if (near !== undefined) return `${near.rule} cuts it otherwise (${near.redacted.length < 40 ? near.redacted : ""})`;
  if (dropped !== undefined) return dropped;
  const [other] = found;
  return other === undefined ? "no candidate" : `${other.rule} found something else`;
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

function falseHitsList(outcomes: readonly Outcome[]): string {
  const rows = outcomes.filter((outcome) => outcome.case.label === "negative" && isFalseHit(outcome));
  return table(
    ["case", "scope", "rule", "confidence", "secret"],
    rows.flatMap(({ case: { id, neg_scope = "any" }, found }) =>
      found.filter(byDefault).map(({ rule, confidence, redacted }) => [id, neg_scope, rule, confidence, redacted]),
    ),
  );
}
