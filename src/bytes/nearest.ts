/**
 * The word in `known` that `word` was most likely meant to be, or `undefined` when none is close: at most one edit in
 * three letters, letter case and the choice between `-`, `_` and nothing aside. The first of equally close ones wins.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = distance(bare(word), bare(candidate));
    if (edits < least && edits * 3 <= Math.max(word.length, candidate.length)) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

const bare = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, "");

/** Letters to insert, delete, replace or swap with their neighbour to make `b` of `a` (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      next.push(edits);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
