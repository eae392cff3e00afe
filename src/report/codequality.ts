/**
 * GitLab's code quality report (`artifacts:reports:codequality`, a subset of the Code Climate format), which every
 * edition of GitLab shows in merge requests: an entry for each new finding, and one for each reason why something was
 * not read, since an empty list reads as clean.
 */
import type { Finding, Result, Severity } from "../terms.ts";
import { anchorOf } from "./anchor.ts";
import { json, printable } from "./escape.ts";
import { isOpen } from "./liveness.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { band, risk } from "./risk.ts";
import { skipGroups } from "./skip-groups.ts";
import { shown } from "./veil.ts";
import { counted } from "./wording.ts";

export const codequalityReporter: Reporter = {
  name: "codequality",
  extension: "codequality.json",
  *render(result, options) {
    const entries = [...faults(result), ...result.findings.filter(isOpen).map((finding) => entryOf(finding, options))];
    yield `[${entries.map((entry) => `\n  ${json(entry)}`).join(",")}${entries.length === 0 ? "" : "\n"}]\n`;
  },
};

const severities: Readonly<Record<Severity, string>> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
};

function entryOf(finding: Finding, options: RenderOptions): object {
  const { rule, secret, occurrences, fingerprint, status } = finding;
  const [first] = occurrences;
  const { path, region } = first === undefined ? { path: "." } : anchorOf(first);
  const token = secret === undefined ? "" : ` ${shown(secret, options)}`;
  const more = occurrences.length > 1 ? `, in ${counted(occurrences.length, "place")}` : "";
  return {
    description: printable(`${rule.name}${token} (${status}${more})`),
    check_name: rule.id,
    fingerprint,
    severity: severities[band(risk(finding))],
    location: { path, lines: { begin: region?.startLine ?? 1 } },
  };
}

const faults = ({ skips }: Result): object[] =>
  skipGroups(skips)
    .filter(({ by }) => by === "fault")
    .map(({ reason, skips }) => ({
      description: printable(`Incomplete: ${counted(skips.length, "thing")} could not be read (${reason})`),
      check_name: "leaksweep.incomplete",
      fingerprint: `incomplete: ${printable(reason)}`,
      severity: "blocker",
      location: { path: skips.find(({ path }) => path !== undefined)?.path ?? ".", lines: { begin: 1 } },
    }));
