/**
 * GitLab's secret detection report (`artifacts:reports:secret_detection`), schema 15.2.1 of
 * gitlab-org/security-products/security-report-schemas: one vulnerability for each new finding, at the place where it
 * still stands. GitLab has no word for findings that were accepted elsewhere, so those stay out.
 */
import type { Finding, Occurrence, Result, Severity } from "../terms.ts";
import { anchorOf } from "./anchor.ts";
import { json, printable } from "./escape.ts";
import { isOpen } from "./liveness.ts";
import { placeName } from "./place.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { band, risk } from "./risk.ts";
import { skipGroups, skipPhrase } from "./skip-groups.ts";
import { shown } from "./veil.ts";

export const gitlabReporter: Reporter = {
  name: "gitlab",
  extension: "gitlab.json",
  *render(result, options) {
    yield `${json({ version, scan: scanOf(result, options) }, 2).slice(0, -2)},\n  "vulnerabilities": [`;
    let separator = "\n    ";
    const fresh = result.findings.filter(isOpen);
    for (const finding of fresh) {
      yield separator + json(vulnerabilityOf(finding, options), 2).replaceAll("\n", "\n    ");
      separator = ",\n    ";
    }
    yield `${fresh.length === 0 ? "" : "\n  "}]\n}\n`;
  },
};

const version = "15.2.1";

function scanOf({ complete, skips, tally }: Result, { version, ended }: RenderOptions): object {
  const tool = { id: "leaksweep", name: "leaksweep", version, vendor: { name: "leaksweep" } };
  const messages = skipGroups(skips).map((group) => ({
    level: group.by === "fault" ? "warn" : "info",
    value: printable(skipPhrase(group)),
  }));
  return {
    analyzer: tool,
    scanner: tool,
    type: "secret_detection",
    start_time: time(new Date(ended.getTime() - tally.seconds * 1000)),
    end_time: time(ended),
    status: complete ? "success" : "failure",
    messages,
  };
}

/** `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone, as the schema has it. */
const time = (date: Date): string => date.toISOString().slice(0, 19);

const severities: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
};

// The lengths that the schema allows.
const mostName = 255;
const mostSolution = 7000;

function vulnerabilityOf(finding: Finding, options: RenderOptions): object {
  const { rule, fingerprint, secret, occurrences, status, confidence } = finding;
  const [first] = occurrences;
  const token = secret === undefined ? undefined : shown(secret, options);
  const steps = options.remedy(finding).map(({ text, url, command }) => [text, url, command].filter(Boolean).join(" "));
  const links = [rule.revoke?.url, ...rule.references].flatMap((url) =>
    /^https?:\/\/./.test(url ?? "") ? { url } : [],
  );
  return {
    id: fingerprint,
    name: rule.name.slice(0, mostName),
    description: printable(
      `${rule.name}${token === undefined ? "" : ` ${token}`} (${status}, ${confidence} confidence)`,
    ),
    severity: severities[band(risk(finding))],
    solution: printable(steps.join(" ")).slice(0, mostSolution),
    identifiers: [{ type: "leaksweep_rule_id", name: `leaksweep rule ${rule.id}`, value: rule.id }],
    ...(links.length > 0 && { links }),
    ...(first !== undefined && { location: locationOf(first, finding) }),
    ...(token !== undefined && { raw_source_code_extract: token }),
    details: detailsOf(finding),
  };
}

/** What stands in no commit yet must be given one all the same. */
const nowhere = "0".repeat(40);

function locationOf(occurrence: Occurrence, { introduced }: Finding): object {
  const { path, region } = anchorOf(occurrence);
  const sha = occurrence.commit ?? nowhere;
  const known = introduced?.commit === sha ? { date: introduced.date, author: introduced.author.name } : {};
  return {
    file: path,
    start_line: region?.startLine ?? 1,
    end_line: region?.endLine ?? 1,
    commit: { sha, ...known },
  };
}

const mostPlaces = 100;

function detailsOf({ occurrences, introduced, removed, fingerprint }: Finding): object {
  const text = (name: string, value: string): object => ({ name, type: "text", value: printable(value) });
  return {
    fingerprint: text("Fingerprint", fingerprint),
    ...(introduced && { introduced: { name: "Introduced", type: "commit", value: introduced.commit } }),
    ...(removed && { removed: { name: "Removed", type: "commit", value: removed.commit } }),
    places: {
      name: `Places (${occurrences.length})`,
      type: "list",
      items: occurrences
        .slice(0, mostPlaces)
        .map((occurrence) => ({ type: "text", value: printable(`${placeName(occurrence)} (${occurrence.status})`) })),
    },
  };
}
