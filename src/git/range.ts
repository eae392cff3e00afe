/**
 * Which commits a user means: `--range`, `--since`, `--branch`. Revisions are the one thing here that a user writes
 * and git reads, so whatever begins with `-` is refused.
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
  /** Ids of parents of these commits that are neither among them nor come after one of them; they need not be here. */
  readonly boundary: readonly string[];
  /** Ids of the annotated tags that `range` names, those that they lead to included. */
  readonly tags: readonly string[];
}

/**
 * The commits that all of the options choose; those of every ref and HEAD when neither `range` nor `branch` is given.
 * Throws "usage.invalid" for a revision, date or glob that names nothing, "git.failed" when history is broken.
 */
export async function resolveRange(repo: Repository, options: RangeOptions): Promise<CommitRange> {
  const { range, since, branch, signal } = options;
  const named = range === undefined ? { revisions: [], tags: [] } : await checkedRange(repo, range);
  const revisions = [...named.revisions, ...(branch === undefined ? [] : await branches(repo, branch))];
  const from = since === undefined ? {} : await sinceWhat(repo, since);
  if (from.commit) revisions.push(`^${from.commit}`);
  const everything = range === undefined && branch === undefined ? ["--all"] : [];
  const list = await repo.git.run(["rev-list", "--topo-order", "--parents", "--timestamp", ...everything, "--stdin"], {
    input: asInput(revisions),
    signal,
  });
  return { ...parse(list, from.time ?? 0), tags: named.tags };
}

/** Revisions go through standard input: a command line has no room for those of fifty thousand branches. */
const asInput = (revisions: readonly string[]): readonly string[] => revisions.map((revision) => `${revision}\n`);

/**
 * Lines of `<seconds> <id> <parent> <parent> …`, children first. Dates are compared here, since git stops at the first
 * old commit. With a wrong clock an old commit can stand above a chosen one: it is then no boundary, since it has what
 * the chosen one brought.
 */
function parse(list: string, oldest: number): Omit<CommitRange, "tags"> {
  const commits: string[] = [];
  const boundary = new Set<string>();
  /** Chosen commits and all that come after one. */
  const after = new Set<string>();
  for (const line of list.split("\n").reverse()) {
    const [time = "", commit = "", ...parents] = line.split(" ");
    if (commit === "") continue;
    const isChosen = Number(time) >= oldest;
    if (isChosen || parents.some((parent) => after.has(parent))) after.add(commit);
    if (!isChosen) continue;
    commits.push(commit);
    for (const parent of parents) if (!after.has(parent)) boundary.add(parent);
  }
  return { commits: commits.reverse(), boundary: [...boundary] };
}

async function checkedRange({ git }: Repository, range: string): Promise<{ revisions: string[]; tags: string[] }> {
  const revisions = range.split(/\s+/).filter((revision) => revision !== "");
  const bad = revisions.find((revision) => revision.startsWith("-"));
  if (revisions.length === 0 || bad !== undefined) throw unknown("range", range);
  // Without any commit, what is left to list are the tags among the revisions.
  const check = ["rev-list", "--max-count=0", "--objects", "--no-object-names", "--missing=allow-any", "--stdin"];
  const tags = await git.run(check, { input: asInput(revisions) }).catch((cause: unknown) => {
    throw unknown("range", range, cause);
  });
  return { revisions, tags: tags.split("\n").slice(0, -1) };
}

async function branches({ git }: Repository, glob: string): Promise<string[]> {
  const patterns = [`refs/heads/${glob}`, `refs/remotes/*/${glob}`];
  const found = (await git.run(["for-each-ref", "--format=%(objectname)", ...patterns])).split("\n").slice(0, -1);
  if (found.length === 0) throw unknown("branch", glob);
  return [...new Set(found)];
}

const dateWords =
  /^(?:\d{4}-\d{1,2}-\d{1,2}.*|@\d+|today|yesterday|noon|midnight|(?:last|\d+)[ .](?:second|minute|hour|day|week|month|year)s?(?:[ .]ago)?)$/i;

/** A day begins at midnight; git takes the time of day at which it is asked. */
const fromMidnight = (since: string): string => (/^\d{4}-\d{1,2}-\d{1,2}$/.test(since) ? `${since} 00:00:00` : since);

async function sinceWhat({ git }: Repository, since: string): Promise<{ commit?: string; time?: number }> {
  if (since.startsWith("-")) throw unknown("start", since);
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${since}^{commit}`];
  const commit = (await git.run(args, { okCodes: [0, 1, 128] })).trim();
  if (commit !== "") return { commit };
  // Git takes any words for a date and reads most of them as "now".
  if (!dateWords.test(since)) throw unknown("start", since);
  const [, seconds] =
    /^--max-age=(\d+)$/.exec((await git.run(["rev-parse", `--since=${fromMidnight(since)}`])).trim()) ?? [];
  return { time: Number(seconds) };
}

function unknown(what: string, name: string, cause?: unknown): LeaksweepError {
  return new LeaksweepError("usage.invalid", `Cannot resolve ${what} "${name}": it names nothing in this repository`, {
    hint: "Name a branch, tag, commit or A..B; a date is written 2024-05-01.",
    cause,
  });
}
