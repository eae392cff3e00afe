import { expect, it } from "vitest";
import { positions } from "../../src/bytes/lines.ts";
import { allowanceOf, allowComments } from "../../src/detect/allow.ts";

const commentsIn = (text: string) => allowComments(Buffer.from(text), positions(Buffer.from(text)));

it.each([
  ["x # leaksweep:allow", { line: 1 }],
  ["x // leaksweep:allow github.pat-classic", { line: 1, rule: "github.pat-classic" }],
  [
    "x /* leaksweep:allow github.pat-classic revoked in May */",
    { line: 1, rule: "github.pat-classic", reason: "revoked in May" },
  ],
  ["<!-- leaksweep:allow a sample, see docs -->", { line: 1, reason: "a sample, see docs" }],
  ['{"key": "x", "_": "leaksweep:allow"}', { line: 1 }],
  ["-- leaksweep:allow für die Prüfung", { line: 1, reason: "für die Prüfung" }],
  ["\n# leaksweep:allow-next-line aws.access-key-id\nx", { line: 3, rule: "aws.access-key-id" }],
  ["{# leaksweep:allow-next-line test #}\r\nx", { line: 2, reason: "test" }],
])("%j holds the comment %j", (text, comment) => {
  expect(commentsIn(text)).toEqual([comment]);
});

it.each([
  ["x # gitleaks:allow", 1, "gitleaks:allow comment"],
  ["x // betterleaks:allow because", 1, "betterleaks:allow comment"],
  ["a\nx # trufflehog:ignore", 2, "trufflehog:ignore comment"],
  ["x  # pragma: allowlist secret", 1, "pragma of detect-secrets"],
  ["x /* pragma:whitelist-secret */", 1, "pragma of detect-secrets"],
  ["# pragma: allowlist nextline secret\nx", 2, "pragma of detect-secrets"],
])("%j is a comment of another scanner", (text, line, reason) => {
  expect(commentsIn(text)).toEqual([{ line, reason }]);
});

it.each(["#pragma once", "x pragma: allowlist secret", "# pragma: allowlist secretary", "# pragma: no cover"])(
  "%j is none",
  (text) => {
    expect(commentsIn(text)).toEqual([]);
  },
);

it.each(["leaksweep:allowed", "leaksweep:allow-all", "leaksweep: allow", "# LEAKSWEEP:ALLOW"])(
  "%j is no comment",
  (text) => {
    expect(commentsIn(text)).toEqual([]);
  },
);

it("covers the lines of a match, and only its rule when it names one", () => {
  const comments = commentsIn("a\nb # leaksweep:allow x.y because\nc\n# leaksweep:allow-next-line\nd");
  expect(allowanceOf(comments, { rule: "x.y", first: 1, last: 3 })).toEqual({ rule: "x.y", reason: "because" });
  expect(allowanceOf(comments, { rule: "x.z", first: 1, last: 3 })).toBeUndefined();
  expect(allowanceOf(comments, { rule: "x.z", first: 5, last: 5 })).toEqual({});
  expect(allowanceOf(comments, { rule: "x.y", first: 3, last: 4 })).toBeUndefined();
});
