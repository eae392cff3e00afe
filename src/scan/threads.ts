/** How other threads take part in a scan; what runs them is loaded only when there is work for them. */
import { availableParallelism } from "node:os";
import type { Plan } from "../config/plan.ts";
import type { Table } from "../detect/engine/table.ts";
import type { FamilySearch } from "../git/pack/family-search.ts";
import type { ChosenRules } from "../rules/choice.ts";
import type { ContentsCrew } from "../sources/contents.ts";
import type { FilesCrew } from "../sources/files.ts";
import type { Rulepack } from "../terms.ts";
import { defaultDepth } from "../unpack/magic.ts";
import type { ScanRequest } from "./request.ts";

/** What other threads make the same rulepack from. */
interface Shared {
  readonly rulepack: Rulepack;
  readonly rules: ChosenRules;
  readonly table: Table;
}

/** How packs are searched by families; not at all where the user or a rule wants every blob to be looked at whole. */
export function familiesOf({ rulepack, ...made }: Shared, { command, plan }: ScanRequest): FamilySearch | undefined {
  const isHistory = command === "scan" || command === "git";
  const isWhole = plan.fullBlobs || plan.verifyObjects;
  if (!isHistory || isWhole || made.table.unbounded.length > 0) return undefined;
  return async function* (packs, asked) {
    const { crewSearch } = await import("../crew/crew.ts");
    // What files of other scanners allow hangs on what stands around a match, which is seen in whole blobs only.
    const leavesFound = plan.foreign !== undefined;
    yield* crewSearch(rulepack, { ...made, ...depthsOf(plan), jobs: jobsOf(plan), leavesFound })(packs, asked);
  };
}

/** How files of a folder, and blobs that are looked at whole, are searched on other threads, where there are any. */
export function crewsOf({ rulepack, rules }: Shared, { plan }: ScanRequest) {
  const jobs = jobsOf(plan);
  if (jobs < 2) return { crew: undefined, contents: undefined };
  const { maxFileSize } = plan;
  const work = { jobs, rules, ...depthsOf(plan), ...(maxFileSize !== undefined && { maxFileSize }) };
  const crew: FilesCrew = async function* (lots, signal) {
    const { filesCrew } = await import("../crew/lot-crew.ts");
    yield* filesCrew(rulepack, work)(lots, signal);
  };
  const contents: ContentsCrew = async function* (lots, signal) {
    const { contentsCrew } = await import("../crew/lot-crew.ts");
    yield* contentsCrew(rulepack, work)(lots, signal);
  };
  return { crew, contents };
}

/** How deep archives and encodings are followed; the engine knows its own depth of decoding where none was asked for. */
export function depthsOf({ maxDecodeDepth, maxArchiveDepth }: Plan): { archiveDepth: number; decodeDepth?: number } {
  const decoding = maxDecodeDepth !== undefined && { decodeDepth: maxDecodeDepth };
  return { archiveDepth: maxArchiveDepth ?? defaultDepth, ...decoding };
}

const jobsOf = ({ jobs }: Plan): number => jobs ?? availableParallelism();
