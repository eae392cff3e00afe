/**
 * The shelf of report formats. A reporter is one file here and one entry in `shelf`; it is a pure function of a result
 * and of options, without input, output or a clock, so that the same result always gives the same bytes.
 */
import type { Finding, Result } from "../terms.ts";
import { veiled } from "./veil.ts";

export interface RenderOptions {
  /** Secrets are shown as `ghp_…(40)` instead of whole. */
  readonly redact: boolean;
  readonly colour: boolean;
  /** Columns of the terminal; formats for programs ignore it. */
  readonly width: number;
  /** Of leaksweep itself. */
  readonly version: string;
  /** When the scan ended; `tally.seconds` before that it began. Only formats that must name a time show it. */
  readonly ended: Date;
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

/** Loaded one by one, since a hook that prints text should not wait for a library that writes XML. */
const shelf = {
  text: async () => (await import("./text.ts")).textReporter,
  json: async () => (await import("./json.ts")).jsonReporter,
  jsonl: async () => (await import("./jsonl.ts")).jsonlReporter,
  sarif: async () => (await import("./sarif.ts")).sarifReporter,
  junit: async () => (await import("./junit.ts")).junitReporter,
  csv: async () => (await import("./csv.ts")).csvReporter,
  gitlab: async () => (await import("./gitlab.ts")).gitlabReporter,
  codequality: async () => (await import("./codequality.ts")).codequalityReporter,
  github: async () => (await import("./github.ts")).githubReporter,
  markdown: async () => (await import("./markdown.ts")).markdownReporter,
  html: async () => (await import("./html.ts")).loadHtmlReporter(),
} satisfies Readonly<Record<string, () => Promise<Reporter>>>;

/** Name of a format. */
export type FormatName = keyof typeof shelf;

/** Names of all formats, the one for people first. */
export const formats = Object.keys(shelf) as readonly FormatName[];

/** The reporter of a format. Unless asked not to redact, it is shown a result without secrets in its strings. */
export async function loadReporter(name: FormatName): Promise<Reporter> {
  const reporter = await shelf[name]();
  return {
    ...reporter,
    render: (result, options) => reporter.render(options.redact ? veiled(result) : result, options),
  };
}
