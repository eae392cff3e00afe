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
 * All candidates of a text that touch one of `spans`, which are ascending and apart. The part of an engine that is
 * worth making fast: what is found must not depend on which spans are asked for, only whether it is found.
 */
export type Find = (text: Text, spans: readonly Span[]) => readonly Candidate[];

/** Stands for a candidate among those of one text. */
export const keyOf = ({ rule, start, end }: Candidate): string => `${start}:${end}:${rule.id}`;
