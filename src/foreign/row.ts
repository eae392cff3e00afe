/**
 * A row of a gitleaks report, and of a baseline, which is an old report. Names and order of the keys are those of
 * gitleaks 8.30 (`report/finding.go`); `Link` is left out where there is none.
 */
import { type ForeignFile, refusal } from "./file.ts";
import { integerAt, isTable, readJson, stringAt } from "./json.ts";

export interface Row {
  readonly RuleID: string;
  readonly Description: string;
  readonly StartLine: number;
  readonly EndLine: number;
  readonly StartColumn: number;
  readonly EndColumn: number;
  readonly Match: string;
  readonly Secret: string;
  readonly File: string;
  readonly SymlinkFile: string;
  readonly Commit: string;
  readonly Link?: string;
  readonly Entropy: number;
  readonly Author: string;
  readonly Email: string;
  readonly Date: string;
  readonly Message: string;
  readonly Tags: readonly string[];
  readonly Fingerprint: string;
}

/** The rows of a report. Throws `config.invalid` for a file that is none. */
export function readRows(file: ForeignFile): readonly Row[] {
  const rows = readJson(file) ?? [];
  if (!Array.isArray(rows) || !rows.every((row) => isTable(row) && typeof row.RuleID === "string")) {
    throw refusal(file.name, "it is no gitleaks report", "Name a report that gitleaks wrote as JSON.");
  }
  return rows.filter(isTable).map((row) => ({
    RuleID: stringAt(row, "RuleID"),
    Description: stringAt(row, "Description"),
    StartLine: integerAt(row, "StartLine"),
    EndLine: integerAt(row, "EndLine"),
    StartColumn: integerAt(row, "StartColumn"),
    EndColumn: integerAt(row, "EndColumn"),
    Match: stringAt(row, "Match"),
    Secret: stringAt(row, "Secret"),
    File: stringAt(row, "File"),
    SymlinkFile: stringAt(row, "SymlinkFile"),
    Commit: stringAt(row, "Commit"),
    Entropy: integerAt(row, "Entropy"),
    Author: stringAt(row, "Author"),
    Email: stringAt(row, "Email"),
    Date: stringAt(row, "Date"),
    Message: stringAt(row, "Message"),
    Tags: [],
    Fingerprint: stringAt(row, "Fingerprint"),
  }));
}

/** Whether a row of a report tells its secret: redacted ones read `REDACTED`, or end in three dots. */
export const tellsSecret = ({ Secret }: Row): boolean =>
  Secret !== "" && Secret !== "REDACTED" && !Secret.endsWith("...");
