/** From what a scan traced to the rows of a gitleaks report: one for each match at each place, not one for a secret. */

import { shownId } from "../foreign/default-rules.ts";
import { seenOf } from "../foreign/passage.ts";
import { lineOf } from "../foreign/permit.ts";
import type { Row } from "../foreign/row.ts";
import { foreignId, isForeign } from "../foreign/rule.ts";
import { foreignEntropy } from "../foreign/searcher.ts";
import type { PatchCommit } from "../git/patch.ts";
import type { Match, Permit, Placed, Rule } from "../terms.ts";
import type { Traces } from "../triage/findings.ts";

export interface RowOptions {
  /** What allowlists leave out. */
  readonly permits: readonly Permit[];
  /** What is left out of what is then found: even so it silences generic rules. */
  readonly ignores: readonly Permit[];
  /** Path of a file as the report has it. */
  readonly fileOf: (path: string) => string;
  /** The link by which that file was met, as the report has it; empty where it was none. */
  readonly linkOf: (path: string) => string;
  readonly tagsOf: (rule: Rule) => readonly string[];
  /** `gitleaks:allow` on a line of the match leaves it out. */
  readonly comments: boolean;
  /** Said of all that only one part of the target showed, by the part's number. */
  readonly extras: readonly (string | undefined)[];
}

/** A row before its commit is known by more than its id. */
export type Draft = Omit<Row, "Author" | "Email" | "Date" | "Message" | "Link">;

/**
 * Drafts of all rows, ordered by file, line, column, rule and commit. Of a part that is marked as extra come only
 * those secrets that no part before it has shown.
 */
export function draftRows(parts: readonly Traces[], options: RowOptions): readonly Draft[] {
  const shown = new Set<number>();
  const found: Found[] = [];
  for (const [index, { marks, claims }] of parts.entries()) {
    const extra = options.extras[index];
    const seen = [...marks].filter(([mark]) => extra === undefined || !shown.has(mark));
    for (const [mark, { runs }] of seen) {
      for (const run of runs) {
        const { commit } = run.first;
        const path = claims.pathOf(run);
        const at = { path: options.fileOf(path), where: run.where, ...(commit && { commit }) };
        const link = options.linkOf(path);
        const copies = claims.claim(mark, run.first.content, run)?.copies ?? [];
        found.push(...copies.flatMap((match) => foundAt({ ...at, match }, { ...options, extra, link }) ?? []));
      }
    }
    for (const [mark] of seen) shown.add(mark);
  }
  const drafts = found.map(({ draft }) => draft);
  return found
    .filter(({ draft, placed }) => !isPermitted(placed, options.ignores) && !givesWay(draft, drafts))
    .map(({ draft }) => draft)
    .sort(byPlace);
}

interface Found {
  readonly draft: Draft;
  readonly placed: Placed;
}

const isPermitted = (placed: Placed, permits: readonly Permit[]): boolean =>
  permits.some((permit) => permit(placed) !== undefined);

/** The draft of a rule that looks at a path alone; `undefined` where it is left out. `link`: see `RowOptions`. */
export function draftOf(placed: Placed, link: string, options: RowOptions): Draft | undefined {
  const found = foundAt(placed, { ...options, extra: undefined, link });
  return found !== undefined && !isPermitted(placed, options.ignores) ? found.draft : undefined;
}

interface FoundOptions extends RowOptions {
  readonly extra: string | undefined;
  readonly link: string;
}

function foundAt(placed: Placed, options: FoundOptions): Found | undefined {
  const { match, path, commit = "" } = placed;
  const { permits, tagsOf, comments, extra, link } = options;
  const file = match.member === undefined ? path : `${path}!${match.member}`;
  const { passage, rule } = match;
  if (comments && passage?.line.includes("gitleaks:allow")) return undefined;
  if (isPermitted(placed, permits)) return undefined;
  const decoded = match.decoded.map((name) => `decoded:${name}`);
  const secret = match.secret.reveal();
  const isPath = rule.kind === "file";
  const place = isPath ? { StartLine: 0, EndLine: 0, StartColumn: 0, EndColumn: 0 } : placeOf(match);
  const RuleID = isForeign(rule) ? foreignId(rule) : shownId(rule);
  const draft: Draft = {
    RuleID,
    Description: rule.name,
    ...place,
    Match: isPath ? `file detected: ${path}` : textOf(seenOf(match)?.match ?? Buffer.from(secret).toString("latin1")),
    Secret: Buffer.from(secret).toString("utf8"),
    File: file,
    SymlinkFile: link,
    Commit: commit,
    Entropy: Math.fround(foreignEntropy(secret)),
    Tags: [...tagsOf(rule), ...decoded, ...(extra === undefined ? [] : [extra])],
    Fingerprint: fingerprintOf({ path: file, commit, rule: RuleID, line: place.StartLine }),
  };
  return { draft, placed };
}

type Lines = Pick<Row, "StartLine" | "EndLine" | "StartColumn" | "EndColumn">;

function placeOf(match: Match): Lines {
  const { at, passage, decoded } = match;
  const StartLine = lineOf(match);
  // What was decoded stands where its code does, and that alone is known.
  if (passage === undefined || decoded.length > 0) {
    return { StartLine, EndLine: at.endLine, StartColumn: at.startColumn, EndColumn: at.endColumn - 1 };
  }
  const { endLine, startColumn, endColumn } = passage;
  return { StartLine, EndLine: endLine, StartColumn: startColumn, EndColumn: endColumn };
}

const textOf = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");

const fingerprintOf = ({ path, commit, rule, line }: { path: string; commit: string; rule: string; line: number }) =>
  [...(commit === "" ? [] : [commit]), path, rule, line].join(":");

/** A generic rule is silent where another rule reports the same line with a secret that holds its own, as there. */
function givesWay(draft: Draft, all: readonly Draft[]): boolean {
  if (!isGeneric(draft)) return false;
  return all.some(
    (other) =>
      !isGeneric(other) &&
      other.StartLine === draft.StartLine &&
      other.Commit === draft.Commit &&
      other.File === draft.File &&
      other.Secret.includes(draft.Secret),
  );
}

const isGeneric = ({ RuleID }: Draft): boolean => RuleID.toLowerCase().includes("generic");

const keysOf = ({ File, StartLine, StartColumn, RuleID, Commit }: Draft): readonly (string | number)[] => [
  File,
  StartLine,
  StartColumn,
  RuleID,
  Commit,
];

function byPlace(one: Draft, other: Draft): number {
  const [a, b] = [keysOf(one), keysOf(other)];
  for (const [index, key] of a.entries()) {
    const against = b[index] ?? "";
    if (key !== against) return key < against ? -1 : 1;
  }
  return 0;
}

/** A draft with its commit. */
export function rowOf(draft: Draft, commit: PatchCommit | undefined, link: string | undefined): Row {
  const { Tags, Fingerprint, Entropy, ...head } = draft;
  return {
    ...head,
    ...(link !== undefined && { Link: link }),
    Entropy,
    Author: commit?.name ?? "",
    Email: commit?.email ?? "",
    Date: commit === undefined ? "" : new Date(commit.seconds * 1000).toISOString().replace(".000Z", "Z"),
    Message: commit === undefined ? "" : messageOf(commit),
    Tags,
    Fingerprint,
  };
}

/** The message as gitleaks reads it: no white space at the ends of lines, and no two empty lines in a row. */
function messageOf({ subject, body }: PatchCommit): string {
  const lines = body.split("\n").map((line) => line.trimEnd());
  const text = lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
  return [subject.trim(), ...(text === "" ? [] : [text])].join("\n\n");
}
