/**
 * What opening one content may cost. An archive of a few kilobytes can expand to petabytes, or hold itself: without a
 * limit whoever commits one stops every scan.
 */
export interface Limits {
  /** Containers in containers. */
  readonly depth: number;
  readonly members: number;
  /** Bytes that are made, of all members together. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Bytes that a content may expand to whatever its size, and times its size. */
const expansion = { least: 64 << 20, most: 1 << 30, ratio: 200 };

/** The limits for a content of so many bytes, opened to `depth`. */
export const limitsFor = (bytes: number, depth: number): Limits => ({
  depth,
  members: 100_000,
  bytes: Math.min(expansion.most, Math.max(expansion.least, expansion.ratio * bytes)),
  milliseconds: 60_000,
});

/** Thrown where a budget is spent; the message says by what, as the end of "its contents were not all read: …". */
export class OverBudget extends Error {
  override readonly name = "OverBudget";
}

/** Counts down. */
export class Budget {
  readonly limits: Limits;
  readonly #now: () => number;
  readonly #end: number;
  #members = 0;
  #bytes = 0;

  /** @param now A clock in milliseconds. */
  constructor(limits: Limits, now: () => number) {
    this.limits = limits;
    this.#now = now;
    this.#end = now() + limits.milliseconds;
  }

  /** Bytes that may still be made. */
  get left(): number {
    return this.limits.bytes - this.#bytes;
  }

  /** Pays for one member. Throws `OverBudget`. */
  takeMember(): void {
    if (++this.#members > this.limits.members) throw new OverBudget(`there are more than ${this.limits.members}`);
    this.#checkTime();
  }

  /** Pays for bytes that were made. Throws `OverBudget`. */
  takeBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.limits.bytes) {
      throw new OverBudget(`they expand to more than ${Math.round(this.limits.bytes / (1 << 20))} MiB`);
    }
    this.#checkTime();
  }

  #checkTime(): void {
    if (this.#now() <= this.#end) return;
    throw new OverBudget(`opening them took longer than ${this.limits.milliseconds / 1000} s`);
  }
}
