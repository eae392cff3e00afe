/** Rules that are reported only where matches of other rules stand beside them. */
import type { PatternMatch, Span } from "../terms.ts";
import type { ForeignRule } from "./config.ts";
import { foreignPlace } from "./place.ts";
import { accepted, type Searcher } from "./searcher.ts";

/** One condition of a rule. */
export interface Required {
  /** Whether a match of the required rule is near enough to this match in the same text. */
  isBeside(bytes: Uint8Array, match: PatternMatch): boolean;
}

/**
 * The conditions of a rule. One that requires a rule without regex can never be met, as there.
 *
 * @param lenient A required rule that is not here is one that comes with the scanner: it is taken to be met.
 */
export function requirements(
  rule: ForeignRule,
  searchers: ReadonlyMap<string, Searcher>,
  lenient: boolean,
): readonly Required[] {
  const known = rule.required.filter(({ id }) => !lenient || searchers.has(id));
  return known.map(({ id, lines, columns }) => {
    const searcher = searchers.get(id);
    let last: { readonly bytes: Uint8Array; readonly starts: readonly Span[] } | undefined;
    return {
      isBeside(bytes, match) {
        if (searcher === undefined) return false;
        if (last?.bytes !== bytes) last = { bytes, starts: [...matchesOf(searcher, bytes)] };
        return last.starts.some((other) => isNear(bytes, { match, other, lines, columns }));
      },
    };
  });
}

function* matchesOf(searcher: Searcher, bytes: Uint8Array): Iterable<Span> {
  for (let from = 0; from <= bytes.length; ) {
    const found = searcher.regex.exec(bytes, from);
    if (found === undefined) return;
    const match = accepted(searcher, bytes, found);
    if (match !== undefined) yield match;
    from = Math.max(found.end, found.start + 1);
  }
}

interface Pair {
  readonly match: Span;
  readonly other: Span;
  readonly lines: number | undefined;
  readonly columns: number | undefined;
}

function isNear(bytes: Uint8Array, { match, other, lines, columns }: Pair): boolean {
  if (lines === undefined && columns === undefined) return true;
  const [one, two] = [foreignPlace(bytes, match), foreignPlace(bytes, other)];
  if (lines !== undefined && Math.abs(one.startLine - two.startLine) > lines) return false;
  return columns === undefined || Math.abs(one.startColumn - two.startColumn) <= columns;
}
