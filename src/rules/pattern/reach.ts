import type { Pattern } from "../../terms.ts";
import type { Anchor } from "./literals.ts";
import { type Node, widthOf } from "./syntax.ts";

/**
 * How far a match can lie before the start of its keyword and behind it, in bytes: Infinity where a repetition has
 * no limit. The byte beside a match, at which `\b` and `$` look, is not counted.
 *
 * @param anchors Where the keywords stand. Absent when nobody knows: then a keyword may stand anywhere in a match.
 */
export function reachOf(pattern: Node, anchors: readonly Anchor[] | undefined): Pattern["reach"] {
  const longest = widthOf(pattern).max;
  if (anchors === undefined) return { before: longest, after: longest };
  const after = ({ text, rest }: Anchor): number => rest.reduce((sum, node) => sum + widthOf(node).max, text.length);
  return { before: Math.max(...anchors.map(({ before }) => before)), after: Math.max(...anchors.map(after)) };
}
