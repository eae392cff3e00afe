/**
 * The shelf of report formats. A reporter is one file here and one entry in `shelf`; it is a pure function of a result
 * and of options, without input, output or a clock, so that the same result always gives the same bytes.
 */
import type { Finding, Result } from "../terms.ts";
import { jsonReporter } from "./json.ts";
import { jsonlReporter } from "./jsonl.ts";
import { textReporter } from "./text.ts";
import { veiled } from "./veil.ts";

export interface RenderOptions {
  /** Secrets are shown as `ghp_…(40)` instead of whole. */
  readonly redact: boolean;
  readonly colour: boolean;
  /** Columns of the terminal; formats for programs ignore it. */
  readonly width: number;
  /** Of leaksweep itself. */
  readonly version: string;
  /** How much a person wants to read; formats for programs always say everything. */
  readonly detail: "quiet" | "normal" | "verbose";
  /** What to do about a finding, most urgent first. Triage knows; a report only shows it. */
  readonly remedy: (finding: Finding) => readonly Advice[];
}

/** One thing to do, in words, with the page or the shell command that does it. */
export interface Advice {
  readonly text: string;
  readonly url?: string;
  readonly command?: string;
  /** Done once for all findings that ask for it, after everything else. */
  readonly shared?: true;
}

/** One output format. */
export interface Reporter {
  /** What `--format` calls it. */
  readonly name: string;
  /** Of a file that holds it, without the dot. */
  readonly extension: string;
  /** The report in pieces, to be written in order; the last one ends with a newline. */
  render(result: Result, options: RenderOptions): Iterable<string>;
}

const shelf: readonly Reporter[] = [textReporter, jsonReporter, jsonlReporter];

/** Every reporter by its name. Unless asked not to redact, they are shown a result without secrets in its strings. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  shelf.map((reporter) => [
    reporter.name,
    {
      ...reporter,
      render: (result, options) => reporter.render(options.redact ? veiled(result) : result, options),
    },
  ]),
);
