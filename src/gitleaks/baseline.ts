import type { Row } from "../foreign/row.ts";

/** All by which gitleaks tells a finding from another; the fingerprint is not among them. */
const compared = [
  ...(["RuleID", "Description", "StartLine", "EndLine", "StartColumn", "EndColumn"] as const),
  ...(["File", "Commit", "Author", "Email", "Date", "Message"] as const),
];

/**
 * Whether a row stands in a baseline, an old report. With `redact` the baseline is taken to be redacted, too, so that
 * neither match nor secret is compared.
 */
export function isKnown(row: Row, baseline: readonly Row[], { redact }: { redact: boolean }): boolean {
  return baseline.some(
    (old) =>
      compared.every((key) => old[key] === row[key]) &&
      Math.fround(old.Entropy) === Math.fround(row.Entropy) &&
      (redact || (old.Match === row.Match && old.Secret === row.Secret)),
  );
}
