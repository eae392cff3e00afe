/**
 * What the judged side says of itself where its word does not count: each finding that its own files or comments would
 * hide stays new, and says so. Whoever wrote them learns why they are of no use; whoever reads along, that they are there.
 */
import type { Finding, Result } from "../terms.ts";

/** @param own Judges the same by the judged side's own files; asked only when something counts. */
export async function withOwnWord(
  result: Result,
  { counts, own }: { readonly counts: (finding: Finding) => boolean; readonly own: () => Promise<Result> },
): Promise<Result> {
  if (!result.findings.some((finding) => finding.verdict === "new" && counts(finding))) return result;
  const theirs = new Map((await own()).findings.map((finding) => [finding.fingerprint, finding]));
  const findings = result.findings.map((finding) => {
    const hidden = hiddenBy(finding, theirs.get(finding.fingerprint));
    return hidden === undefined ? finding : { ...finding, verdictReason: hidden };
  });
  return { ...result, findings };
}

function hiddenBy(finding: Finding, theirs: Finding | undefined): string | undefined {
  if (finding.verdict !== "new" || theirs?.verdict === "new") return undefined;
  if (theirs === undefined) return "allowed by this change: its config leaves it out";
  return `allowed by this change${theirs.verdictReason === undefined ? "" : `: ${theirs.verdictReason}`}`;
}
