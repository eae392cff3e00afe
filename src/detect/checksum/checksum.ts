import type { Facts } from "../../terms.ts";

/** What a scheme says of a token that has its form. */
export interface Verdict {
  readonly state: "valid" | "invalid";
  /** What else the token tells without a network: an account number, a kind, a date. */
  readonly facts?: Facts;
}

/** A way to check a token offline. */
export interface Checksum {
  /** As rules name it. */
  readonly name: string;
  /**
   * Whether `valid` proves that the provider issued the token. True of real checksums; false where only a structure
   * is checked, which a documentation example has too.
   */
  readonly raises: boolean;
  /**
   * Whether `invalid` may lower confidence. Only where the scheme is confirmed, by the provider or by two independent
   * tokens: otherwise the mistake may be in our reading.
   */
  readonly lowers: boolean;
  /** The state of a token, or `undefined` when it does not have the scheme's form. Never throws. */
  check(secret: string): Verdict | undefined;
}
