/**
 * How to get a secret out of commits that have not been pushed: the git commands for exactly this case. Each is meant
 * to be typed as it stands, at the root of the work tree.
 */
import type { Finding, Occurrence } from "../terms.ts";
import { quote } from "../triage/quote.ts";

/** One thing to do: a sentence, and the commands that follow it. */
export interface FixStep {
  readonly text: string;
  readonly commands: readonly string[];
}

/** What the steps must know of the commits that are pushed. */
export interface PushedHistory {
  /** Ids of the added commits, children first, with those of their parents. */
  readonly commits: ReadonlyMap<string, readonly string[]>;
  /** Branches and tags that are pushed: full local name, or `HEAD`, and the commit that each leads to. */
  readonly tips: readonly { readonly local: string; readonly commit: string }[];
  /** Full name of the branch that is checked out. */
  readonly head?: string;
}

/** The steps for a finding of a push, in order; at least one. */
export function pushSteps(finding: Finding, history: PushedHistory): readonly FixStep[] {
  const [first] = finding.occurrences;
  const where = first?.where ?? "content";
  if (where === "tag") return [remadeTag(first?.path ?? "")];
  if (where === "ref") return [renamedRef(first?.path ?? "")];
  if (where === "note") return [droppedNotes(finding)];
  const commit = commitOf(finding, history);
  if (commit === undefined) return [{ text: "Take it out of what is pushed.", commands: [] }];
  const way = wayTo(commit, history);
  const steps = rewriting[where]?.(way, finding) ?? inFiles(way, finding);
  return [...switching(way, history), ...steps, ...retagging(way)];
}

/** The steps for a finding of the index. */
export function stagedSteps(finding: Finding): readonly FixStep[] {
  const files = distinct(finding.occurrences);
  const { text, command } = removal(finding);
  return [{ text: `${text(files)}, then:`, commands: [command(files)] }];
}

/** How files are rid of a finding: of a secret in them, or all of them. */
const removal = ({ rule }: Finding) => ({
  text: (files: readonly string[]): string =>
    rule.kind === "file" ? `Keep ${files.join(", ")} out of the repository` : `Take it out of ${files.join(", ")}`,
  command: (files: readonly string[]): string =>
    `git ${rule.kind === "file" ? "rm --cached" : "add"} ${files.map(quote).join(" ")}`,
});

/** Where a commit stands among those that are pushed. */
interface Way {
  readonly commit: string;
  readonly short: string;
  readonly isTip: boolean;
  readonly isMerge: boolean;
  /** What `git rebase` takes for the commit before it. */
  readonly before: string;
  /** It or some commit above it is a merge, so that a rebase must keep merges. */
  readonly hasMerges: boolean;
  /** Full local name of the branch or tag to rewrite. */
  readonly local: string;
  /** Tags that are pushed and lead to it or past it. */
  readonly tags: readonly string[];
  /** How many commits come after it, where those are one line that one branch alone has. */
  readonly after?: number;
}

function commitOf({ introduced, occurrences }: Finding, { commits }: PushedHistory): string | undefined {
  const named = [introduced?.commit, ...occurrences.flatMap(({ first, commit }) => [first.commit, commit])];
  return named.find((commit): commit is string => typeof commit === "string" && commits.has(commit));
}

function wayTo(commit: string, { commits, tips, head }: PushedHistory): Way {
  const above = reaching(commit, commits);
  const leading = tips.filter((tip) => above.has(tip.commit));
  const rank = (local: string): number => (local === head || local === "HEAD" ? 0 : isTag(local) ? 2 : 1);
  const [tip] = leading.toSorted((a, b) => rank(a.local) - rank(b.local));
  const parents = commits.get(commit) ?? [];
  const short = commit.slice(0, 7);
  const hasMerges = [...above].some((other) => (commits.get(other)?.length ?? 0) > 1);
  const isLine = !hasMerges && leading.filter(({ local }) => !isTag(local)).length === 1;
  return {
    commit,
    short,
    isTip: tip?.commit === commit,
    isMerge: parents.length > 1,
    before: parents.length === 0 ? "--root" : `${short}^`,
    hasMerges,
    local: tip?.local ?? "HEAD",
    tags: leading.flatMap(({ local }) => (isTag(local) ? local.slice("refs/tags/".length) : [])),
    ...(isLine && { after: above.size - 1 }),
  };
}

const isTag = (local: string): boolean => local.startsWith("refs/tags/");

/** A commit and all added ones that lead to it: what rewriting it rewrites. */
function reaching(commit: string, commits: PushedHistory["commits"]): ReadonlySet<string> {
  const found = new Set([commit]);
  // Parents come after their children.
  for (const [other, parents] of [...commits].reverse()) if (parents.some((id) => found.has(id))) found.add(other);
  return found;
}

