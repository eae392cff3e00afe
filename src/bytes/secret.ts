/**
 * Private bytes that refuse to print. `String(secret)`, templates, `JSON.stringify` and `console.log` all show the
 * redacted form; the bytes leave only through `reveal`, which is easy to search for in a review.
 */
export class Secret {
  readonly #bytes: Uint8Array;
  readonly #form: string | undefined;

  /** Copies `bytes`, so that the caller's buffer can be reused. */
  constructor(bytes: Uint8Array, form?: string) {
    this.#bytes = Uint8Array.from(bytes);
    this.#form = form;
  }

  /** A secret of which only the redacted form is known, as from a store: it has no bytes to reveal. */
  static known(redacted: string): Secret {
    return new Secret(new Uint8Array(), redacted);
  }

  /** Length in bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  /** The private bytes themselves. Do not keep, log or send them. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  /**
   * First characters and the length, such as `ghp_…(40)`: enough to recognise, too little to use. At most four
   * characters and never more than a sixth of the whole are shown; control bytes are shown as `·`.
   */
  get redacted(): string {
    if (this.#form !== undefined) return this.#form;
    const shown = Math.min(4, Math.floor(this.length / 6));
    const head = Buffer.from(this.#bytes.subarray(0, shown)).toString("latin1");
    return `${head.replace(/[^\x20-\x7e]/g, "·")}…(${this.length})`;
  }

  toString(): string {
    return this.redacted;
  }

  toJSON(): string {
    return this.redacted;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Secret ${this.redacted}`;
  }
}
