/**
 * A cheap necessary condition on what stands around a keyword, so that most keywords never reach a pattern: a byte of
 * `prior` before it, or none at all; behind it at most `max` bytes of `skip`, then one byte of `need`; and, at most
 * `within` bytes on, `least` bytes of `run.set` in a row. The sets are tables of 256 zeros and ones.
 */
export interface Gate {
  readonly prior?: Uint8Array;
  readonly skip: Uint8Array;
  readonly need: Uint8Array;
  readonly max: number;
  readonly run?: { readonly set: Uint8Array; readonly least: number; readonly within: number };
}
