/**
 * One HTML file that needs no network: the page of `src/page`, built into a template, with the result in it as data.
 * Its policy lets nothing run but its own script, so that whatever a repository managed to put into a name stays text.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Finding, Occurrence, Result } from "../terms.ts";
import { answer, contents } from "./answer.ts";
import { json, printable } from "./escape.ts";
import { findingOf } from "./json.ts";
import { placeName } from "./place.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { skipGroups, skipName, skipPhrase } from "./skip-groups.ts";
import { duration, size } from "./wording.ts";

/** The reporter with the page that the build made. Where this runs from source, that is the one of the last build. */
export async function loadHtmlReporter(): Promise<Reporter> {
  // The bundler decides whether this module lies in dist/ or in a folder of it.
  const paths = ["report.html", "../report.html", "../../dist/report.html"].map(
    (path) => new URL(path, import.meta.url),
  );
  const page = paths.find((path) => existsSync(path));
  if (page === undefined) throw new Error("The page of the HTML report was not built");
  return htmlReporter(await readFile(fileURLToPath(page), "utf8"));
}

/** The reporter that fills `template`: text with `{{title}}`, `{{answer}}`, `{{covered}}` and `{{result}}`, each once. */
export const htmlReporter = (template: string): Reporter => ({
  name: "html",
  extension: "html",
  *render(result, options) {
    const fills: Readonly<Record<string, () => Iterable<string>>> = {
      title: () => [markup(`leaksweep: ${result.target.path}`)],
      answer: () => answer(result).map(({ text, mood }) => `<p class="${mood}">${markup(text)}</p>`),
      covered: () => [markup(covered(result))],
      result: () => island(result, options),
    };
    for (const [index, part] of template.split(/\{\{(\w+)\}\}/).entries()) {
      if (index % 2 === 0) yield part;
      else yield* fills[part]?.() ?? [];
    }
  },
});

function covered({ target, tally }: Result): string {
  const { path, kind, range } = target;
  const manner = range === null ? kind : `${kind}, ${range}`;
  return `${path} (${manner}): ${contents(tally, target)}, ${size(tally.bytes)} in ${duration(tally.seconds)}`;
}

/** Text for HTML, in visible characters. */
const markup = (text: string): string => printable(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** JSON for a script element: without "<" nothing in it can end that element or begin a comment. */
const inScript = (value: unknown): string => json(value).replaceAll("<", "\\u003c");

function* island(result: Result, options: RenderOptions): Generator<string> {
  const unread = skipGroups(result.skips).map((group) => {
    const names = group.skips.map(skipName).filter((name) => name !== "");
    const shown = names.slice(0, mostNames).map(printable);
    return { by: group.by, phrase: printable(skipPhrase(group)), names: shown, more: names.length - shown.length };
  });
  const made = `leaksweep ${options.version}, ${options.ended.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  yield `{"made":${inScript(made)},"unread":${inScript(unread)},"findings":[`;
  let separator = "\n";
  for (const finding of result.findings) {
    yield separator + inScript(pageFinding(finding, options));
    separator = ",\n";
  }
  yield "]}";
}

const mostNames = 1000;

function pageFinding(finding: Finding, options: RenderOptions): object {
  const { occurrences: _, reasons: __, ...shown } = findingOf(finding, options) as Record<string, unknown>;
  return {
    ...(visible(shown) as object),
    kind: finding.rule.kind,
    places: finding.occurrences.map(placeOf),
    advice: options.remedy(finding).map(({ text, url, command }) => ({
      text: printable(text),
      ...(url !== undefined && { url }),
      ...(command !== undefined && { command: printable(command) }),
    })),
  };
}

/** The same value with every string in it made printable: what the page shows, it shows as text. */
function visible(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [printable(name), visible(inner)]));
}

const placeOf = (occurrence: Occurrence): object => ({
  name: printable(placeName(occurrence)),
  status: occurrence.status,
  commit: occurrence.commit,
  url: occurrence.url,
});
