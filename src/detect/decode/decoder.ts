import type { Span } from "../../terms.ts";

/**
 * What stands in every run of a decoder, so that whoever looks at every byte anyway can tell where none is: at least
 * `least` bytes of `set` (256 zeros and ones) in a row, or one of `texts` (latin1, letter case as written).
 */
export type Trace =
  | { readonly set: Uint8Array; readonly least: number }
  | { readonly texts: readonly [string, ...string[]] };

/** A run without its encoding. */
export interface Decoded {
  readonly text: Uint8Array;
  /** What of the text was encoded, ascending; the rest stands in the run as it is. */
  readonly changed: readonly Span[];
  /** Offset in the run at which the byte of the text, or its encoding, starts. */
  start(offset: number): number;
  /** Offset in the run just behind the byte of the text before `offset`, or behind its encoding. */
  end(offset: number): number;
}

/** Where a run stands. */
export interface RunSpan extends Span {
  /** Part of it that no other run of the same decoder touches, where it knows one. */
  readonly core?: Span;
}

/** Sees through one encoding. Pure; what a run decodes to hangs on the bytes of the run alone. */
export interface Decoder {
  /** As matches name it under `decoded`. */
  readonly name: string;
  readonly trace: Trace;
  /** The runs that touch `span`, each as long as it can be, ascending. Which bytes are one run does not hang on `span`. */
  runs(bytes: Uint8Array, span: Span): RunSpan[];
  /** The run's text, or `undefined` where it is none. */
  decode(run: Uint8Array): Decoded | undefined;
}
