import type { Span } from "../terms.ts";

/** Whether the two spans share a byte. An empty span shares none. */
export const overlaps = (a: Span, b: Span): boolean => Math.max(a.start, b.start) < Math.min(a.end, b.end);

/** Whether `span` shares a byte with one of `spans`. */
export const touches = (span: Span, spans: readonly Span[]): boolean => spans.some((other) => overlaps(span, other));

/** The same bytes as ascending spans that neither overlap nor meet; empty spans are left out. */
export function merge(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (start >= end) continue;
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** `span` with `before` bytes more on its left and `after` more on its right, cut to 0 and `length`. */
export const widen = (
  { start, end }: Span,
  { before, after, length }: { before: number; after: number; length: number },
): Span => ({ start: Math.max(0, start - before), end: Math.min(length, end + after) });

/** What of `spans` is in none of `taken`, merged and ascending. */
export function subtract(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const cuts = merge(taken);
  const left: Span[] = [];
  for (const { start, end } of merge(spans)) {
    let from = start;
    for (const cut of cuts) {
      if (cut.end <= from) continue;
      if (cut.start >= end) break;
      if (cut.start > from) left.push({ start: from, end: cut.start });
      from = cut.end;
    }
    if (from < end) left.push({ start: from, end });
  }
  return left;
}
