import { expect, it } from "vitest";
import { LeaksweepError } from "../../src/errors.ts";
import { finalReason, wordsOf } from "../../src/sweep/faults.ts";

const failed = (address: string, said: string): LeaksweepError =>
  new LeaksweepError("git.failed", `Cannot fetch "${address}": ${said}`, { hint: "" });

const url = (name: string): string => `https://github.com/acme/${name}`;

it.each(["redirect-service", "not found", "error: 404", "missing-corrupt"])(
  "a repository called %j is tried again after a server failed, like any other",
  (name) => {
    const said = `fatal: unable to access '${url(name)}/': The requested URL returned error: 502`;
    expect(finalReason(failed(url(name), said))).toBeUndefined();
    expect(wordsOf(failed(url(name), said))).not.toMatch(/missing|corrupt/);
  },
);

it.each([
  [`fatal: repository '${url("one")}/' not found`, /is gone/],
  ["remote: Repository not found.", /is gone/],
  [`fatal: unable to access '${url("one")}/': The requested URL returned error: 403`, /is denied/],
  [`fatal: unable to update url base from redirection: asked for: ${url("one")}/info/refs`, /has moved/],
])("%s is of no use a second time", (said, meaning) => {
  expect(finalReason(failed(url("one"), said))).toMatch(meaning);
});
