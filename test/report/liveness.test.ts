import { expect, it } from "vitest";
import { liveFirst, livenessAnswer, livenessWords } from "../../src/report/liveness.ts";
import { formats, loadReporter } from "../../src/report/reporter.ts";
import type { Finding, Liveness } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { aFinding, cleanResult, options } from "./sample-result.ts";

const finding = (liveness: Liveness, parts: Partial<Finding> = {}): Finding => aFinding({ liveness, ...parts });

const all = (...names: Liveness[]): { findings: Finding[] } => ({ findings: names.map((name) => finding(name)) });

it.each([
  [all(), undefined],
  [all("unchecked", "unchecked"), undefined],
  [all("dead"), { mood: "good", text: "Nothing that was asked about is live: 1 secret no longer works." }],
  [
    all("dead", "dead", "unchecked"),
    { mood: "good", text: "Nothing that was asked about is live: 2 secrets no longer work." },
  ],
  [
    all("dead", "unknown"),
    { mood: "doubt", text: "UNKNOWN: of 1 secret nobody could say whether it works. 1 secret no longer works." },
  ],
  [all("dead", "live"), { mood: "bad", text: "1 secret is LIVE: it still works." }],
  [
    all("live", "live", "unknown"),
    { mood: "bad", text: "2 secrets are LIVE: they still work. Whether 1 other still works is unknown." },
  ],
  [
    all("live", "unknown", "unknown"),
    { mood: "bad", text: "1 secret is LIVE: it still works. Whether 2 others still work is unknown." },
  ],
  [
    { findings: [finding("unchecked", { livenessReason: "no way to ask is known" })] },
    { mood: "doubt", text: "Nobody was asked: none of these secrets can be asked about." },
  ],
])("the answer says the worst that was found out, %#", (result, answer) => {
  expect(livenessAnswer(result)).toEqual(answer);
});

it("each finding says what was found out, and why not where it was not", () => {
  expect(livenessWords(finding("unchecked"))).toBe("");
  expect(livenessWords(finding("unchecked", { livenessReason: "it is allowed" }))).toBe(
    "not asked about: it is allowed",
  );
  expect(livenessWords(finding("unknown", { livenessReason: "it answered 500" }))).toBe(
    "unknown whether it works: it answered 500",
  );
});

it("live ones go first, in their order, and so do the others", () => {
  const [a, b, c, d] = [finding("dead"), finding("live"), finding("unchecked"), finding("live")];
  expect(liveFirst([a, b, c, d])).toEqual([b, d, a, c]);
});

it.each(formats)("a known secret that is live is no settled matter in %s", async (format) => {
  const reporter = await loadReporter(format);
  const told = (liveness: Liveness) =>
    [
      ...reporter.render(
        { ...cleanResult, findings: [finding(liveness, { verdict: "known" })] },
        { ...options, remedy },
      ),
    ].join("");
  expect(told("live")).not.toBe(told("dead"));
});
