/** The same findings as `json`, one a line, for programs that read as they go. */
import { json } from "./escape.ts";
import { findingOf, headOf } from "./json.ts";
import type { Reporter } from "./reporter.ts";

/** A line for each finding, then one line `{"summary": …}` with all the rest: without it the report was cut short. */
export const jsonlReporter: Reporter = {
  name: "jsonl",
  extension: "jsonl",
  *render(result, options) {
    for (const finding of result.findings) yield `${json(findingOf(finding, options))}\n`;
    yield `${json({ summary: headOf(result, options) })}\n`;
  },
};
