/**
 * The order in which findings and occurrences are reported: what hurts most comes first, and two runs over the same
 * input give the same bytes. Strings are compared by code unit, since a locale would differ from machine to machine.
 */
import type { Finding, Occurrence, Severity, Status, Where } from "../terms.ts";

const severities: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

const statuses: Readonly<Record<Status, number>> = { present: 0, uncommitted: 1, removed: 2, unreachable: 3 };

const wheres: Readonly<Record<Where, number>> = {
  content: 0,
  config: 1,
  message: 2,
  tag: 3,
  note: 4,
  path: 5,
  ref: 6,
  author: 7,
};

/**
 * Orders findings by severity, then rule, then path and line of their first occurrence; the fingerprint decides
 * between equals. Sort the occurrences first.
 */
export function compareFindings(one: Finding, other: Finding): number {
  return compare(findingKeys(one), findingKeys(other));
}

/**
 * Orders the occurrences of one finding: what is present comes before what is gone, contents before messages and
 * names, then by path, member and place, last by commit. An occurrence has no date, so newer and older runs at one
 * place follow each other in the order of their ids: arbitrary, but the same in every run.
 */
export function compareOccurrences(one: Occurrence, other: Occurrence): number {
  return compare(occurrenceKeys(one), occurrenceKeys(other));
}

type Keys = readonly (string | number)[];

const findingKeys = ({ rule, occurrences: [first], fingerprint }: Finding): Keys => [
  severities[rule.severity],
  rule.id,
  first?.path ?? "",
  first?.startLine ?? 0,
  first?.startColumn ?? 0,
  fingerprint,
];

const occurrenceKeys = (occurrence: Occurrence): Keys => [
  statuses[occurrence.status],
  wheres[occurrence.where],
  occurrence.path,
  occurrence.member ?? "",
  occurrence.startLine,
  occurrence.startColumn,
  occurrence.byteOffset,
  occurrence.last.commit ?? "",
  occurrence.last.blob ?? "",
  occurrence.first.commit ?? "",
];

function compare(one: Keys, other: Keys): number {
  for (const [index, key] of one.entries()) {
    const against = other[index] ?? "";
    if (key !== against) return key < against ? -1 : 1;
  }
  return 0;
}
