import type { Row } from "../foreign/row.ts";

/**
 * A row without its secret, or with only a part of it: `percent` of it are taken away, from its end, and all of it is
 * the word REDACTED.
 */
export function redacted(row: Row, percent: number): Row {
  const bytes = Buffer.from(row.Secret, "utf8");
  const kept = roundHalfEven((bytes.length * (100 - Math.min(100, percent))) / 100);
  const part = bytes.length === 0 ? "" : `${bytes.subarray(0, kept).toString("utf8")}...`;
  const shown = percent >= 100 ? "REDACTED" : part;
  const Match = row.Secret === "" ? row.Match : row.Match.replaceAll(row.Secret, shown);
  return { ...row, Match, Secret: shown };
}

const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
};
