/** The result for programs: `leaksweep/result/1`, described in docs and in `fixtures/reports/result.schema.json`. */
import type { BaselineAudit, CommitInfo, Finding, Occurrence, Result, Skip } from "../terms.ts";
import { json } from "./escape.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { shown } from "./veil.ts";

/** One JSON document, indented by two. It comes finding by finding, since the whole may not fit into one string. */
export const jsonReporter: Reporter = {
  name: "json",
  extension: "json",
  *render(result, options) {
    yield `${json(headOf(result, options), 2).slice(0, -2)},\n  "findings": [`;
    let separator = "\n    ";
    for (const finding of result.findings) {
      yield separator + json(findingOf(finding, options), 2).replaceAll("\n", "\n    ");
      separator = ",\n    ";
    }
    yield `${result.findings.length === 0 ? "" : "\n  "}]\n}\n`;
  },
};

/** Everything of a result but its findings, in the order of the format. */
export const headOf = (
  { target, rules, complete, tally, skips, baseline, remembered }: Result,
  { version }: RenderOptions,
): object => ({
  schema: "leaksweep/result/1",
  tool: { name: "leaksweep", version, rules },
  target: { kind: target.kind, path: target.path, url: target.url, range: target.range },
  complete,
  ...(remembered !== undefined && { remembered }),
  tally: {
    commits: tally.commits,
    blobs: tally.blobs,
    bytes: tally.bytes,
    texts: tally.texts,
    files: tally.files,
    skipped: tally.skipped,
    seconds: tally.seconds,
  },
  skips: skips.map(skipOf),
  baseline: baseline === undefined ? null : auditOf(baseline),
});

const auditOf = ({ entries, stale, expired }: BaselineAudit): object => ({
  entries,
  stale: stale.map(({ fingerprint, rule }) => ({ fingerprint, rule })),
  expired: expired.map(({ fingerprint, rule, until }) => ({ fingerprint, rule, until })),
});

/** One finding, every field in its place and null where there is nothing to say. */
export const findingOf = (finding: Finding, options: RenderOptions): object => ({
  fingerprint: finding.fingerprint,
  rule: finding.rule.id,
  name: finding.rule.name,
  provider: finding.rule.provider,
  severity: finding.rule.severity,
  confidence: finding.confidence,
  score: finding.score,
  reasons: finding.reasons.map(({ name, weight }) => ({ name, weight })),
  secret: finding.secret === undefined ? null : shown(finding.secret, options),
  verdict: finding.verdict,
  verdictReason: finding.verdictReason ?? null,
  status: finding.status,
  liveness: finding.liveness,
  livenessReason: finding.livenessReason ?? null,
  facts: finding.facts,
  introduced: commitOf(finding.introduced),
  removed: commitOf(finding.removed),
  refs: finding.refs,
  components: finding.components.map(({ rule, secret }) => ({ rule, secret: shown(secret, options) })),
  occurrences: finding.occurrences.map(occurrenceOf),
});

const skipOf = ({ path, blob, commit, by, reason }: Skip): object => ({
  path: path ?? null,
  blob: blob ?? null,
  commit: commit ?? null,
  by,
  reason,
});

const commitOf = (info: CommitInfo | undefined): object | null =>
  info === undefined
    ? null
    : { commit: info.commit, date: info.date, author: { name: info.author.name, email: info.author.email } };

const occurrenceOf = (occurrence: Occurrence): object => ({
  path: occurrence.path,
  where: occurrence.where,
  status: occurrence.status,
  first: { commit: occurrence.first.commit, blob: occurrence.first.blob },
  last: { commit: occurrence.last.commit, blob: occurrence.last.blob },
  versions: occurrence.versions,
  commit: occurrence.commit,
  blob: occurrence.blob,
  startLine: occurrence.startLine,
  startColumn: occurrence.startColumn,
  endLine: occurrence.endLine,
  endColumn: occurrence.endColumn,
  byteOffset: occurrence.byteOffset,
  decoded: occurrence.decoded,
  member: occurrence.member,
  url: occurrence.url,
});
