/**
 * From a record of history to the trace of every mark: introduced, removed, status, refs and runs, by the
 * definitions of the interface. One walk over the commits, oldest first; no git process, nothing read again.
 */
import type { CommitInfo, Holds, Mark, Run, Status, Trace, Version } from "../../terms.ts";
import { contentId, Grower, type Holding, nothingHeld } from "./holding.ts";
import { type Lifespan, Lifespans } from "./lifespan.ts";
import { readPerson } from "./objects.ts";
import { reachable, reachedFrom } from "./order.ts";
import type { HistoryRecord } from "./record.ts";
import type { ClosedRun, OpenRun } from "./runs.ts";
import { Shapes } from "./shape.ts";
import { type TextPlace, textRuns } from "./texts.ts";
import type { Tip, Walked } from "./tips.ts";
import { unplacedRuns } from "./unplaced.ts";

/** A file of the index: its path and the object index of its blob. */
export interface IndexPlace {
  readonly path: string;
  readonly object: number;
}

export interface TraceRequest {
  readonly texts: readonly TextPlace[];
  /** Entries of the index whose blob is one of `blobs`. */
  readonly index: readonly IndexPlace[];
  /** Object indices of the blobs in which something was matched. */
  readonly blobs: readonly number[];
  readonly holds: Holds;
  /** Whether all of history was read; else nothing is said of what has no place. */
  readonly isWhole: boolean;
  /** Whether a commit, by number, belongs to the range that is told of. Absent: all do. */
  readonly speaks?: (commit: number) => boolean;
  /** Numbers of the commits before a range: what they hold was not brought in by it. */
  readonly boundary: readonly number[];
}

/** What tracing gives: the traces, and places that were not followed because they are too many or too deep. */
export interface HistoryTraces {
  readonly marks: ReadonlyMap<Mark, Trace>;
  readonly cut: readonly string[];
}

/** The trace of every mark that `holds` finds anywhere in the record; of a range, only of those it brought in. */
export function traceHistory(walked: Walked, request: TraceRequest): HistoryTraces {
  const { record } = walked;
  const shapes = new Shapes(record);
  const grower = new Grower(record, shapes, request.holds);
  const lifespans = new Lifespans(grower.sets);
  const shown =
    record.targets.count > 0
      ? growAll(walked, { shapes, grower, lifespans, speaks: request.speaks ?? (() => true) })
      : new Map();
  const inTrees = distinct(grower.runs).map((run) => closeRun(walked, run, shown));
  const staged = indexRuns(record, request, inTrees);
  const placed = new Set([...grower.placed, ...request.index.map(({ object }) => object)]);
  const runs = [...inTrees, ...staged, ...unplacedRuns(walked, { ...request, placed }), ...textRuns(walked, request)];
  const marks = assemble(walked, runs, lifespans.spans);
  for (const commit of request.boundary) {
    for (const mark of grower.sets.marks(lifespans.held(commit))) marks.delete(mark);
  }
  return { marks, cut: [...grower.cut] };
}

interface Growing {
  readonly shapes: Shapes;
  readonly grower: Grower;
  readonly lifespans: Lifespans;
  readonly speaks: (commit: number) => boolean;
}

/**
 * Walks all commits, oldest first, and returns the runs that branches show. A holding is let go when the last child
 * has taken over from it: what a long history held at each commit would not fit in memory at once.
 */
