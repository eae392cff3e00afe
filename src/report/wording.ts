/** Small phrases of reports: counts, sizes, ids, times between. Nothing here is escaped. */

/** `1 file`, `1,234 files`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

/** `3.4 GB`: decimal units, at most one digit after the point. */
export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  if (power === 0) return counted(bytes, "byte");
  return `${value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 1 : 0 })} ${units[power]}`;
}

/** `0.3 s`, `42 s`, `3 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The first seven digits of an object id, which is what git shows too. */
export const shortId = (id: string): string => id.slice(0, 7);

/** A ref as people say it: `main`, `origin/dev`, `tag v1`; others in full. */
export const refName = (ref: string): string =>
  ref.replace(/^refs\/(?:heads|remotes)\//, "").replace(/^refs\/tags\//, "tag ");

/** `a, b and 3 more`: at most `most` are named, in their order. Empty for none. */
export function list(names: readonly string[], most: number): string {
  const [last = "", ...before] = names.slice(0, most).reverse();
  const rest = names.length - most;
  if (rest > 0) return `${[...before.reverse(), last].join(", ")} and ${rest.toLocaleString("en-US")} more`;
  return before.length === 0 ? last : `${before.reverse().join(", ")} and ${last}`;
}

const day = 86_400_000;

/** ` (the same day)`, ` (3 days later)`; empty when it can't be told or time runs backwards. Dates are RFC 3339. */
export function elapsed(from: string, to: string): string {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / day);
  if (Number.isNaN(days) || days < 0) return "";
  if (days === 0) return " (the same day)";
  if (days < 60) return ` (${counted(days, "day")} later)`;
  return days < 730
    ? ` (${counted(Math.round(days / 30.44), "month")} later)`
    : ` (${counted(Math.round(days / 365.25), "year")} later)`;
}
