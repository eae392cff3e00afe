import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPerson } from "../../src/git/history/objects.ts";

const dateOf = (seconds: number | string, zone: string): string => readPerson(`Ann <a@b.org> ${seconds} ${zone}`).date;

const epoch = "1970-01-01T00:00:00Z";

describe("the date of a person", () => {
  it.each([
    [0, "+0000", epoch],
    [1_700_000_000, "+0530", "2023-11-15T03:43:20+05:30"],
    [1_700_000_000, "-0330", "2023-11-14T18:43:20-03:30"],
    [1_700_000_000, "+1400", "2023-11-15T12:13:20+14:00"],
    [1_700_000_000, "+1401", "2023-11-14T22:13:20Z"],
    [1_700_000_000, "+9999", "2023-11-14T22:13:20Z"],
    [1_700_000_000, "-0060", "2023-11-14T22:13:20Z"],
    [-62_167_219_200, "+0000", "0000-01-01T00:00:00Z"],
    [-62_167_219_200, "-0100", "0000-01-01T00:00:00Z"],
    [-62_167_219_201, "+0100", epoch],
    [253_402_300_799, "+0000", "9999-12-31T23:59:59Z"],
    [253_402_300_799, "+0100", "9999-12-31T23:59:59Z"],
    [253_402_300_800, "-0100", epoch],
    [999_999_999_999, "+0000", epoch],
  ])("of %d in %s is %s", (seconds, zone, date) => {
    expect(dateOf(seconds, zone)).toBe(date);
  });

  it("is one that RFC 3339 knows, and the same moment or 1970, whatever git was told", () => {
    const seconds = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 });
    const zone = fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 9999 }));
    fc.assert(
      fc.property(seconds, zone, (time, [sign, digits]) => {
        const date = dateOf(time, sign + String(digits).padStart(4, "0"));
        expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/);
        expect([time * 1000, 0]).toContain(Date.parse(date));
      }),
    );
  });
});
