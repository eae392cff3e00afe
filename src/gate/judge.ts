/**
 * What is new in a push: the findings of all that it adds, less those that the other side is known to have. The other
 * side is only looked at, and what reads it only loaded, when something in the push would stop it.
 */
import type { Plan } from "../config/plan.ts";
import { type ScanRequest, scan } from "../scan.ts";
import { AddedSource } from "../sources/added.ts";
import type { Finding, Result, Source, Target } from "../terms.ts";
import type { HookCall, Push } from "./start.ts";

export interface JudgeOptions extends HookCall {
  readonly plan: Plan;
  /** Whether a finding, if it is new, is worth to be told from what the other side has. */
  readonly matters: (finding: Finding) => boolean;
  readonly onEvent?: ScanRequest["onEvent"] | undefined;
}

export interface PushOptions extends JudgeOptions {
  /** Whether comments in what is pushed may allow something. */
  readonly trusted: boolean;
}

/**
 * The result of a push. What the other side has already is `known`, with that as the reason. Skips are of the push
 * alone. Rejects like `scan`.
 */
export async function judgePush(push: Push, options: PushOptions): Promise<Result> {
  const { plan, trusted } = options;
  const tips = push.refs.flatMap(({ name, oid, before }) =>
    oid === undefined ? [] : [{ name, oid, isNew: before === undefined }],
  );
  const source = new AddedSource({ ...push, ...plan, tips });
  const target: Target = { kind: "push", path: push.found.workTree ?? push.found.gitDir, url: null, range: null };
  const result = await scanSource(source, { ...options, target, trusted });
  if (!result.findings.some(isOpen(options))) return result;
  const { withoutPushed } = await import("./held.ts");
  return withoutPushed(result, push, options);
}

/** `result`, which is of the index, where what HEAD has at the paths that change is `known`. */
export async function judgeStaged(result: Result, options: JudgeOptions): Promise<Result> {
  if (!result.findings.some(isOpen(options))) return result;
  const { withoutCommitted } = await import("./held.ts");
  return withoutCommitted(result, options);
}

/** Whether a finding is new and would stop something. */
export const isOpen =
  ({ matters }: Pick<JudgeOptions, "matters">) =>
  (finding: Finding): boolean =>
    finding.verdict === "new" && matters(finding);

type SourceScan = Pick<JudgeOptions, "plan" | "env" | "signal" | "onEvent"> & { target: Target; trusted: boolean };

/** The result of one source, which is all of the target. */
export function scanSource(source: Source, { target, trusted, ...request }: SourceScan): Promise<Result> {
  const opened = { target, parts: [{ source, prefix: "" }], trusted, close: async () => {} };
  return scan({ ...request, command: "push", paths: [], opened: async () => opened, now: () => new Date() });
}
