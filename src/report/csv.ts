/**
 * CSV (RFC 4180) for spreadsheets and scripts: a row for each place of each finding, then a row for each thing that
 * was not read, so that a table without findings can't be taken for a clean repository.
 */
import { stringify } from "csv-stringify/sync";
import type { Finding, Occurrence, Result, Skip } from "../terms.ts";
import { printable } from "./escape.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { shown } from "./veil.ts";

type Cell = string | number | null | undefined;

/** Columns of a place, in their order. */
const place: Readonly<Record<string, (finding: Finding, occurrence: Occurrence, options: RenderOptions) => Cell>> = {
  kind: ({ rule }) => rule.kind,
  fingerprint: ({ fingerprint }) => fingerprint,
  rule: ({ rule }) => rule.id,
  name: ({ rule }) => rule.name,
  severity: ({ rule }) => rule.severity,
  confidence: ({ confidence }) => confidence,
  verdict: ({ verdict }) => verdict,
  reason: ({ verdictReason }) => verdictReason,
  status: (_, { status }) => status,
  liveness: ({ liveness }) => liveness,
  secret: ({ secret }, _, options) => secret && shown(secret, options),
  where: (_, { where }) => where,
  path: (_, { path }) => path,
  member: (_, { member }) => member,
  line: (_, { startLine }) => startLine,
  column: (_, { startColumn }) => startColumn,
  end_line: (_, { endLine }) => endLine,
  end_column: (_, { endColumn }) => endColumn,
  commit: (_, { commit }) => commit,
  blob: (_, { blob }) => blob,
  versions: (_, { versions }) => versions,
  introduced_commit: ({ introduced }) => introduced?.commit,
  introduced_date: ({ introduced }) => introduced?.date,
  introduced_author: ({ introduced }) => introduced?.author.name,
  introduced_email: ({ introduced }) => introduced?.author.email,
  removed_commit: ({ removed }) => removed?.commit,
  removed_date: ({ removed }) => removed?.date,
  removed_author: ({ removed }) => removed?.author.name,
  removed_email: ({ removed }) => removed?.author.email,
  refs: ({ refs }) => refs.join(" "),
  url: (_, { url }) => url,
  liveness_reason: ({ livenessReason }) => livenessReason,
};

const names = Object.keys(place);

export const csvReporter: Reporter = {
  name: "csv",
  extension: "csv",
  *render(result, options) {
    yield line(names);
    for (const cells of rows(result, options)) yield line(cells);
  },
};

function* rows({ findings, skips }: Result, options: RenderOptions): Generator<readonly Cell[]> {
  for (const finding of findings) {
    for (const occurrence of finding.occurrences) {
      yield names.map((name) => place[name]?.(finding, occurrence, options));
    }
  }
  for (const skip of skips) yield names.map((name) => skipped(skip)[name]);
}

const skipped = ({ by, reason, path, blob, commit }: Skip): Readonly<Record<string, Cell>> => ({
  kind: "skip",
  verdict: by,
  reason,
  path,
  blob,
  commit,
});

const line = (cells: readonly Cell[]): string => stringify([cells.map(safe)], { escape_formulas: true, bom: false });

/** `escape_formulas` knows `=`, `+`, `-`, `@` and their wide forms; old spreadsheets also obey `|` and `%`. */
function safe(cell: Cell): string | number {
  if (typeof cell === "number") return cell;
  const text = printable(cell ?? "");
  return /^[|%]/.test(text) ? `'${text}` : text;
}