/** What a secret that is no part of a file takes. */
const rewriting: Readonly<Record<string, (way: Way, finding: Finding) => readonly FixStep[]>> = {
  message: (way) => {
    if (way.isTip) return [{ text: "Reword the last commit:", commands: ["git commit --amend"] }];
    return [
      {
        text: `Reword ${way.short}: git opens its message. Change what stands below the line "amend!", and leave that.`,
        commands: [`git commit --fixup=reword:${way.short}`, autosquash(way)],
      },
    ];
  },
  author: (way) => {
    const amend = "git commit --amend --no-edit --reset-author";
    const text = "Correct user.name and user.email (git config), then:";
    if (way.isTip) return [{ text, commands: [amend] }];
    return [{ text, commands: [`git rebase ${merges(way)}${way.before} --exec ${quote(amend)}`] }];
  },
  path: (way, finding) => {
    const renames = distinct(finding.occurrences).map((path) => `git mv ${veiledName(path)} NEW_NAME`);
    if (way.isTip) return [{ text: "Rename the file:", commands: [...renames, "git commit --amend --no-edit"] }];
    return stopping(way, { text: "rename the file", commands: renames });
  },
};

/** A name in which a secret is redacted, as a pattern of the shell: `ghp_*.txt`. */
const veiledName = (path: string): string =>
  path
    .split(/…\(\d+\)/)
    .map((part) => (part === "" ? "" : quote(part)))
    .join("*");

function inFiles(way: Way, finding: Finding): readonly FixStep[] {
  const { occurrences } = finding;
  const files = distinct(occurrences);
  const { text, command } = removal(finding);
  const [add, out] = [command(files), text(files)];
  const isThere = occurrences.every(({ status }) => status === "present");
  if (way.isTip && isThere) return [{ text: `${out}, then:`, commands: [add, "git commit --amend --no-edit"] }];
  const isGone = occurrences.every(({ status }) => status !== "present");
  if (isGone && way.after !== undefined && way.after <= mostJoined) return [joinedUp(way, way.after)];
  if (!isThere || way.isMerge)
    return stopping(way, { text: `${out.slice(0, 1).toLowerCase()}${out.slice(1)}`, commands: [add] });
  const fixups = byCommit(occurrences, way).flatMap(([short, paths]) => [
    command(paths),
    `git commit --fixup=${short}`,
  ]);
  return [{ text: `${out}, then:`, commands: [...fixups, autosquash(way)] }];
}

/** So many commits are made one without a loss that anybody minds: nobody else has them. */
const mostJoined = 9;

/** One commit instead of those since: they end without the secret, and there is nothing that could conflict. */
const joinedUp = ({ short, before }: Way, after: number): FixStep => ({
  text: `A later commit takes it away. Make one commit of ${short} and the ${after === 1 ? "one" : after} after it:`,
  commands: [before === "--root" ? "git update-ref -d HEAD" : `git reset --soft ${before}`, `git commit -C ${short}`],
});

/** Files by the commit that brought the secret into each. */
function byCommit(occurrences: readonly Occurrence[], way: Way): [string, string[]][] {
  const groups = new Map<string, Set<string>>();
  for (const { path, first } of occurrences) {
    const short = first.commit?.slice(0, 7) ?? way.short;
    groups.set(short, (groups.get(short) ?? new Set()).add(path));
  }
  return [...groups].map(([short, paths]) => [short, [...paths]]);
}

/** A rebase that stops at the commit: for what the files no longer show, and for merges. */
function stopping(way: Way, { text, commands }: FixStep): readonly FixStep[] {
  const mark = way.isMerge
    ? `below the line of ${way.short} write a line "break"`
    : `write "edit" before the line of ${way.short}`;
  return [
    { text: `Stop at ${way.short}: ${mark}.`, commands: [`git rebase -i --empty=drop ${merges(way)}${way.before}`] },
    { text: `There, ${text}, then:`, commands: [...commands, "git commit --amend --no-edit", "git rebase --continue"] },
  ];
}

// The list of commits needs no editor: `:` is a program that leaves it as it is.
const autosquash = (way: Way): string => `git -c sequence.editor=: rebase -i --autosquash ${merges(way)}${way.before}`;

const merges = ({ hasMerges }: Way): string => (hasMerges ? "--rebase-merges " : "");

/** The branch that must be checked out first. */
function switching({ local }: Way, { head }: PushedHistory): readonly FixStep[] {
  if (local === "HEAD" || local === head || !local.startsWith("refs/heads/")) return [];
  return [{ text: "Go to the branch:", commands: [`git switch ${quote(local.slice("refs/heads/".length))}`] }];
}

/** Tags that would still lead to the old commits. */
const retagging = ({ tags }: Way): readonly FixStep[] =>
  tags.map((tag) => ({
    text: "Have the tag name the new commit (with -a if it had a message):",
    commands: [`git tag -f ${quote(tag)}`],
  }));

function remadeTag(name: string): FixStep {
  const text = "Make the tag anew, with another message:";
  return { text, commands: [`git tag -a -f ${quote(name)} ${quote(`${name}^{}`)}`] };
}

function renamedRef(name: string): FixStep {
  const kind = name.startsWith("refs/tags/") ? "tag" : "branch";
  return { text: `The name of the ${kind} holds it: push it under another name.`, commands: [] };
}

function droppedNotes({ refs }: Finding): FixStep {
  const name = refs.find((ref) => ref.startsWith("refs/notes/")) ?? "refs/notes/commits";
  return {
    text: "A note stays in the history of its ref: delete the ref.",
    commands: [`git update-ref -d ${quote(name)}`],
  };
}

const distinct = (occurrences: readonly Occurrence[]): string[] => [...new Set(occurrences.map(({ path }) => path))];
