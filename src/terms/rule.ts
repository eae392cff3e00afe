/** Terms: what is looked for: rules, their patterns, and all of them together. */
import type { Gate } from "../bytes/gate.ts";

/** Half-open range of byte offsets: `start` is in it, `end` is not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = "critical" | "high" | "medium" | "low";
export type Confidence = "high" | "medium" | "low";
/** Names a content for the source it came from (an object id, a path). Opaque elsewhere. */
export type ContentId = string;

/** Where a pattern matched inside the text it was given; offsets are indices into that text. */
export interface PatternMatch extends Span {
  readonly groups: Readonly<Record<string, Span>>;
}

/** A pattern that is ready to run, on whichever regular-expression engine is safe for it. */
export interface Pattern {
  /** As written in the rule, `¦` removed. */
  readonly source: string;
  /** The most bytes of a match that can lie before the start of a keyword in it, and after that start. */
  readonly reach: { readonly before: number; readonly after: number };
  /** Absent where the pattern gives no such condition. */
  readonly gate?: Gate;
  /** The first match in `text` (bytes read as latin1) that starts at `from` or later. */
  exec(text: string, from: number): PatternMatch | undefined;
}

/** The other part of a multi-part credential: a match of `rule` at most `lines` lines away. */
export interface Near {
  readonly rule: string;
  readonly lines: number;
  /** Without it the match is dropped (`true`) or only scores lower (`false`). */
  readonly required: boolean;
}

export interface Rule {
  /** `provider.kind`, never renamed. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** A `secret` has private bytes; an `exposure` is a door left open, without any; a `file` is one for its path alone. */
  readonly kind: "secret" | "exposure" | "file";
  readonly severity: Severity;
  /** How sure the pattern alone makes us; reasons add to and take from it. */
  readonly confidence: Confidence;
  /** A generic rule gives way to any other that claims overlapping bytes. */
  readonly generic: boolean;
  /** Made from a row: a provider's name near a value of a shape. It counts as coverage of a provider, not as a rule. */
  readonly context?: boolean;
  /** Lower-case latin1 literals, one of which stands inside every match. */
  readonly keywords: readonly string[];
  readonly pattern: Pattern;
  /** Name of a function in `detect/checksum/`. */
  readonly checksum?: string;
  /** Minimum Shannon entropy of the secret, bits per byte. */
  readonly entropy?: number;
  readonly near?: Near;
  /** Globs; the rule speaks only of files whose path matches one. */
  readonly paths?: readonly string[];
  /** A test of paths that globs cannot tell: the rule speaks only of files that pass. */
  readonly fits?: (path: string) => boolean;
  /** It competes with no other rule for the bytes of a secret. */
  readonly alone?: boolean;
  /** What it finds is made to be seen by everybody. */
  readonly public?: boolean;
  /** It is found only to complete another rule's credential. */
  readonly component: boolean;
  /** Screens that do not apply, by name: a rule whose secrets look like what a screen drops. `*`: none does. */
  readonly unscreened: readonly string[];
  readonly revoke?: { readonly url?: string; readonly steps?: string } | undefined;
  readonly references: readonly string[];
}

/** How a rulepack differs from that of all built-in rules. */
export interface Growth {
  /** The hash of that one. */
  readonly from: string;
  /** A rule of it, whether it takes part or not, by its place: it can be made without the others. */
  readonly at: (place: number) => Rule | undefined;
  /** Ids of its rules that take no part. */
  readonly without: ReadonlySet<string>;
  /** Rules beside it. */
  readonly own: readonly Rule[];
}

/** Rules compiled together. */
export interface Rulepack {
  readonly rules: readonly Rule[];
  /** Where most of the built-in rules are among them. */
  readonly growth?: Growth;
  /** Hex digest over all that decides what is found. */
  readonly hash: string;
}