function growAll(walked: Walked, { shapes, grower, lifespans, speaks }: Growing): ReadonlyMap<OpenRun, number> {
  const { record, order, place, reached, tips } = walked;
  const tipsThat = (wanted: (name: string) => boolean): number[] =>
    tips.filter(({ name, kind }) => kind === "ref" && wanted(name)).map(({ commit }) => commit);
  const notes = reachable(record, order, tipsThat(isNotes));
  const others = reachable(
    record,
    order,
    tipsThat((name) => !isNotes(name)),
  );
  const children = childCounts(record);
  for (const { commit } of tips) if (commit >= 0) children[commit] = (children[commit] ?? 0) + 1;
  const holdings: (Holding | undefined)[] = new Array(order.length);
  for (const commit of order) {
    const parents = Array.from(record.parents(commit));
    const before = parents.map((parent) => holdings[parent] ?? nothingHeld);
    const where = notes[commit] === 1 && others[commit] !== 1 ? "note" : "content";
    const isReached = reached[commit] === 1;
    const rank = (place[commit] ?? 0) + (isReached ? 0 : order.length);
    const tree = record.trees.at(commit);
    // A tree that is not here is no removal: the parent's stands for it, and the run is incomplete anyway.
    const shape = tree < 0 ? (before[0]?.shape ?? 0) : shapes.of(tree);
    const holding = grower.grow(shape, before, { commit, order: rank, where });
    lifespans.tell({ commit, held: holding.marks, parents, reached: isReached, speaks: speaks(commit) });
    if ((children[commit] ?? 0) > 0) holdings[commit] = holding;
    for (const parent of parents) {
      children[parent] = (children[parent] ?? 0) - 1;
      if (children[parent] === 0) holdings[parent] = undefined;
    }
  }
  return presentRuns(walked, holdings);
}

function childCounts({ ancestry, commits }: HistoryRecord): Int32Array {
  const counts = new Int32Array(commits.length);
  for (const parent of ancestry.parents) counts[parent] = (counts[parent] ?? 0) + 1;
  return counts;
}

/** Whether what this ref's tree shows counts as present: HEAD, local and remote-tracking branches. */
export const isBranch = (name: string): boolean =>
  /^(?:worktrees\/[^/]+\/)?HEAD$/.test(name) || name.startsWith("refs/heads/") || name.startsWith("refs/remotes/");

/** Notes are shown by refs of their own, which no branch ever is. */
const isNotes = (name: string): boolean => name.startsWith("refs/notes/");

/** Runs in the tree of HEAD, a branch or the notes, with the object that the first such tree shows; HEAD is asked first. */
function presentRuns({ tips }: Walked, holdings: readonly (Holding | undefined)[]): ReadonlyMap<OpenRun, number> {
  const shown = new Map<OpenRun, number>();
  const seen = new Set<Holding>();
  const visit = (holding: Holding): void => {
    if (seen.has(holding)) return;
    seen.add(holding);
    for (const { object, runs } of holding.leaves.values()) {
      for (const run of runs) if (!shown.has(run.root)) shown.set(run.root, object);
    }
    for (const folder of holding.folders.values()) visit(folder);
  };
  const branches = tips.filter(({ name, kind }) => kind === "ref" && (isBranch(name) || isNotes(name)));
  for (const { commit } of branches.sort((a, b) => Number(b.name === "HEAD") - Number(a.name === "HEAD"))) {
    visit(holdings[commit] ?? nothingHeld);
  }
  return shown;
}

/** Runs of what is in the index and not, at the same path, in a branch. */
function indexRuns(record: HistoryRecord, { index, holds }: TraceRequest, inTrees: readonly ClosedRun[]): ClosedRun[] {
  const committed = new Set(
    inTrees.filter(({ status }) => status === "present").map((run) => `${run.last.content} ${run.path}`),
  );
  return index.flatMap(({ path, object }) => {
    const content = contentId(record, object);
    if (committed.has(`${content} ${path}`)) return [];
    const version = { content, blob: content };
    const place = { where: "content", path } as const;
    return holds(content, place).map((mark): ClosedRun => {
      return {
        mark,
        ...place,
        first: version,
        last: version,
        versions: 1,
        status: "uncommitted",
        oldest: -1,
        newest: -1,
      };
    });
  });
}

const distinct = (runs: readonly OpenRun[]): OpenRun[] => [...new Set(runs.map(({ root }) => root))];

function closeRun({ record, reached }: Walked, run: OpenRun, shown: ReadonlyMap<OpenRun, number>): ClosedRun {
  const { mark, where, path } = run;
  // What no ref shows is not told where a ref shows some of the run.
  const seen = run.versions.filter(({ commit }) => reached[commit] === 1);
  const versions = seen.length > 0 ? seen : run.versions;
  const object = shown.get(run);
  const last = (object === undefined ? undefined : run.version(object)) ?? versions.at(-1);
  const [first] = versions;
  if (!first || !last) throw new Error("a run without versions");
  const version = ({ commit, object }: typeof first): Version => {
    const content = contentId(record, object);
    return { commit: record.id(commit), content, ...(object >= 0 && { blob: content }) };
  };
  let status: Status = "unreachable";
  if (object !== undefined) status = "present";
  else if (seen.length > 0) status = "removed";
  return {
    mark,
    where,
    path,
    first: version(first),
    last: version(last),
    versions: versions.length,
    status,
    oldest: first.commit,
    newest: last.commit,
  };
}

