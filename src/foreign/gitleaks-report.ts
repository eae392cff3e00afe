import { basename } from "node:path";
import type { Permit } from "../terms.ts";
import type { ForeignFile } from "./file.ts";
import { lineOf, meansRule } from "./permit.ts";
import { type Row, readRows, tellsSecret } from "./row.ts";

/**
 * What an old report of gitleaks, its baseline, permits. A row that tells its secret speaks of that secret in its
 * file, wherever it stands there now; a redacted row of its line, in its commit if it has one, and of its rule. The
 * report itself, which holds all those secrets, may lie in the repository, too.
 */
export function readGitleaksReport(file: ForeignFile): Permit {
  const rows = new Map<string, Row[]>();
  const secrets = new Set<string>();
  for (const row of readRows(file)) if (tellsSecret(row)) secrets.add(row.Secret);
  const own = basename(file.name);
  for (const row of readRows(file)) rows.set(row.File, [...(rows.get(row.File) ?? []), row]);
  const allowance = { reason: `in the baseline ${file.name}` };
  return ({ match, path, commit }) => {
    const secret = Buffer.from(match.secret.reveal()).toString("utf8");
    if (basename(path) === own && secrets.has(secret)) return allowance;
    const here = rows.get(path);
    if (here === undefined) return undefined;
    const known = (row: Row): boolean =>
      tellsSecret(row)
        ? row.Secret === secret
        : row.StartLine === lineOf(match) && (row.Commit || commit) === commit && meansRule(row.RuleID, match.rule);
    return here.some(known) ? allowance : undefined;
  };
}
