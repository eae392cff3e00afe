/** Values by their places, each made when somebody first asks for it: a small run needs few of two thousand rules. */
export class Series<T> {
  /** How many there are. */
  readonly count: number;
  readonly #make: (place: number) => T;
  readonly #made: T[] = [];
  #all: readonly T[] | undefined;

  constructor(count: number, make: (place: number) => T) {
    this.count = count;
    this.#make = make;
  }

  /** The value at a place, the same one each time; `undefined` where there is none. */
  at(place: number): T | undefined {
    if (place < this.count) this.#made[place] ??= this.#make(place);
    return this.#made[place];
  }

  /** All of them in order. */
  all(): readonly T[] {
    this.#all ??= Array.from({ length: this.count }, (_, place) => this.at(place) as T);
    return this.#all;
  }
}
