/** What an organisation has leaked, as a table: for a terminal, for spreadsheets, for programs. */
import { stringify } from "csv-stringify/sync";
import { json, printable } from "./escape.ts";

/** A finding in one repository. Dates are RFC 3339. */
export interface Holding {
  readonly repository: string;
  readonly owner: string;
  readonly status: string;
  readonly verdict: string;
  /** First place in it. */
  readonly path: string;
  readonly url: string | null;
  readonly places: number;
  /** Since when it is in the open, and who brought it in. */
  readonly introduced: {
    readonly date: string;
    readonly by: string;
    readonly email: string;
    readonly commit: string | null;
  } | null;
  readonly removed: { readonly date: string; readonly by: string; readonly commit: string | null } | null;
  /** Whole days it stood in the open where everybody looks: until it was taken out, or until now. */
  readonly days: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The repository is no longer there. */
  readonly gone: boolean;
}

/** One secret with all repositories that hold it. */
export interface Held {
  readonly fingerprint: string;
  readonly rule: string;
  readonly name: string;
  readonly provider: string;
  readonly severity: string;
  readonly confidence: string;
  readonly secret: string | null;
  /** The newest sweep was the first to see it. */
  readonly fresh: boolean;
  readonly holdings: readonly Holding[];
}

/** Findings as a JSON array, each whole. */
export function* holdingsJson(held: Iterable<Held>): Iterable<string> {
  yield "[";
  let separator = "\n";
  for (const one of held) {
    yield separator + json(one, 2);
    separator = ",\n";
  }
  yield "\n]\n";
}

/** A row for each finding in each repository. */
export function* holdingsCsv(held: Iterable<Held>): Iterable<string> {
  yield line([
    "fingerprint",
    "rule",
    "severity",
    "confidence",
    "secret",
    "new",
    "repository",
    "owner",
    "status",
    "verdict",
    "path",
    "places",
    "introduced",
    "by",
    "email",
    "removed",
    "removed_by",
    "days",
    "first_seen",
    "last_seen",
    "gone",
    "url",
  ]);
  for (const { holdings, ...one } of held) {
    for (const { introduced, removed, ...at } of holdings) {
      const what = [one.fingerprint, one.rule, one.severity, one.confidence, one.secret ?? "", one.fresh];
      const where = [at.repository, at.owner, at.status, at.verdict, at.path, at.places];
      const when = [
        introduced?.date ?? "",
        introduced?.by ?? "",
        introduced?.email ?? "",
        removed?.date ?? "",
        removed?.by ?? "",
      ];
      yield line([...what, ...where, ...when, at.days, at.firstSeen, at.lastSeen, at.gone, at.url ?? ""]);
    }
  }
}

// Cells are strangers' words, and a spreadsheet runs what begins with an equals sign.
const line = (cells: readonly (string | number | boolean)[]): string =>
  stringify([cells.map((cell) => (typeof cell === "string" ? printable(cell) : String(cell)))], {
    escape_formulas: true,
  });

/** A line for each finding in each repository, columns aligned. */
export function* holdingsTable(held: readonly Held[], width: number): Iterable<string> {
  const rows = held.flatMap((one) => one.holdings.map((holding) => cellsOf(one, holding)));
  if (rows.length === 0) return yield "no findings\n";
  const titles = ["severity", "rule", "secret", "status", "repository", "path", "since", "days", "by"];
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((cells) => cells[at]?.length ?? 0)));
  for (const cells of [titles, ...rows]) {
    const text = cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
    yield `${text.length <= width ? text : `${text.slice(0, width - 1)}…`}\n`;
  }
  const repositories = new Set(held.flatMap(({ holdings }) => holdings.map(({ repository }) => repository))).size;
  const fresh = held.filter((one) => one.fresh).length;
  yield `${count(held.length, "finding")} in ${count(repositories, "repository")}${fresh > 0 ? `, ${fresh} new since the sweep before` : ""}\n`;
}

function cellsOf(
  { severity, rule, secret, fresh }: Held,
  { status, repository, path, introduced, days, gone }: Holding,
): string[] {
  const cells = [
    severity,
    rule,
    secret ?? "–",
    gone ? `${status}, gone` : status,
    repository,
    path,
    introduced?.date.slice(0, 10) ?? "–",
    String(days),
    introduced?.by ?? "–",
  ];
  return [`${fresh ? "+ " : ""}${cells[0]}`, ...cells.slice(1).map((cell) => printable(cell))];
}

const count = (n: number, noun: string): string => `${n} ${n === 1 ? noun : noun.replace(/y$/, "ie").concat("s")}`;
