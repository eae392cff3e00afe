/** Runs of blobs that lie in no commit's tree: tagged or left behind by an `add`, a rebase, a prune. */
import type { Holds } from "../../terms.ts";
import { pathsOf } from "./climb.ts";
import { contentId } from "./holding.ts";
import type { ClosedRun } from "./runs.ts";
import { peel, type Walked } from "./tips.ts";

/**
 * A run for each of `blobs` that no commit placed. Its path is what is known of it: the one in a tree that no commit
 * has, or nothing. It is `removed` (in history only) where a ref shows it and `unreachable` elsewhere.
 */
export function unplacedRuns(
  { record, tips }: Walked,
  {
    blobs,
    holds,
    placed,
    isWhole,
  }: { blobs: readonly number[]; holds: Holds; placed: ReadonlySet<number>; isWhole: boolean },
): ClosedRun[] {
  const left = blobs.filter((blob) => !placed.has(blob));
  if (left.length === 0) return [];
  const paths = pathsOf(record, new Set(left));
  const showing = new Map<number, string[]>();
  for (const { kind, name, object } of tips) {
    if (kind === "ref") for (const shown of peel(record, object)) push(showing, shown, name);
  }
  return left.flatMap((object) => {
    const { path = "", root = object } = paths.get(object) ?? {};
    const content = contentId(record, object);
    const version = { content, blob: content };
    const refs = showing.get(root) ?? [];
    // Where trees were not read nobody knows; what may still stand somewhere counts as standing.
    const status = isWhole ? (refs.length > 0 ? "removed" : "unreachable") : "present";
    return holds(content, { where: "content", path }).map((mark): ClosedRun => {
      return {
        mark,
        where: "content",
        path,
        first: version,
        last: version,
        versions: 1,
        status,
        oldest: -1,
        newest: -1,
        refs,
      };
    });
  });
}

function push(lists: Map<number, string[]>, key: number, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
