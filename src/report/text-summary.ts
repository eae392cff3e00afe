/** The end of a text report: what was read, what was not, and the answer. */
import type { BaselineEntry, Result, Verdict } from "../terms.ts";
import { answer, contents } from "./answer.ts";
import { solid, type Word, words } from "./columns.ts";
import { printable } from "./escape.ts";
import { paragraph, row, type Sheet } from "./sheet.ts";
import { type SkipGroup, skipGroups, skipName } from "./skip-groups.ts";
import { counted, duration, list, size } from "./wording.ts";

/** Lines that say what was covered: target, counts, skips by reason (faults first), and accepted findings. */
export function* summaryLines(result: Result, sheet: Sheet): Generator<string> {
  const { path, kind, range } = result.target;
  const manner = range === null ? kind : `${kind}, ${range}`;
  yield* row("target", [solid(printable(path), sheet.style.strong), ...words(printable(`(${manner})`))], sheet);
  yield* row("read", coverage(result), sheet);
  if (result.remembered !== undefined) {
    const when = result.remembered.replace(/T(\d\d:\d\d).*/, " $1 UTC");
    yield* row("", words(`as on ${when}: nothing has changed (--no-cache reads all of it)`, sheet.style.faint), sheet);
  }
  for (const [index, unread] of skipGroups(result.skips).entries()) {
    yield* row(index === 0 ? "not read" : "", group(unread, sheet), sheet);
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

/** The answer, in the colour of the worst. */
export function* answerLines(result: Result, sheet: Sheet): Generator<string> {
  for (const { text, mood } of answer(result)) yield* paragraph(words(text, sheet.style[mood]), sheet);
}

function coverage({ tally, target }: Result): Word[] {
  return [...words(`${contents(tally, target)}:`), solid(size(tally.bytes)), solid(`in ${duration(tally.seconds)}`)];
}

function group({ by, reason, skips }: SkipGroup, { style, options }: Sheet): Word[] {
  const paint = by === "fault" ? style.doubt : style.faint;
  const names = skips.map(skipName).filter((name) => name !== "");
  const named = list(names.map(printable), options.detail === "verbose" ? names.length : 3);
  const head = `${skips.length.toLocaleString("en-US")} by ${by}`;
  return [...words(head, paint), ...words(`(${printable(reason)})${named && `: ${named}`}`)];
}

const count = ({ findings }: Result, verdict: Verdict): string => {
  const number = findings.filter((finding) => finding.verdict === verdict).length;
  return number === 0 ? "" : `${number.toLocaleString("en-US")} ${verdict}`;
};
