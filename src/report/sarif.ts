/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), within the limits that GitHub code scanning sets:
 * 25,000 results in a run, 20 runs in a file, 1,000 places in a result. What does not fit into one run goes into
 * another under a category of its own, so that nothing is lost and GitHub takes the file.
 */
import type { Invocation, Notification, ReportingDescriptor, Run } from "sarif";
import type { Finding, Result } from "../terms.ts";
import { json } from "./escape.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { plain, root, uriOf } from "./sarif-location.ts";
import { resultOf } from "./sarif-result.ts";
import { rulesOf } from "./sarif-rule.ts";
import { type SkipGroup, skipGroups, skipName, skipPhrase } from "./skip-groups.ts";
import { list } from "./wording.ts";

/** One result a line, so that two reports can be compared with line tools. */
export const sarifReporter: Reporter = {
  name: "sarif",
  extension: "sarif",
  *render(result, options) {
    yield `{"$schema":${json(schema)},"version":"2.1.0","runs":[`;
    for (const [index, findings] of parts(result.findings).entries()) {
      yield* runLines(result, findings, { index, options });
    }
    yield "]}\n";
  },
};

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const mostResults = 25_000;

/** Findings in lots that a run can hold; one empty lot when there are none. */
function parts(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const count = Math.max(1, Math.ceil(findings.length / mostResults));
  return Array.from({ length: count }, (_, index) => findings.slice(index * mostResults, (index + 1) * mostResults));
}

function* runLines(
  result: Result,
  findings: readonly Finding[],
  { index, options }: { index: number; options: RenderOptions },
): Generator<string> {
  const rules = rulesOf(findings);
  const indices = new Map(rules.map(({ id }, at) => [id, at]));
  yield `${index === 0 ? "" : ",\n"}${json(head(result, { index, options, rules })).slice(0, -1)},"results":[`;
  let separator = "\n";
  for (const finding of findings) {
    yield separator + json(resultOf(finding, indices.get(finding.rule.id) ?? -1, options));
    separator = ",\n";
  }
  yield `${findings.length === 0 ? "" : "\n"}]}`;
}

/** A run without its results. */
function head(
  result: Result,
  { index, options, rules }: { index: number; options: RenderOptions; rules: ReturnType<typeof rulesOf> },
): Run {
  const { url } = result.target;
  return {
    tool: {
      driver: {
        name: "leaksweep",
        version: options.version,
        semanticVersion: options.version,
        rules,
        notifications: [
          notice("skip.fault", "Something that was meant to be read could not be, so that the run is incomplete."),
          notice("skip.policy", "Something was left out because the user said so."),
        ],
        properties: { rulepack: result.rules },
      },
    },
    automationDetails: { id: index === 0 ? "leaksweep/" : `leaksweep-part-${index + 1}/` },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { [root]: { description: { text: "The root of what was scanned." } } },
    ...(url !== null && URL.canParse(url) && { versionControlProvenance: [{ repositoryUri: new URL(url).href }] }),
    invocations: [invocationOf(result, options)],
    properties: { target: result.target, complete: result.complete, tally: result.tally },
  };
}

const notice = (id: string, text: string): ReportingDescriptor => ({
  id,
  shortDescription: { text },
  fullDescription: { text },
  help: { text },
});

function invocationOf(result: Result, { ended }: RenderOptions): Invocation {
  return {
    executionSuccessful: result.complete,
    startTimeUtc: new Date(ended.getTime() - result.tally.seconds * 1000).toISOString(),
    endTimeUtc: ended.toISOString(),
    toolExecutionNotifications: skipGroups(result.skips).map(notificationOf),
  };
}

/** Enough to see which files; the json report names them all. */
const mostNamed = 100;

function notificationOf(group: SkipGroup): Notification {
  const { by, skips } = group;
  const names = skips.map(skipName).filter((name) => name !== "");
  const named = names.length === 0 ? "" : ` (${list(names, 3)})`;
  const paths = skips.flatMap(({ path }) => path ?? []).slice(0, mostNamed);
  return {
    descriptor: { id: `skip.${by}`, index: by === "fault" ? 0 : 1 },
    level: by === "fault" ? "error" : "note",
    message: { text: plain(skipPhrase(group) + named) },
    ...(paths.length > 0 && {
      locations: paths.map((path) => ({
        physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: root } },
      })),
    }),
  };
}
