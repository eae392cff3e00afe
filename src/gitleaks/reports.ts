/**
 * Reports in the shapes that gitleaks 8.30 writes (`report/*.go` there), for programs that read those. Secrets are
 * redacted in the rows already, where they are to be.
 */
import type { Row } from "../foreign/row.ts";
import { json as safeJson } from "../report/escape.ts";

/** What a report is made of. */
export interface Report {
  readonly rows: readonly Row[];
  /** Rules that were looked for: id and description. */
  readonly rules: readonly { readonly id: string; readonly description: string }[];
}

/** Formats by name; each gives the whole text of a report. */
export const formats: Readonly<Record<string, (report: Report) => string>> = { json, csv, sarif, junit };

/** A bare array, indented by one space; Go writes `<`, `>` and `&` as escapes. */
function json({ rows }: Report): string {
  return `${asGo(rows.map(forJson))}\n`;
}

/** Keys in their order; numbers as Go writes 32-bit floats. */
const forJson = (row: Row): object => ({ ...row, Entropy: shortest(row.Entropy) });

/** The shortest decimal that is this 32-bit float. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return value;
}

/** JSON that says the same as Go's, and in which no character acts on a terminal. `tabs` instead of spaces. */
function asGo(value: unknown, { tabs = false } = {}): string {
  const text = safeJson(value, 1).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  return tabs ? text.replace(/^ +/gm, (spaces) => "\t".repeat(spaces.length)) : text;
}

const columns = [
  ...(["RuleID", "Commit", "File", "SymlinkFile", "Secret", "Match", "StartLine", "EndLine"] as const),
  ...(["StartColumn", "EndColumn", "Author", "Message", "Date", "Email", "Fingerprint", "Tags"] as const),
];

/** Nothing at all for no rows. A link column only where the first row has one. */
function csv({ rows }: Report): string {
  const [first] = rows;
  if (first === undefined) return "";
  const names = [...columns, ...(first.Link === undefined ? [] : (["Link"] as const))];
  const line = (cells: readonly string[]): string => `${cells.map(cell).join(",")}\n`;
  const text = (row: Row, name: (typeof names)[number]): string =>
    name === "Tags" ? row.Tags.join(" ") : String(row[name] ?? "");
  return [line(names), ...rows.map((row) => line(names.map((name) => text(row, name))))].join("");
}

/** A field as Go's encoding/csv writes it: quoted where it must be, or begins with white space. */
const cell = (text: string): string =>
  text !== "" && (/[",\r\n]/.test(text) || /^\s/u.test(text) || text === "\\.")
    ? `"${text.replaceAll('"', '""')}"`
    : text;

function sarif({ rows, rules }: Report): string {
  const driver = {
    name: "gitleaks",
    semanticVersion: "v8.0.0",
    informationUri: "https://github.com/gitleaks/gitleaks",
    rules: rules.map(({ id, description }) => ({ id, shortDescription: { text: description } })),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results: rows.map(sarifResult) }],
  };
  return `${asGo(log)}\n`;
}

const sarifResult = (row: Row): object => ({
  message: {
    text: `${row.RuleID} has detected secret for file ${row.File}${row.Commit === "" ? "" : ` at commit ${row.Commit}`}.`,
  },
  ruleId: row.RuleID,
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: row.SymlinkFile || row.File },
        region: {
          startLine: row.StartLine,
          startColumn: row.StartColumn,
          endLine: row.EndLine,
          endColumn: row.EndColumn,
          snippet: { text: row.Secret },
        },
      },
    },
  ],
  partialFingerprints: {
    commitSha: row.Commit,
    email: row.Email,
    author: row.Author,
    date: row.Date,
    commitMessage: row.Message,
  },
  properties: { tags: row.Tags },
});

function junit({ rows }: Report): string {
  const count = rows.length;
  const cases = rows.map(junitCase).join("");
  const open = `<testsuite failures="${count}" name="gitleaks" tests="${count}" time="">`;
  const suite = count === 0 ? `${open}</testsuite>` : `${open}${cases}\n\t</testsuite>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n\t${suite}\n</testsuites>`;
}

function junitCase(row: Row): string {
  const at = row.Commit === "" ? "" : `, at commit ${row.Commit}`;
  const name = xml(`${row.RuleID} has detected a secret in file ${row.File}, line ${row.StartLine}${at}.`);
  const kind = xml(row.Description);
  const failure = `<failure message="${name}" type="${kind}">${xml(asGo(forJson(row), { tabs: true }))}</failure>`;
  const open = `<testcase classname="${kind}" file="${xml(row.File)}" name="${name}" time="">`;
  return `\n\t\t${open}\n\t\t\t${failure}\n\t\t</testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

/** Text as Go's encoding/xml writes it; what XML cannot hold becomes U+FFFD. */
const xml = (text: string): string =>
  text
    .replace(/["'&<>\t\n\r]/g, (char) => entities[char] ?? char)
    .replace(/[^\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
