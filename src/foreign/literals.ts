/** What must stand in a text, or in each match, for a foreign rule to find something there. */

import type { Gate } from "../bytes/gate.ts";
import { LeaksweepError } from "../errors.ts";
import { gateOf } from "../rules/pattern/gate.ts";
import { type Anchor, findAnchors } from "../rules/pattern/literals.ts";
import { parsePattern } from "../rules/pattern/parse.ts";
import { reachOf } from "../rules/pattern/reach.ts";
import { type Node, nodesOf } from "../rules/pattern/syntax.ts";
import type { Pattern } from "../terms.ts";
import type { ForeignRule } from "./config.ts";

/** Literals one of which is in every match, by proof; lower case. */
export interface Literals {
  readonly texts: readonly string[];
  /** Most bytes of a match before one. */
  readonly before: number;
  readonly gate?: Gate;
}

/** How an engine is to run a rule. */
export interface Facts {
  /** One is in every match, by proof. Empty: the rule looks at whole texts. */
  readonly keywords: readonly string[];
  readonly reach: Pattern["reach"];
  readonly gate?: Gate;
  /** For a rule that looks at whole texts: one must be in the text, in lower case. Empty: any text will do. */
  readonly needs: readonly string[];
  /** For the same: where in the text to look. Absent: everywhere. */
  readonly literals?: Literals;
}

const anywhere: Pattern["reach"] = { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };

/** Bytes of a match beyond which a window costs more than it saves. */
const longestReach = 8192;

/**
 * The facts of a rule.
 *
 * @param whole The rule must see whole texts, whatever its pattern says: something else is required in them.
 */
export function factsOf({ regex, keywords }: ForeignRule, { whole }: { whole: boolean }): Facts {
  const tree = treeOf(regex);
  if (tree === undefined) return { keywords: [], needs: keywords, reach: anywhere };
  const free = findAnchors(tree);
  const asked = keywords.length > 0 ? findAnchors(tree, keywords) : free;
  // A character of theirs is up to four bytes of ours, wherever a set is not ASCII.
  const width = nodesOf(tree).some(isWide) ? 4 : 1;
  const gate = asked && widened(gateOf(asked), width);
  if (asked !== undefined && !whole) {
    const { before, after } = reachOf(tree, asked);
    const reach = { before: before * width, after: after * width };
    if (reach.before + reach.after <= longestReach) {
      return { keywords: textsOf(asked), needs: [], reach, ...(gate && { gate }) };
    }
  }
  const anchors = asked ?? free;
  const before = width * Math.max(0, ...(anchors ?? []).map((anchor) => anchor.before));
  return {
    keywords: [],
    needs: keywords.length > 0 ? keywords : textsOf(free),
    reach: anywhere,
    ...(anchors && { literals: { texts: textsOf(anchors), before, ...(asked && gate && { gate }) } }),
  };
}

const widened = (gate: Gate | undefined, width: number): Gate | undefined => gate && { ...gate, max: gate.max * width };

const textsOf = (anchors: readonly Anchor[] | undefined): readonly string[] =>
  [...new Set(anchors?.map(({ text }) => text))].sort();

const isWide = (node: Node): boolean =>
  node.kind === "bytes" && node.set.some((has, byte) => has === 1 && byte >= 0x80);

/** The pattern as our own reader has it; `undefined` for what is beyond bytes, such as Unicode classes. */
function treeOf(regex: string): Node | undefined {
  try {
    return parsePattern(regex);
  } catch (error) {
    if (error instanceof LeaksweepError) return undefined;
    throw error;
  }
}
