/**
 * Ids on their way to a git process and back, in the order in which its answers will come. Git reads ahead of its
 * answers; when it dies, what it was asked and did not answer is asked again of the next process.
 */
export class Questions {
  /** How many have been answered. */
  answers = 0;
  /** Why git is not to be asked for an id, or `undefined` when it is. */
  absence: (oid: string) => string | undefined = () => undefined;
  readonly #oids: Iterator<string>;
  /** Drawn from `#oids`; those before `#next` are answered. */
  #drawn: string[] = [];
  #next = 0;
  /** Place in `#drawn` of what the present process is asked next. */
  #asked = 0;

  constructor(oids: Iterable<string>) {
    this.#oids = oids[Symbol.iterator]();
  }

  /** What to write to a new process: the unanswered, then the rest, a thousand ids at a time. */
  *lines(): Iterable<string> {
    this.#asked = this.#next;
    for (;;) {
      const lines: string[] = [];
      for (let oid = this.#ask(); oid !== undefined; oid = lines.length < 1000 ? this.#ask() : undefined)
        lines.push(oid);
      if (lines.length === 0) return;
      yield `${lines.join("\n")}\n`;
    }
  }

  /** The id that the next answer is for; `undefined` when all are answered. */
  get current(): string | undefined {
    return this.#drawn[this.#next] ?? this.#draw();
  }

  /** Takes note of an answer to `current`. */
  answered(): void {
    this.answers++;
    this.#next++;
    this.#asked = Math.max(this.#asked, this.#next);
    if (this.#next < 8192) return;
    this.#drawn = this.#drawn.slice(this.#next);
    this.#asked -= this.#next;
    this.#next = 0;
  }

  #ask(): string | undefined {
    for (;;) {
      const oid = this.#drawn[this.#asked] ?? this.#draw();
      if (oid === undefined) return undefined;
      this.#asked++;
      if (this.absence(oid) === undefined) return oid;
    }
  }

  #draw(): string | undefined {
    const { done, value } = this.#oids.next();
    if (done) return undefined;
    if (!/^[0-9a-f]+$/.test(value)) throw new RangeError(`"${value}" is no object id`);
    this.#drawn.push(value);
    return value;
  }
}
