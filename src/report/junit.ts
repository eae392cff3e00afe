/**
 * JUnit XML, which every CI system can show. A new finding is a failed test; what is known or allowed is skipped; a
 * fault is an error, so that an incomplete run never shows as green. A clean run is one test that passed.
 */
import library, { type Builder } from "junit-report-builder";
import type { Finding, Result } from "../terms.ts";
import { answer } from "./answer.ts";
import { printable } from "./escape.ts";
import { isOpen, livenessWords } from "./liveness.ts";
import { placeName } from "./place.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { type SkipGroup, skipGroups, skipName, skipPhrase } from "./skip-groups.ts";
import { shown } from "./veil.ts";
import { counted, list, shortId } from "./wording.ts";

// Its types are those of a module with a default export, but what Node and the bundler load is the builder itself.
const builder = library as unknown as Builder;

type Suite = ReturnType<Builder["testSuite"]>;

/** Everything is one element tree before the first byte is written: that is how the library works. */
export const junitReporter: Reporter = {
  name: "junit",
  extension: "xml",
  *render(result, options) {
    const report = builder.newBuilder().name("leaksweep");
    const began = new Date(options.ended.getTime() - result.tally.seconds * 1000);
    const suite = report.testSuite().name("leaksweep").time(result.tally.seconds).timestamp(began);
    suite.property("target", printable(result.target.path)).property("complete", String(result.complete));
    for (const finding of result.findings) addFinding(suite, finding, options);
    for (const group of skipGroups(result.skips)) addSkips(suite, group);
    addAnswer(suite, result);
    yield `${report.build().trimEnd()}\n`;
  },
};

function addFinding(suite: Suite, finding: Finding, options: RenderOptions): void {
  const { rule, secret, occurrences, verdict, verdictReason, fingerprint } = finding;
  const [first] = occurrences;
  const where = first === undefined ? "" : printable(placeName(first));
  const token = secret === undefined ? "" : ` ${printable(shown(secret, options))}`;
  const test = suite
    .testCase()
    .className(rule.id)
    .name(`${where}: ${printable(rule.name)}${token} ${fingerprint}`);
  if (first !== undefined && first.where === "content" && first.path !== "") test.file(printable(first.path));
  if (isOpen(finding))
    test.failure(`${printable(rule.name)}${token} in ${where}`, rule.severity).stacktrace(story(finding, options));
  else test.skipped().standardOutput(printable(`${verdict}${verdictReason === undefined ? "" : `: ${verdictReason}`}`));
}

const mostPlaces = 20;

/** All that a reader of a CI log needs, a line each. */
function story(finding: Finding, options: RenderOptions): string {
  const { occurrences, introduced, removed, status, confidence, verdictReason } = finding;
  const lines = [
    ...occurrences.slice(0, mostPlaces).map((occurrence) => `at ${placeName(occurrence)}`),
    ...(occurrences.length > mostPlaces ? [`and ${counted(occurrences.length - mostPlaces, "more place")}`] : []),
    `status: ${status}, ${confidence} confidence`,
    ...(verdictReason === undefined ? [] : [`because: ${verdictReason}`]),
    ...[livenessWords(finding)].filter((words) => words !== ""),
    ...(introduced
      ? [`since: ${introduced.date.slice(0, 10)} by ${introduced.author.name} in ${shortId(introduced.commit)}`]
      : []),
    ...(removed ? [`gone: ${removed.date.slice(0, 10)} by ${removed.author.name} in ${shortId(removed.commit)}`] : []),
    ...options.remedy(finding).map(({ text, url, command }) => `do: ${[text, url, command].filter(Boolean).join(" ")}`),
  ];
  return lines.map(printable).join("\n");
}

function addSkips(suite: Suite, group: SkipGroup): void {
  const { by, skips } = group;
  const text = printable(skipPhrase(group));
  const names = printable(
    list(
      skips.map(skipName).filter((name) => name !== ""),
      mostPlaces,
    ),
  );
  const test = suite.testCase().className(`leaksweep.${by}`).name(text);
  if (by === "fault") test.error(text, "incomplete", names);
  else test.skipped().standardOutput(names);
}

/** A test of its own for the run itself, since an empty suite is taken for a broken one. */
function addAnswer(suite: Suite, result: Result): void {
  const text = answer(result)
    .map((sentence) => sentence.text)
    .join(" ");
  const test = suite
    .testCase()
    .className("leaksweep")
    .name(`scan of ${printable(result.target.path)}`);
  test.standardOutput(text);
  if (!result.complete && result.skips.every(({ by }) => by !== "fault")) test.error(text, "incomplete");
}
