/** What `verify` would do, before it does anything: who is asked about what, and what is left. No secret is in it. */
import { groupBy } from "../bytes/group.ts";
import type { Finding, Result } from "../terms.ts";
import { solid, type Word, words } from "./columns.ts";
import { json, printable } from "./escape.ts";
import { placeName } from "./place.ts";
import type { RenderOptions } from "./reporter.ts";
import { paragraph, row, type Sheet, sheetOf } from "./sheet.ts";
import { veiled } from "./veil.ts";
import { counted, list } from "./wording.ts";

/** Findings of one rule, and the requests that are made about each of them, in turn until one says yes. */
export interface AskingGroup {
  readonly rule: string;
  readonly provider: string;
  /** `path` has `{secret}` where a secret goes. */
  readonly requests: readonly { readonly host: string; readonly method: string; readonly path: string }[];
  readonly findings: readonly Finding[];
}

export interface AskingSheet {
  readonly result: Result;
  readonly groups: readonly AskingGroup[];
  readonly left: readonly { readonly finding: Finding; readonly reason: string }[];
}

/** The plan for people. `quiet` leaves out what is not asked about, `verbose` names each secret, redacted. */
export function* askingText({ groups, left, result }: AskingSheet, options: RenderOptions): Iterable<string> {
  const sheet = sheetOf(options);
  for (const group of groups) yield* lines(groupLines(group, result, sheet));
  if (options.detail !== "quiet") {
    for (const [reason, same] of groupBy(left, ({ reason }) => reason)) {
      const rules = [...new Set(same.map(({ finding }) => finding.rule.id))];
      const shown = options.detail === "verbose" ? rules.length : 4;
      const text = `${counted(same.length, "finding")}, since ${reason}: ${list(rules, shown)}`;
      yield* lines(row("not", words(printable(text), sheet.style.faint), sheet));
    }
  }
  if (groups.length + left.length > 0) yield "\n";
  yield* lines(paragraph(words(closing(groups), sheet.style.strong), sheet));
  if (!result.complete) {
    const text = "INCOMPLETE: not all could be read, so there may be more.";
    yield* lines(paragraph(words(text, sheet.style.bad), sheet));
  }
}

function* groupLines({ rule, requests, findings }: AskingGroup, result: Result, sheet: Sheet): Iterable<string> {
  const { style, options } = sheet;
  const turn = requests.length === 1 ? "" : ", one address after another until it is taken";
  yield* row("ask", words(`about ${counted(findings.length, "secret")} of ${rule}${turn}`), sheet);
  for (const { host, method, path } of requests) {
    const request: Word[] = [solid(printable(host), style.strong), solid(method), solid(printable(path), style.link)];
    yield* row("", request, sheet);
  }
  if (options.detail !== "verbose") return;
  for (const { secret, occurrences } of veiled({ ...result, findings }).findings) {
    const [place] = occurrences;
    const where = place === undefined ? "" : placeName(place);
    yield* row(
      "",
      [solid(printable(secret?.redacted ?? ""), style.secret), solid(printable(where), style.place)],
      sheet,
    );
  }
}

function closing(groups: readonly AskingGroup[]): string {
  const secrets = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  if (secrets === 0) return "There is nothing to ask about. Nothing has been sent.";
  const hosts = new Set(groups.flatMap(({ requests }) => requests.map(({ host }) => host)));
  const who = hosts.size === 1 ? "this host" : `these ${hosts.size} hosts`;
  return `Nothing has been sent. To ask ${who} about ${counted(secrets, "secret")}, add --send; --only HOST or PROVIDER asks no others.`;
}

/** The plan for programs: `leaksweep/asking/1`. */
export function askingJson({ result, groups, left }: AskingSheet, { version }: RenderOptions): string {
  const { target, rules, complete } = veiled(result);
  const asks = groups.map(({ findings, ...group }) => ({
    ...group,
    findings: findings.map(({ fingerprint }) => fingerprint),
  }));
  const not = left.map(({ finding: { fingerprint, rule }, reason }) => ({ fingerprint, rule: rule.id, reason }));
  const tool = { name: "leaksweep", version, rules };
  return `${json({ schema: "leaksweep/asking/1", tool, target, complete, sent: false, asks, not }, 2)}\n`;
}

const lines = (texts: Iterable<string>): string[] => Array.from(texts, (text) => `${text}\n`);
