/**
 * Which commits a user means: `--range`, `--since`, `--branch`. Revisions are the one thing here that a user writes
 * and git reads, so whatever begins with `-` is refused and the rest comes after `--end-of-options`.
 */
import { LeaksweepError } from "../errors.ts";
import type { Repository } from "./repository.ts";

export interface RangeOptions {
  /** Revisions as git writes them (`A..B`, `^A B`), separated by spaces. */
  readonly range?: string;
  /** A revision, whose history is left out, or a date (`2024-05-01`, `2 weeks ago`). */
  readonly since?: string;
  /** Glob over the names of branches, local and remote-tracking. */
  readonly branch?: string;
  readonly signal?: AbortSignal;
}

export interface CommitRange {
  /** Ids, children before parents. */
  readonly commits: readonly string[];
  /** Ids of parents of these commits that are not among them; they need not be here. */
  readonly boundary: readonly string[];
}

/**
 * The commits that all of the options choose; those of every ref and HEAD when neither `range` nor `branch` is given.
 * Throws "usage.invalid" for a revision, date or glob that names nothing, "git.failed" when history is broken.
 */
export async function resolveRange(repo: Repository, options: RangeOptions): Promise<CommitRange> {
  const { range, since, branch, signal } = options;
  const revisions = [
    ...(range === undefined ? [] : await checkedRange(repo, range)),
    ...(branch === undefined ? [] : await branches(repo, branch)),
  ];
  const from = since === undefined ? {} : await sinceWhat(repo, since);
  if (from.commit) revisions.push(`^${from.commit}`);
  const everything = range === undefined && branch === undefined ? ["--all"] : [];
  const list = await repo.git.run(
    ["rev-list", "--topo-order", "--parents", "--timestamp", ...everything, "--end-of-options", ...revisions, "--"],
    { signal },
  );
  return parse(list, from.time ?? 0);
}

/** Lines of `<seconds> <id> <parent> <parent> …`. Dates are compared here, since git stops at the first old commit. */
function parse(list: string, oldest: number): CommitRange {
  const commits = new Set<string>();
  const parents = new Set<string>();
  for (const line of list.split("\n")) {
    const [time = "", commit = "", ...others] = line.split(" ");
    if (commit === "" || Number(time) < oldest) continue;
    commits.add(commit);
    for (const parent of others) parents.add(parent);
  }
  return { commits: [...commits], boundary: [...parents].filter((parent) => !commits.has(parent)) };
}

async function checkedRange({ git }: Repository, range: string): Promise<string[]> {
  const revisions = range.split(/\s+/).filter((revision) => revision !== "");
  const bad = revisions.find((revision) => revision.startsWith("-"));
  if (revisions.length === 0 || bad !== undefined) throw unknown("range", range);
  const checked = git.run(["rev-list", "--max-count=0", "--end-of-options", ...revisions, "--"]);
  await checked.catch((cause: unknown) => {
    throw unknown("range", range, cause);
  });
  return revisions;
}

async function branches({ git }: Repository, glob: string): Promise<string[]> {
  const patterns = [`refs/heads/${glob}`, `refs/remotes/*/${glob}`];
  const found = (await git.run(["for-each-ref", "--format=%(objectname)", ...patterns])).split("\n").slice(0, -1);
  if (found.length === 0) throw unknown("branch", glob);
  return [...new Set(found)];
}

const dateWords =
  /^(?:\d{4}-\d{1,2}-\d{1,2}.*|@\d+|today|yesterday|noon|midnight|(?:last|\d+)[ .](?:second|minute|hour|day|week|month|year)s?(?:[ .]ago)?)$/i;

async function sinceWhat({ git }: Repository, since: string): Promise<{ commit?: string; time?: number }> {
  if (since.startsWith("-")) throw unknown("start", since);
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${since}^{commit}`];
  const commit = (await git.run(args, { okCodes: [0, 1, 128] })).trim();
  if (commit !== "") return { commit };
  // Git takes any words for a date and reads most of them as "now".
  if (!dateWords.test(since)) throw unknown("start", since);
  const [, seconds] = /^--max-age=(\d+)$/.exec((await git.run(["rev-parse", `--since=${since}`])).trim()) ?? [];
  return { time: Number(seconds) };
}

function unknown(what: string, name: string, cause?: unknown): LeaksweepError {
  return new LeaksweepError("usage.invalid", `Cannot resolve ${what} "${name}": it names nothing in this repository`, {
    hint: "Name a branch, tag, commit or A..B; a date is written 2024-05-01.",
    cause,
  });
}
