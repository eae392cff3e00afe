import type { Permit } from "../terms.ts";
import type { ForeignFile } from "./file.ts";
import { lineOf, meansRule } from "./permit.ts";
import { type Row, readRows, tellsSecret } from "./row.ts";

/**
 * What an old report of gitleaks, its baseline, permits. A row that tells its secret speaks of that secret in its
 * file, wherever it stands there now; a redacted row of its line, in its commit if it has one, and of its rule.
 */
export function readGitleaksReport(file: ForeignFile): Permit {
  const rows = new Map<string, Row[]>();
  for (const row of readRows(file)) rows.set(row.File, [...(rows.get(row.File) ?? []), row]);
  const allowance = { reason: `in the baseline ${file.name}` };
  return ({ match, path, commit }) => {
    const here = rows.get(path);
    if (here === undefined) return undefined;
    const secret = Buffer.from(match.secret.reveal()).toString("utf8");
    const known = (row: Row): boolean =>
      tellsSecret(row)
        ? row.Secret === secret
        : row.StartLine === lineOf(match) && (row.Commit || commit) === commit && meansRule(row.RuleID, match.rule);
    return here.some(known) ? allowance : undefined;
  };
}
