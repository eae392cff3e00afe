/** What `leaksweep explain` does: finds the finding or reads the text, and prints the sum of reasons. */
import { base } from "../detect/score.ts";
import { LeaksweepError } from "../errors.ts";
import { type Explanation, explainText, type Judged } from "../explain.ts";
import { fill, solid, words } from "../report/columns.ts";
import { printable } from "../report/escape.ts";
import { shown } from "../report/veil.ts";
import { counted } from "../report/wording.ts";
import { rulesOf } from "../scan/rules.ts";
import type { Confidence, Facts, Finding, Reason, Rule } from "../terms.ts";
import type { ExplainFlags } from "./commands/explain.ts";
import { settingsFrom } from "./flags.ts";
import type { Io } from "./io.ts";
import { planOf, watched } from "./run.ts";

/** Most objections, and most rules without a match, that are printed: what came nearest is the answer. */
const MOST = 5;

interface Asked {
  readonly fingerprint: string | undefined;
  readonly target: string | undefined;
}

/**
 * Explains a finding or a text. Exit code 0; 2 when there is no such finding.
 *
 * @throws LeaksweepError `usage.invalid` when it is told neither or both, or the finding is not there.
 */
export async function explain({ fingerprint, target }: Asked, typed: ExplainFlags, io: Io): Promise<void> {
  if ((fingerprint === undefined) === (typed.text === undefined)) {
    throw new LeaksweepError("usage.invalid", "Cannot explain: name a finding or give a text, and not both", {
      hint: "leaksweep explain ls1:…   or   leaksweep explain --text 'token = …'",
    });
  }
  const lines =
    fingerprint === undefined
      ? await ofText(typed, io)
      : typed.from === undefined
        ? await ofScan({ fingerprint, target }, typed, io)
        : await ofFile(fingerprint, { from: typed.from, typed, io });
  await io.print(lines);
  io.exitWith(0);
}

// ---------------------------------------------------------------- a finding

/** What is told of a finding, wherever it comes from. */
interface Told {
  readonly rule: Pick<Rule, "id" | "name" | "severity" | "kind">;
  readonly confidence: Confidence;
  readonly score: number;
  /** What the rule's pattern gives alone; absent where nobody knows the rule any more. */
  readonly base?: Confidence;
  readonly reasons: readonly Reason[];
  readonly secret: string | null;
  readonly facts: Facts;
  readonly places: readonly string[];
}

async function ofScan(
  { fingerprint, target = "." }: { readonly fingerprint: string; readonly target: string | undefined },
  typed: ExplainFlags,
  io: Io,
): Promise<Iterable<string>> {
  const job = { command: "scan", paths: [target] } as const;
  const { findings } = await watched(job, { plan: await planOf(job, typed, io), typed, io });
  return foundIn(findings, { fingerprint, where: `in ${target}` }, { typed, io });
}

async function ofFile(
  fingerprint: string,
  { from, typed, io }: { readonly from: string; readonly typed: ExplainFlags; readonly io: Io },
): Promise<Iterable<string>> {
  const { readResult } = await import("../config/result-file.ts");
  const { rules } = await rulesOf(await planOf({ command: "scan", paths: ["."] }, typed, io));
  const { findings } = await readResult(from, { cwd: io.cwd, rules });
  return foundIn(findings, { fingerprint, where: `in "${from}"` }, { typed, io });
}

/** What is told of the finding with this fingerprint. */
function foundIn(
  findings: readonly Finding[],
  { fingerprint, where }: { readonly fingerprint: string; readonly where: string },
  { typed, io }: { readonly typed: ExplainFlags; readonly io: Io },
): Iterable<string> {
  const finding = findings.find((one) => one.fingerprint === fingerprint);
  if (finding === undefined) throw unknown(fingerprint, where);
  const { rule, confidence, score, reasons, secret, facts, occurrences } = finding;
  return told(
    {
      rule,
      confidence,
      score,
      // Of a rule that no rulepack has any more nobody knows what its pattern alone gives.
      ...(rule.pattern.source !== "" && { base: rule.confidence }),
      reasons,
      secret: secret === undefined ? null : shown(secret, { redact: typed.redact !== false }),
      facts,
      places: occurrences.map(placeOf),
    },
    widthOf(io),
  );
}

const placeOf = (place: { path: string; startLine: number; where: string; decoded: readonly string[] }): string =>
  [
    place.where === "content" ? `${place.path}:${place.startLine}` : `${place.where} ${place.path}`.trim(),
    ...(place.decoded.length > 0 ? [`behind ${place.decoded.join(", ")}`] : []),
  ].join(", ");

const unknown = (fingerprint: string, where: string): LeaksweepError =>
  new LeaksweepError("usage.invalid", `Cannot explain "${fingerprint}": there is no such finding ${where}`, {
    hint: "Copy the fingerprint from a report of the same repository; --text explains a text.",
  });

