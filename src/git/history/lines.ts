import { Ints } from "./ints.ts";

/** A list of short texts, as bytes in one piece: a string for each would cost twice as much and be made for nothing. */
export class Lines {
  readonly #ends = new Ints();
  #room = new Uint8Array(1 << 16);
  #length = 0;

  push(line: Uint8Array): void {
    if (this.#length + line.length > this.#room.length) {
      const wider = new Uint8Array(Math.max(this.#room.length * 2, this.#length + line.length));
      wider.set(this.#room);
      this.#room = wider;
    }
    this.#room.set(line, this.#length);
    this.#length += line.length;
    this.#ends.push(this.#length);
  }

  /** The text at `index`, read as UTF-8; empty outside the list. */
  at(index: number): string {
    const start = index > 0 ? this.#ends.at(index - 1) : 0;
    return index < this.#ends.length
      ? Buffer.from(this.#room.buffer, start, this.#ends.at(index) - start).toString()
      : "";
  }
}
