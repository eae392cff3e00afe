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
  { blobs, holds, placed }: { blobs: readonly number[]; holds: Holds; placed: ReadonlySet<number> },
): ClosedRun[] {
  const left = blobs.filter((blob) => !placed.has(blob));
  if (left.length === 0) return [];
  const paths = pathsOf(record, new Set(left));
  const showing = (root: number): string[] =>
    tips.filter((tip) => tip.kind === "ref" && [...peel(record, tip.object)].includes(root)).map(({ name }) => name);
  return left.flatMap((object) => {
    const { path = "", root = object } = paths.get(object) ?? {};
    const content = contentId(record, object);
    const version = { content, blob: content };
    const refs = showing(root);
    const status = refs.length > 0 ? "removed" : "unreachable";
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