const strength: Readonly<Record<Status, number>> = { unreachable: 0, removed: 1, uncommitted: 2, present: 3 };

/** The status that says most: a secret that still stands somewhere still stands. */
function strongest(statuses: readonly Status[]): Status {
  return statuses.reduce((best, status) => (strength[status] > strength[best] ? status : best), "unreachable");
}

function assemble(walked: Walked, runs: readonly ClosedRun[], spans: ReadonlyMap<Mark, Lifespan>): Map<Mark, Trace> {
  const byMark = new Map<Mark, ClosedRun[]>();
  for (const run of runs) {
    const some = byMark.get(run.mark);
    if (some) some.push(run);
    else byMark.set(run.mark, [run]);
  }
  const newest = new Map([...byMark].map(([mark, some]) => [mark, newestCommit(walked, some)]));
  const refs = refsOf(
    walked,
    [...new Set(newest.values())].filter((commit) => commit >= 0),
  );
  const traces = new Map<Mark, Trace>();
  for (const [mark, some] of byMark) {
    const status = strongest(some.map((run) => run.status));
    const { introduced, removed } = spans.get(mark) ?? {};
    const first = firstCommit(walked, [introduced ?? -1, ...some.filter(isText).map(({ oldest }) => oldest)]);
    traces.set(mark, {
      status,
      ...(first >= 0 && { introduced: commitInfo(walked.record, first) }),
      ...(removed !== undefined && status !== "present" && { removed: commitInfo(walked.record, removed) }),
      refs: refs.get(newest.get(mark) ?? -1) ?? some.find((run) => run.status === status)?.refs ?? [],
      runs: some.map(({ mark: _mark, oldest: _oldest, newest: _newest, refs: _refs, ...run }) => run),
    });
  }
  return traces;
}

const isText = ({ where }: Run): boolean => where === "message" || where === "author" || where === "tag";

/** The commit of the newest run; among runs of the strongest status only, since that is the one to reach. */
function newestCommit({ place }: Walked, runs: readonly ClosedRun[]): number {
  const best = strongest(runs.map(({ status }) => status));
  const commits = runs.filter(({ status, newest }) => status === best && newest >= 0).map(({ newest }) => newest);
  return commits.reduce((last, commit) => ((place[commit] ?? 0) > (place[last] ?? -1) ? commit : last), -1);
}

/** The first in the order of history, those that a ref reaches before the others; -1 when there is none. */
function firstCommit({ place, reached }: Walked, commits: readonly number[]): number {
  const key = (commit: number): number => (place[commit] ?? 0) + (reached[commit] === 1 ? 0 : place.length);
  return commits.reduce((best, commit) => (commit >= 0 && (best < 0 || key(commit) < key(best)) ? commit : best), -1);
}

const mostRefs = 20;

/** Names of the refs that reach each commit; where no ref does, the reflog entries that do. */
function refsOf({ record, order, tips }: Walked, wanted: readonly number[]): Map<number, string[]> {
  const reaching = (kind: Tip["kind"]): ReadonlyMap<number, readonly string[]> =>
    reachedFrom(record, order, { wanted, tips: tips.filter((tip) => tip.kind === kind && tip.commit >= 0) });
  const byRef = reaching("ref");
  const byLog = reaching("log");
  return new Map(
    wanted.map((commit) => {
      const refs = byRef.get(commit) ?? [];
      const names = refs.length > 0 ? refs : (byLog.get(commit) ?? []);
      return [commit, [...new Set(names)].sort().slice(0, mostRefs)];
    }),
  );
}

function commitInfo(record: HistoryRecord, commit: number): CommitInfo {
  const { name, email, date } = readPerson(record.author(commit));
  return { commit: record.id(commit), date, author: { name, email } };
}
