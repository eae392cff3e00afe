import { objectMemory } from "../memory/objects.ts";
import { ResultMemory } from "../memory/results.ts";
import type { ObjectMemory } from "../sources/barren.ts";
import type { Opened } from "../sources/open.ts";
import type { Rulepack } from "../terms.ts";
import type { ScanRequest } from "./request.ts";

interface Remembering {
  readonly folder: string;
  readonly request: ScanRequest;
  readonly rulepack: Rulepack;
  /** When the scan began, in ms since 1970. */
  readonly now: number;
}

/** What earlier scans of the same repository leave to this one: their result, and the objects that hold nothing. */
export class Memory {
  readonly #made: Remembering;

  constructor(made: Remembering) {
    this.#made = made;
  }

  /** The objects in which earlier scans under the same rules and depths found nothing. */
  async objects(): Promise<ObjectMemory> {
    const { folder, request, rulepack } = this.#made;
    const { maxDecodeDepth = null, maxArchiveDepth = null } = request.plan;
    return objectMemory(folder, [rulepack.hash, maxDecodeDepth, maxArchiveDepth]);
  }

  /** The result of an earlier scan that asked for the same; undefined where the target is no repository. */
  async results(opened: Opened): Promise<ResultMemory | undefined> {
    const { folder, request, rulepack, now } = this.#made;
    const { command, plan, paths, least } = request;
    // What files of other scanners say that means nothing here is told by who reads them.
    if (opened.repository === undefined || plan.foreign !== undefined) return undefined;
    const { cache: _cache, jobs: _jobs, timeoutMs: _timeout, ...asked } = plan;
    const ends = [...(plan.baseline ?? []), ...plan.allow].some(({ until }) => until !== undefined);
    const day = ends && new Date(now).toISOString().slice(0, 10);
    return ResultMemory.of(opened.repository, {
      folder,
      rulepack,
      asked: [command, paths, asked, day, least],
      now,
      ...(command === "scan" && { files: { ignored: plan.ignored } }),
    });
  }
}
