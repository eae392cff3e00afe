/** One finding as one SARIF result: where it still stands first, all other places as related ones. */
import type { Result } from "sarif";
import type { CommitInfo, Finding } from "../terms.ts";
import { isOpen, livenessWords } from "./liveness.ts";
import type { RenderOptions } from "./reporter.ts";
import { risk } from "./risk.ts";
import { locationOf, plain } from "./sarif-location.ts";
import { shown } from "./veil.ts";
import { counted, refName, shortId } from "./wording.ts";

/** GitHub refuses results with more than 1,000 places and shows 100 of them. */
const mostRelated = 99;

/** The result of one finding. `ruleIndex` points into the rules of the run. */
export function resultOf(finding: Finding, ruleIndex: number, options: RenderOptions): Result {
  const { rule, fingerprint, occurrences, score } = finding;
  const [first, ...others] = occurrences.map(
    (occurrence, id) => () => locationOf(occurrence, { id, finding, options }),
  );
  return {
    ruleId: rule.id,
    ruleIndex,
    kind: "fail",
    level: levelOf(finding),
    rank: Math.round(score * 1000) / 10,
    message: { text: messageOf(finding, options) },
    locations: first === undefined ? [] : [first()],
    ...(others.length > 0 && { relatedLocations: others.slice(0, mostRelated).map((location) => location()) }),
    // GitHub tells alerts apart by the first of these; with ours one secret stays one alert when lines move.
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1`, "leaksweep/v1": fingerprint },
    ...(isOpen(finding) ? {} : { suppressions: [suppressionOf(finding)] }),
    properties: propertiesOf(finding),
  };
}

/** A level by confidence and liveness: what may be nothing is a warning, what opens nothing any more is a note. */
function levelOf({ rule, confidence, liveness }: Finding): Result["level"] & string {
  if (liveness === "dead") return "note";
  if (liveness === "live") return "error";
  return rule.kind === "exposure" || confidence === "low" ? "warning" : "error";
}

function suppressionOf({ verdictReason }: Finding): NonNullable<Result["suppressions"]>[number] {
  return {
    kind: "external",
    status: "accepted",
    ...(verdictReason !== undefined && { justification: plain(verdictReason) }),
  };
}

function messageOf(finding: Finding, options: RenderOptions): string {
  const { rule, secret, confidence, introduced, occurrences, verdict, verdictReason } = finding;
  const token = secret === undefined ? "" : ` ${shown(secret, options)}`;
  const since = introduced === undefined ? "" : ` It came with ${event(introduced)}.`;
  const places = occurrences.length > 1 ? ` It is in ${counted(occurrences.length, "place")}.` : "";
  const why = verdict === "new" && verdictReason !== undefined ? ` Note: ${verdictReason}.` : "";
  const alive = finding.liveness === "unchecked" ? "" : ` It is ${livenessWords(finding)}.`;
  const [advice] = options.remedy(finding);
  const cure = advice === undefined ? "" : ` ${advice.text}${advice.url === undefined ? "" : ` ${advice.url}`}`;
  return plain(
    `${rule.name}${token} (${confidence} confidence): ${standing(finding)}.${since}${places}${why}${alive}${cure}`,
  );
}

const event = ({ commit, date, author }: CommitInfo): string =>
  `${shortId(commit)} of ${date.slice(0, 10)} by ${author.name || author.email || "nobody named"}`;

function standing({ status, removed, refs }: Finding): string {
  const [ref] = refs;
  switch (status) {
    case "present":
      return ref === undefined ? "it is there now" : `it is present in ${refName(ref)}`;
    case "uncommitted":
      return "it is not committed yet";
    case "removed":
      return `only in history${removed === undefined ? "" : `, taken out by ${event(removed)}`}`;
    case "unreachable":
      return "only in objects that no branch reaches";
  }
}

function propertiesOf(finding: Finding): NonNullable<Result["properties"]> {
  const { fingerprint, rule, verdict, status, liveness, confidence, score, introduced, removed, refs } = finding;
  const inHistoryOnly = status === "removed" || status === "unreachable";
  return {
    tags: [status, ...(inHistoryOnly ? ["history-only"] : [])],
    "security-severity": risk(finding).toFixed(1),
    fingerprint,
    severity: rule.severity,
    confidence,
    score,
    verdict,
    status,
    liveness,
    ...(introduced && { introduced }),
    ...(removed && { removed }),
    refs,
  };
}
