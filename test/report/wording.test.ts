import { describe, expect, it } from "vitest";
import { counted, duration, elapsed, list, refName, size } from "../../src/report/wording.ts";

it.each([
  [0, "0 files"],
  [1, "1 file"],
  [1234567, "1,234,567 files"],
])("counts %i as %s", (count, text) => {
  expect(counted(count, "file")).toBe(text);
});

it.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [1536, "1.5 kB"],
  [123_456_789, "123 MB"],
  [3_412_345_678, "3.4 GB"],
  [5e15, "5,000 TB"],
])("sizes %i as %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

it.each([
  [0, "0.0 s"],
  [2.14, "2.1 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [59.6, "1 min 0 s"],
  [185, "3 min 5 s"],
])("times %d as %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it.each([
  ["refs/heads/feature/x", "feature/x"],
  ["refs/remotes/origin/main", "origin/main"],
  ["refs/tags/v1", "tag v1"],
  ["refs/stash", "refs/stash"],
  ["refs/pull/1/head", "refs/pull/1/head"],
])("calls %s %s", (ref, name) => {
  expect(refName(ref)).toBe(name);
});

describe("list", () => {
  it.each<[string[], string]>([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
    [["a", "b", "c", "d"], "a, b, c and 1 more"],
  ])("of %j names three", (names, text) => {
    expect(list(names, 3)).toBe(text);
  });
});

it.each([
  ["2021-03-02T23:00:00Z", "2021-03-03T01:00:00Z", " (the same day)"],
  ["2021-03-02T09:30:00+01:00", "2021-03-03T18:00:00Z", " (1 day later)"],
  ["2021-03-02T00:00:00Z", "2021-09-12T00:00:00Z", " (6 months later)"],
  ["2015-03-02T00:00:00Z", "2021-09-12T00:00:00Z", " (7 years later)"],
  ["2021-03-02T00:00:00Z", "2021-03-01T00:00:00Z", ""],
  ["unknown", "2021-03-01T00:00:00Z", ""],
])("says that from %s to %s is%s", (from, to, text) => {
  expect(elapsed(from, to)).toBe(text);
});
