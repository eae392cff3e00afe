import { meanTheSame } from "../foreign/default-rules.ts";
import { type Row, tellsSecret } from "../foreign/row.ts";

/** All by which gitleaks tells a finding from another; the fingerprint is not among them. */
const compared = [
  ...(["RuleID", "Description", "StartLine", "EndLine", "StartColumn", "EndColumn"] as const),
  ...(["File", "Commit", "Author", "Email", "Date", "Message"] as const),
];

export interface Comparison {
  /** Neither match nor secret is compared: the baseline is taken to be redacted. */
  readonly redact: boolean;
  /** A rule of ours stands in for one of gitleaks, and what is known of the latter's finding is less. */
  readonly standsIn: boolean;
}

/**
 * Whether a row stands in a baseline, an old report. With `redact` the baseline is taken to be redacted, too, so that
 * neither match nor secret is compared.
 */
export function isKnown(row: Row, baseline: readonly Row[], { redact, standsIn }: Comparison): boolean {
  if (standsIn) return baseline.some((old) => isStoodFor(row, old, redact));
  return baseline.some(
    (old) =>
      compared.every((key) => old[key] === row[key]) &&
      Math.fround(old.Entropy) === Math.fround(row.Entropy) &&
      (redact || (old.Match === row.Match && old.Secret === row.Secret)),
  );
}

/**
 * Whether a row of gitleaks speaks of what a rule of ours found in its rule's stead. Two rules for one credential
 * differ in words, in columns and in where they cut, but not in the file, its version and the lines; and where both
 * tell their secret, one holds the other.
 */
function isStoodFor(row: Row, old: Row, redact: boolean): boolean {
  if (old.File !== row.File || old.Commit !== row.Commit) return false;
  if (old.StartLine > row.EndLine || row.StartLine > old.EndLine) return false;
  if (redact || !tellsSecret(old)) return meanTheSame(old.RuleID, row.RuleID);
  return old.Secret.includes(row.Secret) || row.Secret.includes(old.Secret);
}
