import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, parseSize, sizePattern } from "../../src/config/units.ts";

describe("parseSize", () => {
  it.each<[string, number | undefined]>([
    ["1", 1],
    ["500", 500],
    ["500B", 500],
    ["500k", 500_000],
    ["500kB", 500_000],
    ["10MB", 10_000_000],
    ["10 MB", 10_000_000],
    ["1.5mb", 1_500_000],
    ["1KiB", 1024],
    ["1GiB", 1_073_741_824],
    ["2Ti", 2 ** 41],
    ["0", undefined],
    ["0.1B", undefined],
    ["-1", undefined],
    ["1e6", undefined],
    ["10XB", undefined],
    ["iB", undefined],
    ["1iB", undefined],
    ["MB", undefined],
    ["", undefined],
    ["99999999999TB", undefined],
  ])("reads %j as %j bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it("gives a positive whole number or nothing, whatever is typed", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(sizePattern)), (text) => {
        const bytes = parseSize(text);
        return bytes === undefined || (Number.isSafeInteger(bytes) && bytes > 0);
      }),
    );
  });
});

describe("parseDuration", () => {
  it.each<[string, number | undefined]>([
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["250ms", 250],
    ["1m250ms", 60_250],
    ["24d", 2_073_600_000],
    ["25d", undefined],
    ["0s", undefined],
    ["30", undefined],
    ["30m1h", undefined],
    ["1.5h", undefined],
    ["5 m", undefined],
    ["", undefined],
    ["m", undefined],
  ])("reads %j as %j milliseconds", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it("never gives more than a timer can hold", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,12}[dhms]$/)), (text) => {
        const milliseconds = parseDuration(text);
        return milliseconds === undefined || (milliseconds > 0 && milliseconds < 2 ** 31);
      }),
    );
  });
});
