/**
 * What the other side has already. Two findings are the same when their secrets are and what was found beside them is,
 * too; so the second half of a credential makes it a new one.
 */
import type { Plan } from "../config/plan.ts";
import { addedCommits, replacedBlobs } from "../git/added.ts";
import { hookEnvironment } from "../git/environment.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { HistorySource, storeOf } from "../sources/history.ts";
import { BlobPaths, listedSource } from "../sources/listed.ts";
import { replacedSource } from "../sources/staged.ts";
import type { Finding, Result, Source } from "../terms.ts";
import { canonical } from "../triage/fingerprint.ts";
import { notRepository } from "./errors.ts";
import { isOpen, type JudgeOptions, scanSource } from "./judge.ts";
import { type HookCall, type Push, tipsOf } from "./start.ts";

/** `result`, with what the other side of `push` has as `known`. */
export function withoutPushed(result: Result, push: Push, options: JudgeOptions): Promise<Result> {
  const { known, side } = push;
  // Of the names of refs, here are those of this side, too.
  const isTheirs = (ref: string): boolean => known.refs.includes("--all") || ref.startsWith("refs/remotes/");
  return settle(result, { options, side, held: heldByOtherSide(push, options), isTheirs });
}

/** `result`, with what HEAD has at the paths that the index changes as `known`. */
export async function withoutCommitted(result: Result, options: JudgeOptions): Promise<Result> {
  const repository = await opened(options.cwd, options);
  async function* held(): AsyncGenerator<Source> {
    yield await replacedSource(repository);
  }
  return settle(result, { options, side: "HEAD", held: held(), isTheirs: () => false });
}

/** The likely places first: what the push replaced, then everything. */
async function* heldByOtherSide(push: Push, options: JudgeOptions): AsyncGenerator<Source> {
  const { refs, known, git, found } = push;
  const { signal } = options;
  const repository = await opened(found.gitDir, options);
  const paths = new BlobPaths();
  const commits = await addedCommits(git, { tips: tipsOf(refs), known, signal });
  for (const { oid, path } of await replacedBlobs(git, commits)) paths.note(oid, path);
  if (paths.size > 0) yield listedSource(repository, { label: "before", paths, status: "present" });
  if (known.oids.length + known.refs.length === 0) return;
  const selection = { kind: "reachable", from: known } as const;
  yield new HistorySource(repository, storeOf(repository), { selection, allowShallow: true, allowPartial: true });
}

async function opened(path: string, { env, cwd, signal }: HookCall): Promise<Repository> {
  const repository = await openRepository(path, { env: hookEnvironment({ ...env }, cwd), signal });
  if (!repository) throw notRepository(path);
  return repository;
}

interface Settling {
  readonly options: JudgeOptions;
  readonly side: string;
  readonly held: AsyncIterable<Source>;
  /** Whether the other side has a ref of this full name. */
  readonly isTheirs: (ref: string) => boolean;
}

/** Takes what the other side has for known. Each source is read only while something that matters is left. */
async function settle(result: Result, { options, side, held, isTheirs }: Settling): Promise<Result> {
  let { findings } = result;
  // What is accepted here says nothing of what is there.
  const plan: Plan = { ...options.plan, allow: [], baseline: [] };
  for await (const source of held) {
    const there = await scanSource(source, { ...options, plan, target: result.target, trusted: false });
    const has = holder(
      there.findings.filter(({ occurrences }) =>
        occurrences.some(({ where, path }) => where !== "ref" || isTheirs(path)),
      ),
    );
    const verdictReason = `${side} has it already`;
    findings = findings.map((finding) =>
      finding.verdict === "new" && has(finding) ? { ...finding, verdict: "known", verdictReason } : finding,
    );
    if (!findings.some(isOpen(options))) break;
  }
  return { ...result, findings };
}

/** Whether a finding is among `findings`, with all that was found beside it. */
function holder(findings: readonly Finding[]): (finding: Finding) => boolean {
  const known = new Map(findings.map((finding) => [finding.fingerprint, new Set(partsOf(finding))]));
  return (finding) => {
    const parts = known.get(finding.fingerprint);
    return parts !== undefined && partsOf(finding).every((part) => parts.has(part));
  };
}

const partsOf = ({ components }: Finding): string[] =>
  components.map(({ secret }) => Buffer.from(canonical(secret)).toString("latin1"));
