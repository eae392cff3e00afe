/** Sizes and durations as people write them, in flags and in the config file alike. */

const sizes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const durations: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/** What `parseSize` reads, as an anchored pattern for schemas. */
export const sizePattern = /^\d+(?:\.\d+)?\s?(?:[kKmMgGtT]i?)?[bB]?$/;

/** What `parseDuration` reads, as an anchored pattern for schemas. Units stand in falling order, each at most once. */
export const durationPattern = new RegExp(`^(?=\\d)${durations.map(([unit]) => `(?:(\\d+)${unit})?`).join("")}$`);

/** Says how to write a size, for hints. */
export const sizeHint = 'Write a whole number of bytes or a size such as "500kB", "10MB" or "1GiB".';

/** Says how to write a duration, for hints. */
export const durationHint = 'Write a duration such as "30s", "5m" or "1h30m", of at most 24 days.';

// setTimeout holds its delay in 31 bits; a longer one would fire at once.
const longest = 2 ** 31 - 1;

/**
 * Bytes in a size: `500`, `500kB` and `10MB` count in powers of ten, `1KiB` and `1GiB` in powers of two, in either
 * case and with a bare `k` read as `kB`. `undefined` for anything else, zero and what is no safe integer included.
 */
export function parseSize(text: string): number | undefined {
  if (!sizePattern.test(text)) return undefined;
  const unit = text.replace(/^[\d.]+\s?/, "").toLowerCase();
  const factor = sizes[unit] ?? sizes[`${unit}b`];
  const bytes = Math.floor(Number.parseFloat(text) * (factor ?? Number.NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/**
 * Milliseconds in a duration: `30s`, `5m`, `1h30m`, `250ms`. A number without a unit is refused, since half of its
 * readers would take it for minutes. `undefined` also for zero and for more than a timer can hold (about 24 days).
 */
export function parseDuration(text: string): number | undefined {
  const parts = durationPattern.exec(text);
  if (parts === null) return undefined;
  const total = durations.reduce(
    (sum, [, milliseconds], index) => sum + Number(parts[index + 1] ?? 0) * milliseconds,
    0,
  );
  return total > 0 && total <= longest ? total : undefined;
}
