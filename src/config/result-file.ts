/** Result files: what `--format json` or `jsonl` wrote, read again. What is in one is checked, for it came from anywhere. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { Secret } from "../bytes/secret.ts";
import { LeaksweepError } from "../errors.ts";
import { confidences, severities } from "../levels.ts";
import type { BaselineEntry, Finding, Result, Rule } from "../terms.ts";

const text = z.string();
const maybe = text.nullable();
const count = z.number().nonnegative();
const status = z.enum(["present", "removed", "unreachable", "uncommitted"]);
const version = z.object({ commit: maybe, blob: maybe });
const commit = z.object({ commit: text, date: text, author: z.object({ name: text, email: text }) }).nullable();

const occurrence = z.object({
  path: text,
  where: z.enum(["content", "message", "tag", "note", "path", "ref", "author", "config"]),
  status,
  first: version,
  last: version,
  versions: count,
  commit: maybe,
  blob: maybe,
  startLine: count,
  startColumn: count,
  endLine: count,
  endColumn: count,
  byteOffset: count,
  decoded: z.array(text),
  member: maybe,
  url: maybe,
});

const finding = z.object({
  fingerprint: text,
  rule: text,
  name: text,
  provider: text,
  severity: z.enum(severities),
  confidence: z.enum(confidences),
  score: z.number(),
  reasons: z.array(z.object({ name: text, weight: z.number() })),
  secret: maybe,
  verdict: z.enum(["new", "known", "allowed"]),
  verdictReason: maybe,
  status,
  liveness: z.enum(["unchecked", "live", "dead", "unknown"]),
  livenessReason: maybe.optional(),
  facts: z.record(text, z.union([text, z.number(), z.boolean()])),
  introduced: commit,
  removed: commit,
  refs: z.array(text),
  components: z.array(z.object({ rule: text, secret: text })),
  occurrences: z.array(occurrence),
});

const entry = z.object({ fingerprint: text, rule: text, until: maybe.optional() });

const head = z.object({
  schema: z.literal("leaksweep/result/1"),
  tool: z.object({ rules: text }),
  target: z.object({
    kind: z.enum(["git", "dir", "stdin", "staged", "push", "sweep"]),
    path: text,
    url: maybe,
    range: maybe,
  }),
  complete: z.boolean(),
  remembered: text.optional(),
  // In the order of `Result`, which reporters repeat.
  tally: z.object({
    commits: count,
    blobs: count,
    files: count,
    texts: count,
    bytes: count,
    skipped: count,
    seconds: count,
  }),
  skips: z.array(z.object({ path: maybe, blob: maybe, commit: maybe, by: z.enum(["policy", "fault"]), reason: text })),
  baseline: z.object({ entries: count, stale: z.array(entry), expired: z.array(entry) }).nullable(),
});

type Recorded = z.output<typeof finding>;
type Head = z.output<typeof head>;

/**
 * The result that a file holds. Its secrets have no bytes: what was redacted stays so.
 *
 * @param rules Those that are known by now: what a finding's rule says of itself and of revoking is theirs.
 * @throws LeaksweepError "usage.invalid" for a file that cannot be read, is no result, or was cut short.
 */
export async function readResult(
  path: string,
  { cwd, rules }: { cwd: string; rules: readonly Rule[] },
): Promise<Result> {
  const parts = await partsOf(path, cwd);
  try {
    const summary = parts.flatMap((part) => ("summary" in part ? [part.summary] : "schema" in part ? [part] : []));
    if (summary.length !== 1) throw new Error("its end is missing, or it is none");
    const found = parts.flatMap((part) => ("findings" in part ? part.findings : "summary" in part ? [] : [part]));
    const known = new Map(rules.map((rule) => [rule.id, rule]));
    const findings = z.array(finding).parse(found);
    return resultOf(
      head.parse(summary[0]),
      findings.map((one) => findingOf(one, known.get(one.rule))),
    );
  } catch (cause) {
    throw unreadable(
      path,
      cause instanceof z.ZodError ? z.prettifyError(cause).split("\n").slice(0, 2).join(" ") : said(cause),
      cause,
    );
  }
}

async function partsOf(path: string, cwd: string): Promise<Record<string, unknown>[]> {
  try {
    const all = await readFile(resolve(cwd, path), "utf8");
    const lines = all.trimStart().startsWith('{"') ? all.split("\n").filter((line) => line !== "") : [all];
    return z.array(z.looseObject({})).parse(lines.map((line) => JSON.parse(line)));
  } catch (cause) {
    throw unreadable(path, (cause as NodeJS.ErrnoException).code ?? "it is not JSON", cause);
  }
}

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const unreadable = (path: string, why: string, cause: unknown): LeaksweepError =>
  new LeaksweepError("usage.invalid", `Cannot read result "${path}": ${why}`, {
    hint: "Name a file that was written with --format json or jsonl.",
    cause,
  });

function resultOf({ tool, baseline, skips, ...rest }: Head, findings: readonly Finding[]): Result {
  const { schema: _, remembered, ...own } = rest;
  const line = ({ until, ...one }: z.output<typeof entry>): BaselineEntry => ({
    ...one,
    state: "allowed",
    ...(until && { until }),
  });
  return {
    ...own,
    ...(remembered !== undefined && { remembered }),
    rules: tool.rules,
    skips: skips.map(({ path, blob, commit, ...skip }) => ({
      ...skip,
      ...(path !== null && { path }),
      ...(blob !== null && { blob }),
      ...(commit !== null && { commit }),
    })),
    findings,
    ...(baseline && {
      baseline: { ...baseline, stale: baseline.stale.map(line), expired: baseline.expired.map(line) },
    }),
  };
}

function findingOf(recorded: Recorded, known: Rule | undefined): Finding {
  const { rule: _id, name: _name, provider: _provider, severity: _severity, ...rest } = recorded;
  const { secret, verdictReason, livenessReason, introduced, removed, components, ...own } = rest;
  return {
    ...own,
    rule: known ?? ruleOnPaper({ ...recorded, kind: kindOf(recorded) }),
    ...(secret !== null && { secret: secretOf(secret) }),
    ...(verdictReason !== null && { verdictReason }),
    ...(typeof livenessReason === "string" && { livenessReason }),
    ...(introduced && { introduced }),
    ...(removed && { removed }),
    components: components.map((part) => ({ rule: part.rule, secret: secretOf(part.secret) })),
  };
}

/** An exposure is a setting, and so a fact; a file is one for its path alone. */
function kindOf({ fingerprint, facts }: Pick<Recorded, "fingerprint" | "facts">): Rule["kind"] {
  if (!fingerprint.startsWith("lx1:")) return "secret";
  return facts.setting === undefined ? "file" : "exposure";
}

/** A file can hold secrets in full, which are then veiled as everywhere. */
const secretOf = (written: string): Secret =>
  /^[\x20-\x7e·]{0,4}…\(\d+\)$/.test(written) ? Secret.known(written) : new Secret(Buffer.from(written));

/** A rule of which only what a finding says is known: no rulepack has it any more. It matches nothing. */
export const ruleOnPaper = ({
  rule,
  name,
  provider,
  severity,
  confidence,
  kind,
}: Pick<Recorded, "rule" | "name" | "provider" | "severity" | "confidence"> & Pick<Rule, "kind">): Rule => ({
  id: rule,
  name,
  provider,
  kind,
  severity,
  confidence,
  generic: provider === "generic",
  keywords: [],
  pattern: { source: "", reach: { before: 0, after: 0 }, exec: () => undefined },
  component: false,
  unscreened: [],
  references: [],
});
