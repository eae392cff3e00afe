/** The end of a text report: what was read, what was not, and the answer. */
import type { BaselineEntry, Result, Severity, Skip, Verdict } from "../terms.ts";
import { type Paint, solid, type Word, words } from "./columns.ts";
import { printable } from "./escape.ts";
import { paragraph, row, type Sheet } from "./sheet.ts";
import { counted, duration, list, shortId, size } from "./wording.ts";

/** Lines that say what was covered: target, counts, skips by reason (faults first), and accepted findings. */
export function* summaryLines(result: Result, sheet: Sheet): Generator<string> {
  const { path, kind, range } = result.target;
  const manner = range === null ? kind : `${kind}, ${range}`;
  yield* row("target", [solid(printable(path), sheet.style.strong), ...words(printable(`(${manner})`))], sheet);
  yield* row("read", coverage(result), sheet);
  for (const [index, skips] of groups(result.skips).entries()) {
    yield* row(index === 0 ? "not read" : "", group(skips, sheet), sheet);
  }
  const accepted = [count(result, "known"), count(result, "allowed")].filter((text) => text !== "").join(", ");
  const hint = sheet.options.detail === "verbose" ? "" : " (shown with --verbose)";
  if (accepted !== "") yield* row("accepted", words(accepted + hint), sheet);
  yield* baselineLines(result, sheet);
}

/** What of the baseline nobody needs any more, and what of it has ended. */
function* baselineLines({ baseline }: Result, sheet: Sheet): Generator<string> {
  if (baseline === undefined) return;
  const { stale, expired } = baseline;
  const said = [
    ...(expired.length === 0 ? [] : [`${counted(expired.length, "acceptance")} ended: ${named(expired)}`]),
    ...(stale.length === 0
      ? []
      : [`${counted(stale.length, "acceptance")} met nowhere (leaksweep baseline prune): ${named(stale)}`]),
  ];
  for (const [index, text] of said.entries()) {
    yield* row(index === 0 ? "baseline" : "", words(printable(text), sheet.style.doubt), sheet);
  }
}

const named = (entries: readonly BaselineEntry[]): string =>
  list(
    entries.map(({ fingerprint }) => fingerprint),
    3,
  );

/**
 * The answer, which can't be misread: how many findings are new, and whether everything was read. One line, or two
 * when there are findings and faults as well; the colour is that of the worst.
 */
export function* answer(result: Result, sheet: Sheet): Generator<string> {
  const { style } = sheet;
  const fresh = result.findings.filter(({ verdict }) => verdict === "new");
  const secrets = fresh.filter(({ rule }) => rule.kind === "secret");
  const open = fresh.length - secrets.length;
  const doors = open === 0 ? "" : counted(open, "exposure");
  const but = doors && `, but ${doors}`;
  const say = (text: string, paint: Paint): Iterable<string> => paragraph(words(text, paint), sheet);

  if (secrets.length > 0) {
    const levels = bySeverity(secrets.map(({ rule }) => rule.severity));
    yield* say(`${counted(secrets.length, "new finding")} (${levels})${doors && ` and ${doors}`}.`, style.bad);
    if (!result.complete) yield* say(`INCOMPLETE: ${unread(result.skips)}, so there may be more.`, style.bad);
  } else if (!result.complete) {
    yield* say(`INCOMPLETE: ${unread(result.skips)}. No new finding${but} in the rest.`, style.doubt);
  } else if (open > 0) {
    yield* say(`No new finding${but}. All that was meant to be read was read.`, style.doubt);
  } else if (isEmpty(result)) {
    yield* say("Nothing to scan: there was nothing there to read.", style.doubt);
  } else {
    yield* say("Clean: all that was meant to be read was read, and there is no new finding.", style.good);
  }
}

function coverage({ tally }: Result): Word[] {
  const { commits, blobs, texts, files, bytes, seconds } = tally;
  const counts = [
    counted(commits, "commit"),
    counted(blobs, "blob"),
    counted(texts, "text"),
    counted(files, "file"),
  ].filter((text) => !text.startsWith("0 "));
  const all = counts.length === 0 ? "nothing" : list(counts, counts.length);
  return [...words(`${all}:`), solid(size(bytes)), solid(`in ${duration(seconds)}`)];
}

const isEmpty = ({ tally }: Result): boolean => tally.commits + tally.blobs + tally.texts + tally.files === 0;

/** Skips of one kind and reason; faults first, then the most frequent. */
function groups(skips: readonly Skip[]): Skip[][] {
  const byReason = new Map<string, Skip[]>();
  for (const skip of skips) {
    const key = `${skip.by} ${skip.reason}`;
    const group = byReason.get(key);
    if (group) group.push(skip);
    else byReason.set(key, [skip]);
  }
  const rank = ([skip]: readonly Skip[]): number => (skip?.by === "fault" ? 0 : 1);
  return [...byReason.values()].sort((one, other) => rank(one) - rank(other) || other.length - one.length);
}

function group(skips: readonly Skip[], { style, options }: Sheet): Word[] {
  const [first] = skips;
  if (first === undefined) return [];
  const paint = first.by === "fault" ? style.doubt : style.faint;
  const names = skips.map(skipName).filter((name) => name !== "");
  const named = list(names.map(printable), options.detail === "verbose" ? names.length : 3);
  const head = `${skips.length.toLocaleString("en-US")} by ${first.by}`;
  return [...words(head, paint), ...words(`(${printable(first.reason)})${named && `: ${named}`}`)];
}

const skipName = ({ path, blob, commit }: Skip): string =>
  path ?? (blob ? `blob ${shortId(blob)}` : commit ? `commit ${shortId(commit)}` : "");

/** What the faults left unread, in the noun that fits them all. */
function unread(skips: readonly Skip[]): string {
  const faults = skips.filter(({ by }) => by === "fault");
  if (faults.length === 0) return "not all could be read";
  const kinds = new Set(faults.map(({ path, blob, commit }) => (blob || commit ? "object" : path ? "file" : "part")));
  const [kind = "part", ...others] = kinds;
  return `${counted(faults.length, others.length === 0 ? kind : "thing")} could not be read`;
}

const count = ({ findings }: Result, verdict: Verdict): string => {
  const number = findings.filter((finding) => finding.verdict === verdict).length;
  return number === 0 ? "" : `${number.toLocaleString("en-US")} ${verdict}`;
};

function bySeverity(severities: readonly Severity[]): string {
  const order: readonly Severity[] = ["critical", "high", "medium", "low"];
  const counts = order.map((level) => [severities.filter((severity) => severity === level).length, level] as const);
  return list(
    counts.flatMap(([number, level]) => (number === 0 ? [] : [`${number.toLocaleString("en-US")} ${level}`])),
    order.length,
  );
}
