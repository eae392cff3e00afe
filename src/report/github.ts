/**
 * GitHub's workflow commands: a line for each new finding, which GitHub pins to the diff. It shows ten errors and ten
 * warnings of a step and drops the rest without a word, so what was not read comes first and findings, which are
 * sorted by severity, follow; the last line says how many there are.
 */
import type { Finding, Result } from "../terms.ts";
import { anchorOf } from "./anchor.ts";
import { answer, unread } from "./answer.ts";
import { printable } from "./escape.ts";
import { isOpen, livenessWords } from "./liveness.ts";
import { placeName } from "./place.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { shown } from "./veil.ts";
import { counted } from "./wording.ts";

export const githubReporter: Reporter = {
  name: "github",
  extension: "github.txt",
  *render(result, options) {
    if (!result.complete) yield command("error", { title: "Not everything was read" }, reasons(result));
    for (const finding of result.findings) if (isOpen(finding)) yield annotation(finding, options);
    const text = answer(result).map((sentence) => sentence.text);
    yield command("notice", { title: "leaksweep" }, text);
  },
};

const reasons = (result: Result): string[] => {
  const texts = result.skips.filter(({ by }) => by === "fault").map(({ reason }) => reason);
  return [`${unread(result)}.`, ...new Set(texts)].slice(0, 4);
};

function annotation(finding: Finding, options: RenderOptions): string {
  const { rule, secret, occurrences, confidence, verdictReason } = finding;
  const [first] = occurrences;
  const level = rule.kind === "exposure" || confidence === "low" ? "warning" : "error";
  const token = secret === undefined ? "" : ` ${shown(secret, options)}`;
  const steps = options.remedy(finding).filter(({ shared }) => shared !== true);
  const advice = steps.map(({ text, url }) => [text, url].filter(Boolean).join(" "));
  const more = occurrences.length > 1 ? ` and ${counted(occurrences.length - 1, "more place")}` : "";
  const head = first === undefined ? rule.name : `${rule.name}${token} in ${placeName(first)}${more}`;
  return command(level, { ...(first && spot(anchorOf(first))), title: rule.name }, [
    head,
    ...(verdictReason === undefined ? [] : [verdictReason]),
    ...[livenessWords(finding)].filter((words) => words !== ""),
    ...advice,
  ]);
}

/** GitHub ignores columns where the end lies on another line. Its columns, like ours, end exclusively. */
function spot({ path, region }: ReturnType<typeof anchorOf>): Properties {
  const { startLine = 1, endLine = 1, startColumn = 1, endColumn = 1 } = region ?? {};
  const columns = startLine === endLine && region !== undefined ? { col: startColumn, endColumn } : {};
  return { file: path, line: startLine, endLine, ...columns };
}

type Properties = Readonly<Record<string, string | number>>;

function command(level: "error" | "warning" | "notice", properties: Properties, lines: readonly string[]): string {
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${listed.join(",")}::${lines.map(text).join("%0A")}\n`;
}

// Paths come from strangers' commits: an unescaped newline in one would be read as a second command. Escapes as in
// actions/toolkit, core/src/command.ts.
const text = (part: string): string => printable(part).replaceAll("%", "%25");
const property = (part: string): string => text(part).replaceAll(":", "%3A").replaceAll(",", "%2C");
