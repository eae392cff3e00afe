const newline = 0x0a;
const nothing = Buffer.alloc(0);

/**
 * A stream of bytes, taken by line and by length. What lies whole in the present part of the stream is given at once
 * and without a copy (`line`, `take`); only what does not has to be awaited.
 */
export class PartReader {
  readonly #parts: AsyncIterator<Buffer>;
  #part: Buffer = nothing;
  #at = 0;

  constructor(parts: AsyncIterable<Buffer>) {
    this.#parts = parts[Symbol.asyncIterator]();
  }

  /** The next line without its end, as latin1; `undefined` when its end is not here yet. */
  line(): string | undefined {
    const end = this.#part.indexOf(newline, this.#at);
    if (end < 0) return undefined;
    const line = this.#part.toString("latin1", this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** Like `line`, but waits for it; `undefined` at the end of the stream. A last line without its end is dropped. */
  async nextLine(): Promise<string | undefined> {
    let line = this.line();
    let rest = "";
    while (line === undefined) {
      rest += this.#part.toString("latin1", this.#at);
      if (!(await this.#more())) return undefined;
      line = this.line();
    }
    return rest + line;
  }

  /** The next `length` bytes, where they lie; `undefined` when they are not all here yet. */
  take(length: number): Buffer | undefined {
    if (this.#at + length > this.#part.length) return undefined;
    const taken = this.#part.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  /** Copies the next bytes over all of `room`; false when the stream ends before. */
  async fill(room: Uint8Array): Promise<boolean> {
    let filled = 0;
    while (filled < room.length) {
      const some = this.#upTo(room.length - filled);
      room.set(some, filled);
      filled += some.length;
      if (filled < room.length && !(await this.#more())) return false;
    }
    return true;
  }

  /** Some of the next bytes, at most `length` of them, as they come; empty at the end of the stream. */
  async some(length: number): Promise<Buffer> {
    const here = this.#upTo(length);
    return here.length === 0 && length > 0 && (await this.#more()) ? this.some(length) : here;
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    await this.#parts.return?.();
  }

  #upTo(length: number): Buffer {
    const end = Math.min(this.#at + length, this.#part.length);
    const some = this.#part.subarray(this.#at, end);
    this.#at = end;
    return some;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#parts.next();
    this.#part = done ? nothing : value;
    this.#at = 0;
    return !done;
  }
}
