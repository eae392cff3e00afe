/**
 * Searches packs on all cores. Each thread has the rules, a kernel and a memory of its own; what they share are the
 * layouts of the packs and one counter, by which each takes the next group when it has done with one. A small pack is
 * searched by the calling thread, since starting another takes longer.
 */
import { setImmediate } from "node:timers/promises";
import type { Table } from "../detect/engine/table.ts";
import { families } from "../git/pack/families.ts";
import type { FamilyReport, FamilySearch } from "../git/pack/family-search.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import { type ChosenRules, listOf } from "../rules/choice.ts";
import type { Rulepack } from "../terms.ts";
import type { Assignment, Work } from "./assignment.ts";
import { GroupSearch, type SearchOptions } from "./group-search.ts";
import { Threads } from "./threads.ts";
import { unwire, type WiredReport } from "./wire.ts";

/** Compressed bytes of blobs from which on other threads are worth their start. */
const worthThreads = 20 << 20;

/** Compressed bytes of a group: enough to be read in one go, little enough to share the last ones out evenly. */
const groupBytes = 4 << 20;

/** Git's number for blobs. */
const blob = 3;

export interface CrewOptions extends SearchOptions {
  /** Threads at most, at least 1. */
  readonly jobs: number;
  /** What `rulepack` was compiled of, for other threads to compile it again. */
  readonly rules: ChosenRules;
  /** The rulepack's; see `tableFor`. */
  readonly table: Table;
  /** Leaves whatever something was found in to who looks at it whole: it is then in no report. */
  readonly leavesFound?: boolean;
}

/** Searches with the rules of `rulepack`, none of which may need more of a text than its keywords. */
export function crewSearch(
  rulepack: Rulepack,
  { jobs, rules, table, leavesFound = false, ...options }: CrewOptions,
): FamilySearch {
  const search: FamilySearch = (packs, { signal, isWanted }) => {
    const work = workOf(packs, isWanted);
    const bytes = work.reduce((sum, { group }) => sum + group.bytes, 0);
    const threads = Math.min(jobs, work.length);
    const alone = threads < 2 || bytes < worthThreads;
    return alone
      ? searchHere(new GroupSearch(rulepack, table, options), work, signal)
      : searchThere(rulepack, { work, threads, rules, options, signal });
  };
  if (!leavesFound) return search;
  return async function* (packs, asked) {
    for await (const report of search(packs, asked)) yield withoutFound(report);
  };
}

function withoutFound({ objects, sizes, sightings, left }: FamilyReport): FamilyReport {
  const found = new Set(sightings.map(({ object }) => object));
  const isBarren = (at: number): boolean => !found.has(objects[at] ?? -1);
  return {
    objects: objects.filter((_, at) => isBarren(at)),
    sizes: sizes.filter((_, at) => isBarren(at)),
    sightings: [],
    left: Int32Array.from([...left, ...found]),
  };
}

/** The groups of all packs that hold something wanted, large ones first, so that no thread ends long after the others. */
function workOf(packs: readonly PackLayout[], isWanted: (object: number) => boolean): Work[] {
  const work = packs.flatMap((layout) =>
    families(layout, blob, { groupBytes, isWanted }).map((group) => ({ layout, group })),
  );
  return work.sort((a, b) => b.group.bytes - a.group.bytes);
}

async function* searchHere(
  search: GroupSearch,
  work: readonly Work[],
  signal: AbortSignal,
): AsyncIterable<FamilyReport> {
  try {
    for (const { layout, group } of work) {
      yield search.search(layout, group);
      await setImmediate(); // or nobody would hear a signal
      signal.throwIfAborted();
    }
  } finally {
    search.close();
  }
}

interface Shared {
  readonly work: readonly Work[];
  readonly threads: number;
  readonly rules: ChosenRules;
  readonly options: Assignment["options"];
  readonly signal: AbortSignal;
}

/** Reports come in the order of the work, whoever is done first: two runs are to give the same bytes. */
async function* searchThere(
  rulepack: Rulepack,
  { work, threads, rules, options, signal }: Shared,
): AsyncIterable<FamilyReport> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const workerData: Assignment = { rules: listOf(rules), options, work, next };
  const crew = new Threads<WiredReport>({ file: "worker.cjs", count: threads, workerData, signal });
  try {
    for (let number = 0; number < work.length; number++) yield unwire(await crew.report(number), rulepack);
  } finally {
    await crew.close();
  }
}
