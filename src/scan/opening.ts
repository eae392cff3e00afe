/** From what was asked for to the parts of the target that are read. */
import type { Plan } from "../config/plan.ts";
import type { FamilySearch } from "../git/pack/family-search.ts";
import type { ObjectMemory } from "../sources/barren.ts";
import type { ContentsCrew } from "../sources/contents.ts";
import type { FilesCrew } from "../sources/files.ts";
import type { Opened } from "../sources/open.ts";
import type { Selection } from "../sources/selection.ts";
import type { ScanRequest } from "./request.ts";

/** What the parts of a target are read with. */
export interface Opening {
  readonly crew: FilesCrew | undefined;
  readonly contents: ContentsCrew | undefined;
  readonly excluded: (path: string) => boolean;
  readonly families: FamilySearch | undefined;
  readonly objects: ObjectMemory | undefined;
}

/** Opens the target that was asked for. Throws `LeaksweepError` where there is no such thing. */
export async function open(
  request: ScanRequest,
  { excluded, families, objects, crew, contents }: Opening,
): Promise<Opened> {
  const { command } = request;
  if (command === "push") throw new Error("What a push adds is opened by whoever git told of it");
  const { openTarget } = await import("../sources/open.ts");
  return openTarget({
    ...request,
    command,
    ...request.plan,
    selection: selectionOf(request.plan),
    excluded,
    ...(families && { families }),
    ...(objects && { objects }),
    ...(crew && { crew }),
    ...(contents && { contents }),
    onPhase: (label) => request.onEvent?.({ kind: "phase", label }),
  });
}

/** What the plan excludes. A hook that excludes nothing and finds nothing has no time to load globs or triage. */
export async function exclusion({ exclude }: Plan): Promise<(path: string) => boolean> {
  if (exclude.length === 0) return () => false;
  const { pathMatcher } = await import("../bytes/glob.ts");
  return pathMatcher(exclude);
}

/** Which commits the plan asks for. */
export function selectionOf({ range, since, branch, reachable }: Plan): Selection {
  if (range !== undefined || since !== undefined || branch !== undefined) {
    const given = { ...(range !== undefined && { range }), ...(since !== undefined && { since }) };
    return { kind: "range", ...given, ...(branch !== undefined && { branch }) };
  }
  return reachable ? { kind: "reachable" } : { kind: "all" };
}
