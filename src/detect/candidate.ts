import type { Rule, Span } from "../terms.ts";

/** Bytes that patterns look at. */
export interface Text {
  readonly bytes: Uint8Array;
  /** Whether they begin their content; `^` means nothing elsewhere. */
  readonly first: boolean;
}

/** Where a rule's pattern matched a text: nothing is decided yet. Spans count from the text's first byte. */
export interface Candidate extends Span {
  readonly rule: Rule;
  readonly groups: Readonly<Record<string, Span>>;
}

/**
 * The part of an engine that is worth making fast. What is found must not depend on which spans are asked for, only
 * whether it is found; they are ascending and apart.
 */
export interface Finder {
  /** All candidates of a text that touch one of `spans`. */
  candidates(text: Text, spans: readonly Span[]): readonly Candidate[];
  /** True only of a text without any candidate, and without anything encoded that could be text: there is no more to ask. */
  silent?(text: Text): boolean;
  /**
   * Where the keywords stand, near `spans`, behind which something may be encoded that makes a match of them. More of
   * them cost time alone.
   */
  marked(text: Text, spans: readonly Span[]): readonly number[];
}

/** Stands for a candidate among those of one text. */
export const keyOf = ({ rule, start, end }: Candidate): string => `${start}:${end}:${rule.id}`;

/** Bytes around a span in which a keyword can stand that something encoded in the span belongs to. */
export const MARKED = { before: 600, after: 600 };
