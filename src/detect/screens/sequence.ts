import { grave, type Screen, slight } from "./screen.ts";

/** Neighbours on a keyboard, either way. */
const rows = ["qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"];

/** Shortest run that counts. */
const RUN = 4;

/** Share of a value that may be runs. */
const MOST = 0.5;

/** A run that chance does not make: in values as long as tokens are it says that somebody made the rest up too. */
const LONG_RUN = 8;
const LIKE_A_TOKEN = 24;
/** Armour is longer, and holds padding that runs. */
const LONGEST = 300;

/** Letters and digits that count up by turns. */
const byTurns = /a1b2c3d4|1a2b3c4d/i;

/** One part three times between its separators: `1234-1234-1234`. */
const threefold = /(?<![A-Za-z0-9])([A-Za-z0-9]{4,12})(?:[-_.]\1){2,}(?![A-Za-z0-9])/;

/** Mostly runs like `abcdef`, `4321`, `aaaa`, `qwerty`, or one piece again and again. */
export const sequence: Screen = {
  name: "sequence",
  generic: false,
  objection({ secret }) {
    const { covered, longest } = runsOf(secret.toLowerCase());
    if (covered > secret.length * MOST) return grave("is a sequence");
    if (secret.length >= LIKE_A_TOKEN && secret.length <= LONGEST) {
      if (longest >= LONG_RUN || byTurns.test(secret)) return slight("counts up somewhere");
    }
    if (threefold.test(secret)) return grave("repeats itself");
    const repeated = /(.{1,12}?)\1{2,}$/s.exec(secret)?.[0] ?? "";
    return repeated.length >= 8 && repeated.length >= secret.length * MOST ? grave("repeats itself") : undefined;
  },
};

/**
 * How many characters stand in a run of at least `RUN` that goes up by one, down by one, stays, or follows a row, and
 * the longest run that goes up.
 */
function runsOf(text: string): { covered: number; longest: number } {
  let covered = 0;
  let longest = 0;
  for (let at = 0; at < text.length; ) {
    const run = runAt(text, at);
    const length = Math.max(run, rowAt(text, at));
    if (length >= RUN) covered += length;
    if (text.charCodeAt(at) < text.charCodeAt(at + 1)) longest = Math.max(longest, run);
    at += length >= RUN ? length : 1;
  }
  return { covered, longest };
}

function runAt(text: string, at: number): number {
  const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
  if (!(Math.abs(step) <= 1)) return 1;
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) - text.charCodeAt(end - 1) === step) end++;
  return end - at;
}

function rowAt(text: string, at: number): number {
  let longest = 1;
  for (let length = RUN; length <= text.length - at; length++) {
    const run = text.slice(at, at + length);
    if (!rows.some((row) => row.includes(run))) break;
    longest = length;
  }
  return longest;
}
