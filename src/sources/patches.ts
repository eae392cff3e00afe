/**
 * What commits add, hunk by hunk, as `git log -p -U0` shows it: the view of history that other scanners have. What only
 * a merge, a stash or an unreachable object holds is not in it; `HistorySource` has that.
 */
import { createHash } from "node:crypto";
import { LeaksweepError } from "../errors.ts";
import type { Git } from "../git/git.ts";
import { type PatchHunk, patchFormat, readPatch } from "../git/patch.ts";
import type { Batch, CommitInfo, ContentId, Mark, Run, Skip, Source, Trace } from "../terms.ts";

export interface PatchesOptions {
  /** `log`: what commits add. `index`, `worktree`: what is not committed yet, or not staged. */
  readonly of: "log" | "index" | "worktree";
  /** Options of `git log`, which say what commits; those of gitleaks when there are none. */
  readonly logOptions: readonly string[];
  /** Folder in the repository to which a diff is limited, `/`-separated; empty for all of it. */
  readonly folder: string;
  /** History was cut off on purpose, and the user does not accept that. */
  readonly shallow: boolean;
  /** Is told of every hunk before it is searched. */
  readonly onHunk?: (home: PatchHome) => void;
}

/** Where a hunk is and whose it is. */
export type PatchHome = Omit<PatchHunk, "added">;

/** Bytes of added lines in one batch, about. */
const batchBytes = 1 << 20;

/** Every commit of every ref, also of those that a simplified history leaves out; every change but a bare deletion. */
const allCommits = ["--full-history", "--all", "--diff-filter=tuxdb"];

/** A source over the added lines of a repository's commits, or of what is about to become one. */
export function patchesSource(git: Git, options: PatchesOptions): Source {
  const homes = new Map<ContentId, PatchHome>();
  return {
    label: "commits",
    async *batches(signal) {
      if (options.shallow) yield lot([], [shallowSkip], homes);
      const skips: Skip[] = [];
      let waiting: PatchHunk[] = [];
      let bytes = 0;
      try {
        for await (const part of readPatch(git.stream(argumentsOf(options), { signal }))) {
          options.onHunk?.(part);
          waiting.push(part);
          bytes += part.added.length;
          if (bytes < batchBytes) continue;
          yield lot(waiting, skips.splice(0), homes);
          [waiting, bytes] = [[], 0];
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof LeaksweepError) || error.code !== "git.failed") throw error;
        // What git has shown until then counts all the same.
        skips.push({ by: "fault", reason: error.message });
      }
      yield lot(waiting, skips, homes);
    },
    trace: async (holds) => {
      const runs = new Map<Mark, { run: Run; commit: CommitInfo | undefined }[]>();
      for (const [content, home] of homes) {
        const place = { where: "content", path: home.path } as const;
        const version = { content, ...commitOf(home) };
        const status = options.of === "log" ? "present" : "uncommitted";
        const run: Run = { ...place, first: version, last: version, versions: 1, status };
        const commit = home.commit && infoOf(home.commit);
        for (const mark of holds(content, place)) runs.set(mark, [...(runs.get(mark) ?? []), { run, commit }]);
      }
      return { marks: new Map([...runs].map(([mark, some]) => [mark, traceOf(some)])), skips: [] };
    },
  };
}

const shallowSkip: Skip = { by: "fault", reason: "history is shallow: commits before it are not here" };

function argumentsOf({ of, logOptions, folder }: PatchesOptions): readonly string[] {
  const calm = ["--no-ext-diff", "--no-textconv", "--no-color", "-U0"];
  if (of === "log") {
    return ["log", "-p", ...calm, `--format=${patchFormat}`, ...(logOptions.length > 0 ? logOptions : allCommits)];
  }
  const staged = of === "index" ? ["--staged"] : [];
  return ["diff", ...calm, ...staged, "--", `:(top,literal)${folder}`];
}

function lot(hunks: readonly PatchHunk[], skips: readonly Skip[], homes: Map<ContentId, PatchHome>): Batch {
  const commits = new Set(hunks.map(({ commit }) => commit?.commit));
  return {
    tally: {
      commits: commits.size,
      texts: hunks.length,
      bytes: hunks.reduce((sum, { added }) => sum + added.length, 0),
    },
    skips,
    progress: 0,
    *search(engine) {
      for (const { added, ...home } of hunks) {
        const matches = engine.match({ bytes: added, offset: 0, line: home.line, column: 1 });
        if (matches.length === 0) continue;
        const content = nameOf(home, added);
        homes.set(content, home);
        yield { content, matches };
      }
    },
  };
}

/** A hunk's name: two hunks of one commit can begin at one line only in different files. */
const nameOf = ({ commit, path, line }: PatchHome, added: Uint8Array): ContentId =>
  createHash("sha256")
    .update([commit?.commit ?? "", path, line].join("\0"))
    .update("\0")
    .update(added)
    .digest("hex");

const commitOf = ({ commit }: Pick<PatchHome, "commit">): { commit?: string } =>
  commit ? { commit: commit.commit } : {};

const infoOf = ({ commit, seconds, name, email }: NonNullable<PatchHome["commit"]>): CommitInfo => ({
  commit,
  date: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
  author: { name, email },
});

function traceOf(some: readonly { run: Run; commit: CommitInfo | undefined }[]): Trace {
  const commits = some.flatMap(({ commit }) => commit ?? []);
  const [introduced] = commits.sort((a, b) => Date.parse(a.date) - Date.parse(b.date));
  const status = some[0]?.run.status ?? "present";
  return { status, refs: [], runs: some.map(({ run }) => run), ...(introduced && { introduced }) };
}
