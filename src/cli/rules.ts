/** What `leaksweep rules` does: the shelf as a list, one rule in full, the proof that rules work. */
import { nearest } from "../bytes/nearest.ts";
import { LeaksweepError } from "../errors.ts";
import { type Proof, prove } from "../prove.ts";
import { fill, solid, words } from "../report/columns.ts";
import { json, printable } from "../report/escape.ts";
import { builtinQuestions, builtinShelf } from "../rules/builtin.ts";
import { loadRulesFrom, type RuleSource } from "../rules/load.ts";
import { type Samples, samplesOf } from "../rules/samples/samples.ts";
import { idsOf } from "../rules/selection.ts";
import type { ListFlags } from "./commands/rules.ts";
import type { Typed } from "./flags.ts";
import type { Io } from "./io.ts";

/** Prints the rules that match `search` and the flags, one a line, or as a JSON array. */
export async function listRules(search: string | undefined, typed: ListFlags, io: Io): Promise<void> {
  const chosen = shelf(typed).filter((rule) => isWanted(rule, search, typed));
  const asJson = typed.json === true || typed.format === "json";
  await io.print(asJson ? [`${json(chosen.map(summary), 2)}\n`] : table(chosen, io.columns));
  io.exitWith(0);
}

/** Prints one rule in full. Throws `LeaksweepError` "usage.invalid" when there is none of that id. */
export async function showRule(id: string, typed: Pick<Typed, "rules">, io: Io): Promise<void> {
  const rules = shelf(typed);
  const rule = rules.find((rule) => rule.id === id);
  if (rule === undefined) {
    const meant = nearest(
      id,
      rules.map((rule) => rule.id),
    );
    throw new LeaksweepError("usage.invalid", `Cannot show rule "${id}": there is none of that id`, {
      hint: meant === undefined ? `Look for it with "leaksweep rules list ${id}".` : `Did you mean "${meant}"?`,
    });
  }
  await io.print(page(rule, { width: io.columns ?? 80, ...samplesOf(rule, idsOf(rules)) }));
  io.exitWith(0);
}

/**
 * Proves the rules at `paths`, or the built-in ones, and prints a line for each fault, `file:line:column: rule: fault`.
 * Exit code 2 when there is one, else 0. A rule with the id of a built-in one is proved in its place.
 */
export async function checkRules(paths: readonly string[], io: Io): Promise<void> {
  const own = paths.flatMap((path) => loadRulesFrom(path));
  const ids = new Set(own.map(({ id }) => id));
  const beside = builtinShelf()
    .rules.all()
    .filter(({ id }) => !ids.has(id));
  const proofs = paths.length === 0 ? prove(beside, { trusted: true }) : prove(own, { trusted: false, beside });
  await io.print(verdicts(proofs));
  io.exitWith(proofs.some(({ faults }) => faults.length > 0) ? 2 : 0);
}

function* verdicts(proofs: readonly Proof[]): Iterable<string> {
  const faulty = proofs.filter(({ faults }) => faults.length > 0);
  for (const { at, rule, faults } of faulty) {
    for (const fault of faults) yield `${printable(`${at}: ${rule}: ${fault}`)}\n`;
  }
  const slow = proofs.filter(({ steps, faults }) => steps === undefined && faults.length === 0).length;
  const note = slow === 0 ? "" : ` ${slow} not proved linear for V8, so that re2js runs them.`;
  yield `${tallied(proofs)} checked: ${faulty.length === 0 ? "no faults" : `faults in ${faulty.length}`}.${note}\n`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** How many there are; rows are coverage of a provider and are counted apart. */
function tallied(entries: readonly { readonly context?: boolean }[]): string {
  const rows = entries.filter(({ context }) => context).length;
  const rules = count(entries.length - rows, "rule");
  return rows === 0 ? rules : `${rules} and ${count(rows, "context row")}`;
}

function shelf({ rules = [] }: Pick<Typed, "rules">): readonly RuleSource[] {
  const all = [...builtinShelf().rules.all(), ...rules.flatMap((path) => loadRulesFrom(path))];
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const providerOf = ({ id }: RuleSource): string => id.slice(0, id.indexOf("."));

function isWanted(rule: RuleSource, search: string | undefined, { provider, severity, context }: ListFlags): boolean {
  if (provider !== undefined && providerOf(rule) !== provider) return false;
  if (severity !== undefined && rule.severity !== severity) return false;
  if (context === false && rule.context) return false;
  return search === undefined || `${rule.id}\n${rule.name}`.toLowerCase().includes(search.toLowerCase());
}

const summary = (rule: RuleSource) => ({
  id: rule.id,
  name: rule.name,
  provider: providerOf(rule),
  kind: rule.kind,
  context: rule.context === true,
  severity: rule.severity,
  confidence: rule.confidence,
  checksum: rule.checksum ?? null,
  references: rule.references,
});

/** A line a rule; cut to fit a terminal, whole for whatever else reads it. */
function* table(rules: readonly RuleSource[], width = Number.POSITIVE_INFINITY): Iterable<string> {
  const widest = Math.max(0, ...rules.map(({ id }) => id.length));
  for (const { id, severity, name } of rules) {
    const line = `${id.padEnd(widest)}  ${severity.padEnd(8)}  ${printable(name)}`;
    yield line.length <= width ? `${line}\n` : `${line.slice(0, width - 1)}…\n`;
  }
  yield `${tallied(rules)}\n`;
}

function* page(rule: RuleSource, { width, leak, clean }: Samples & { width: number }): Iterable<string> {
  yield `${rule.id}: ${printable(rule.name)}\n\n`;
  const { near, verify = builtinQuestions()[rule.id], revoke, context } = rule;
  const kinds = [
    rule.kind,
    context ? "context row" : rule.generic && "generic",
    rule.component && "component",
    rule.public && "public: below medium",
  ];
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    ["severity", rule.severity],
    ["confidence", rule.confidence],
    ["kind", kinds.filter(Boolean).join(", ")],
    ["pattern", rule.pattern],
    ["keywords", rule.keywords?.join("  ")],
    ["checksum", rule.checksum],
    ["entropy", rule.entropy === undefined ? undefined : `at least ${rule.entropy} bits per byte`],
    ["near", near && `${near.rule}, within ${near.lines} lines${near.required ? "" : ", better with it than without"}`],
    ["paths", rule.paths?.join("  ")],
    ["verify", verify && `${verify.get ? "GET" : "POST"} ${(verify.get ?? verify.post)?.join(" ")}`],
    ["revoke", revoke && [revoke.steps, revoke.url].filter(Boolean).join(" ")],
    ["references", rule.references.join(" ")],
    ["samples", `${leak.length} leak, ${clean.length} clean`],
  ];
  for (const [label, text] of rows) {
    if (text === undefined || text === "") continue;
    const whole = printable(text);
    // A pattern with a space in it is still one pattern: broken over two lines it could not be copied.
    for (const line of fill(label === "pattern" ? [solid(whole)] : words(whole), {
      lead: solid(label),
      indent: 12,
      width,
    }))
      yield `${line}\n`;
  }
}
