/**
 * Markdown for step summaries and comments on pull requests, as GitHub, GitLab and Bitbucket all render it. Whatever
 * comes from a repository stands in code spans, where no forge looks for mentions, links, images or markup. A summary
 * may have 1 MiB and a comment 65,536 characters, so at most 100 findings are listed, and a full list is pointed to.
 */
import type { Finding, Result } from "../terms.ts";
import { answer, contents } from "./answer.ts";
import { printable } from "./escape.ts";
import { isOpen } from "./liveness.ts";
import { placeName } from "./place.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { skipGroups, skipName } from "./skip-groups.ts";
import { shown } from "./veil.ts";
import { counted, duration, shortId, size } from "./wording.ts";

export const markdownReporter: Reporter = {
  name: "markdown",
  extension: "md",
  *render(result, options) {
    yield `${heading(result)}\n`;
    const fresh = result.findings.filter(isOpen);
    yield* table(
      fresh.filter((finding) => !isExposure(finding)),
      options,
    );
    const doors = fresh.filter(isExposure);
    if (doors.length > 0) {
      yield "\n### Exposures\n\nConfiguration that lets anybody in, without any secret.\n";
      yield* table(doors, options);
    }
    yield* steps(fresh, options);
    yield* unread(result);
    yield coverage(result);
  },
};

const isExposure = ({ rule }: Finding): boolean => rule.kind === "exposure";

const signs = { bad: "❌", doubt: "⚠️", good: "✅" } as const;

function heading(result: Result): string {
  const [first, ...others] = answer(result);
  if (first === undefined) return "## leaksweep";
  return [`## ${signs[first.mood]} leaksweep: ${first.text}`, ...others.map(({ text }) => `\n**${text}**`)].join("\n");
}

// About 500 characters each, so that a comment on a pull request has room for them.
const most = 100;
const longestPlace = 160;

function* table(findings: readonly Finding[], options: RenderOptions): Generator<string> {
  if (findings.length === 0) return;
  yield "\n| Severity | What | Where | Since | Status |\n|---|---|---|---|---|\n";
  for (const finding of findings.slice(0, most)) yield row(finding, options);
  const rest = findings.length - most;
  if (rest > 0) yield `\n…and ${counted(rest, "more finding")}: the full list is in the other reports of this run.\n`;
}

function row(finding: Finding, options: RenderOptions): string {
  const { rule, secret, occurrences, introduced, status, confidence, verdictReason, liveness } = finding;
  const [first] = occurrences;
  const token = secret === undefined ? "" : ` ${code(shown(secret, options))}`;
  const more = occurrences.length > 1 ? ` and ${counted(occurrences.length - 1, "more place")}` : "";
  const place = first === undefined ? "" : link(code(shortened(placeName(first))), first.url);
  const since =
    introduced === undefined ? "" : `${introduced.date.slice(0, 10)} in ${code(shortId(introduced.commit))}`;
  const why = verdictReason === undefined ? "" : ` (${code(verdictReason)})`;
  const live = liveness === "unchecked" ? "" : `, ${liveness === "live" ? "**LIVE**" : liveness}`;
  const sure = confidence === "high" ? "" : ` (${confidence} confidence)`;
  return `| ${[rule.severity, `${prose(rule.name)}${token}${sure}`, place + more, since, status + live + why].join(" | ")} |\n`;
}

const shortened = (text: string): string => {
  const points = [...text];
  return points.length <= longestPlace ? text : `…${points.slice(1 - longestPlace).join("")}`;
};

const link = (text: string, url: string | null): string =>
  url !== null && /^https:\/\/[^\s()<>"|\\`]+$/.test(url) ? `[${text}](${url})` : text;

/** What to do, once for each rule and set of steps. */
function* steps(findings: readonly Finding[], options: RenderOptions): Generator<string> {
  if (findings.length === 0) return;
  yield "\n### What to do\n";
  const told = new Map<string, string>();
  for (const finding of findings.slice(0, most)) {
    const { rule } = finding;
    if (!told.has(rule.id)) told.set(rule.id, block(finding, options));
  }
  yield* told.values();
  const shared = findings.flatMap((finding) => options.remedy(finding)).filter((step) => step.shared === true);
  const texts = [...new Set(shared.map(({ text }) => text))];
  if (texts.length > 0) yield `\n${texts.map(prose).join("\n\n")}\n`;
}

function block(finding: Finding, options: RenderOptions): string {
  const own = options.remedy(finding).filter(({ shared }) => shared !== true);
  const lines = own.map(({ text, url, command }, index) => {
    const page = url === undefined ? "" : ` <${url}>`;
    return `${index + 1}. ${prose(text)}${page}${command === undefined ? "" : ` ${code(command)}`}`;
  });
  return `\n<details><summary>${prose(finding.rule.name)}</summary>\n\n${lines.join("\n")}\n\n</details>\n`;
}

function* unread({ skips }: Result): Generator<string> {
  const groups = skipGroups(skips);
  if (groups.length === 0) return;
  yield "\n### Not read\n\n";
  for (const { by, reason, skips } of groups.slice(0, most)) {
    const names = skips.map(skipName).filter((name) => name !== "");
    const named = names
      .slice(0, 3)
      .map((name) => code(shortened(name)))
      .join(", ");
    const more = names.length > 3 ? ` and ${(names.length - 3).toLocaleString("en-US")} more` : "";
    const mark = by === "fault" ? "**" : "";
    yield `- ${mark}${counted(skips.length, "time")} by ${by}${mark}: ${code(reason)}${named && `: ${named}${more}`}\n`;
  }
}

function coverage({ target, tally, findings }: Result): string {
  const accepted = findings.filter((finding) => !isOpen(finding)).length;
  const range = target.range === null ? "" : `, ${code(target.range)}`;
  const known = accepted === 0 ? "" : ` ${counted(accepted, "accepted finding")} not shown.`;
  return `\n<sub>Read ${contents(tally, target)}: ${size(tally.bytes)} in ${duration(tally.seconds)} (${target.kind}${range}).${known}</sub>\n`;
}

/**
 * Words of rules and advice, in which nothing acts though they may name a path: no markup, no address that turns into
 * a link, and no person or team who is called, which forges do after they have read the entities.
 */
const prose = (text: string): string =>
  printable(text)
    .replace(/[\\`*_[\]<>|#&~$!]|(?<=www)\.|:(?=\/\/)/gi, entity)
    .replaceAll("@", "<code>@</code>");

const entity = (sign: string): string => `&#${sign.codePointAt(0)};`;

/**
 * Text from strangers as code. A fence that is longer than any in the text would do, but for the bars of tables, which
 * forges split in different ways: such text is written as HTML, every sign by its number.
 */
function code(text: string): string {
  const visible = printable(text);
  if (visible === "") return "";
  if (!/[`|\\]/.test(visible)) return `\`${visible}\``;
  return `<code>${visible.replace(/[^\p{L}\p{N} .,/-]/gu, entity)}</code>`;
}