/** What is said in place of a secret. */
const nothing = {
  secret: "none that is known",
  exposure: "none: a door that stands open",
  file: "none: its path alone tells",
} as const;

function* told({ rule, places, secret, facts, ...sum }: Told, width: number): Iterable<string> {
  yield `${rule.id}: ${printable(rule.name)}\n`;
  yield* row("secret", secret ?? nothing[rule.kind], width);
  yield* row("severity", rule.severity, width);
  if (places.length > 0) yield* row(places.length === 1 ? "place" : "places", places.slice(0, MOST).join("; "), width);
  for (const [name, value] of Object.entries(facts)) yield* row(name, String(value), width);
  yield "\n";
  yield* addition(sum);
}

/** The score as the sum that it is. */
function* addition({
  base: own,
  reasons,
  score,
  confidence,
}: Pick<Told, "base" | "reasons" | "score" | "confidence">): Iterable<string> {
  if (own !== undefined) yield `  ${signed(base[own])}  ${own} confidence of the rule by its form alone\n`;
  for (const { name, weight } of reasons) yield `  ${signed(weight)}  ${printable(name)}\n`;
  const sum = (own === undefined ? 0 : base[own]) + reasons.reduce((total, { weight }) => total + weight, 0);
  const cut = own !== undefined && Math.abs(sum - score) > 0.005 ? ", cut to what a score can be" : "";
  yield `  ${"=".padStart(1)}${score.toFixed(2)}  ${confidence} confidence${cut}\n`;
}

const signed = (weight: number): string => `${weight < 0 ? "-" : "+"}${Math.abs(weight).toFixed(2)}`;

// ---------------------------------------------------------------- a text

async function ofText(typed: ExplainFlags, io: Io): Promise<Iterable<string>> {
  const bytes = typed.text === true ? await piped(io) : Buffer.from(typed.text ?? "", "utf8");
  const plan = await planOf({ command: "stdin", paths: [] }, typed, io);
  const rulepack = await rulesOf({ ...plan, ...settingsFrom(typed) });
  const explanation = explainText(bytes, { rulepack, path: typed.path ?? "" });
  return ofExplanation(explanation, {
    redact: typed.redact !== false,
    width: widthOf(io),
    rules: rulepack.rules.length,
  });
}

async function piped({ stdin }: Io): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stdin as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts);
}

interface Showing {
  readonly redact: boolean;
  readonly width: number;
  /** How many took part. */
  readonly rules: number;
}

function* ofExplanation(
  { found, dropped, untouched }: Explanation,
  { redact, width, rules }: Showing,
): Iterable<string> {
  yield found.length === 0 ? "Not flagged.\n" : `${counted(found.length, "finding")}${quiet(found)}.\n`;
  for (const one of found) {
    yield "\n";
    yield* told(toldOf(one, redact), width);
  }
  if (dropped.length > 0) yield found.length === 0 ? "\nWhat came nearest, and what dropped it:\n" : "\nDropped:\n";
  for (const { rule, objection } of dropped.slice(0, MOST)) yield* row(rule.id, objection, width, 2);
  if (dropped.length > MOST) yield `  and ${dropped.length - MOST} more\n`;
  if (untouched.length > 0) yield "\nNo pattern matched. Rules that were tried, for a word of theirs is there:\n";
  for (const { rule, keyword } of untouched.slice(0, MOST))
    yield* row(rule.id, `"${keyword}", but not ${rule.name}`, width, 2);
  if (untouched.length > MOST) yield `  and ${untouched.length - MOST} more\n`;
  if (found.length + dropped.length + untouched.length === 0)
    yield `None of ${counted(rules, "rule")} has a word in this text.\n`;
}

/** How many of the findings a report leaves out. */
function quiet(found: readonly Judged[]): string {
  const low = found.filter(({ judgement }) => judgement.confidence === "low").length;
  return low === 0 ? "" : `, ${low === found.length ? "" : `${low} of them `}shown with --min-confidence low only`;
}

function toldOf({ match, judgement }: Judged, redact: boolean): Told {
  const { rule, secret, facts, at, decoded } = match;
  const place = [
    `line ${at.startLine}, column ${at.startColumn}`,
    ...(decoded.length > 0 ? [`behind ${decoded.join(", ")}`] : []),
  ];
  return {
    rule,
    confidence: judgement.confidence,
    score: judgement.score,
    base: rule.confidence,
    reasons: judgement.reasons,
    secret: shown(secret, { redact: redact && rule.kind === "secret" }),
    facts,
    places: [place.join(", ")],
  };
}

const widthOf = ({ columns }: Io): number => columns ?? 80;

function* row(label: string, text: string, width: number, margin = 2): Iterable<string> {
  const indent = Math.max(14, label.length + margin + 2);
  const lead = solid(`${" ".repeat(margin)}${printable(label)}`);
  for (const line of fill(words(printable(text)), { lead, indent, width })) yield `${line}\n`;
}
