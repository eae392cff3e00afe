/** A file or entry that is not what its format says. `message` goes on where its name leaves off: "is cut short". */
export class Damage extends Error {
  override readonly name = "Damage";
}

/** A format that this reader does not know, though a newer git may. */
export class UnknownFormat extends Error {
  override readonly name = "UnknownFormat";
}

/** An object that takes more memory to rebuild than this reader gives it. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}
