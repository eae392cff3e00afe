/**
 * The report for people. A block for each finding says what and where, then since when and by whom, then what to do.
 * Exposures follow in a section of their own. The summary says what was read and what was not, and the last words are
 * the answer: it never sounds clean when something could not be read.
 */
import type { Finding } from "../terms.ts";
import { solid, words } from "./columns.ts";
import { isOpen, liveFirst } from "./liveness.ts";
import type { Reporter } from "./reporter.ts";
import { paragraph, type Sheet, sheetOf } from "./sheet.ts";
import { findingLines, sharedLines } from "./text-finding.ts";
import { answerLines, summaryLines } from "./text-summary.ts";

/** `quiet` shows title and first place of each finding and the answer; `verbose` leaves nothing out. */
export const textReporter: Reporter = {
  name: "text",
  extension: "txt",
  *render(result, options) {
    const sheet = sheetOf(options);
    const told = liveFirst(result.findings).filter((finding) => isOpen(finding) || options.detail === "verbose");
    yield* blocks(
      told.filter((finding) => !isExposure(finding)),
      sheet,
    );
    const exposures = told.filter(isExposure);
    if (exposures.length > 0) {
      yield* lines(heading(sheet));
      yield* blocks(exposures, sheet);
    }
    if (options.detail !== "quiet") {
      yield* lines([...sharedLines(told.flatMap(options.remedy), sheet), ...summaryLines(result, sheet), ""]);
    }
    yield* lines(answerLines(result, sheet));
  },
};

const isExposure = ({ rule }: Finding): boolean => rule.kind === "exposure";

function* blocks(findings: readonly Finding[], sheet: Sheet): Generator<string> {
  for (const finding of findings) yield* lines([...findingLines(finding, sheet), ""]);
}

function heading(sheet: Sheet): string[] {
  const note = words("configuration that lets anybody in, without any secret", sheet.style.faint);
  return [...paragraph([solid("Exposures:", sheet.style.strong), ...note], sheet), ""];
}

const lines = (texts: Iterable<string>): string[] => Array.from(texts, (text) => `${text}\n`);
