import { describe, expect, it } from "vitest";
import type { Allowance, Status } from "../../src/terms.ts";
import { type Acceptance, type Judged, verdict } from "../../src/triage/verdict.ts";

const fingerprint = "ls1:aaaaaaaaaaaaaaaaaaaaaaaa";
const rule = "github.pat-classic";
const here = (status: Status = "present", allowance?: Allowance) => ({ status, ...(allowance && { allowance }) });
const judged = (...occurrences: Judged["occurrences"]): Judged => ({ fingerprint, rule, occurrences });
const nobody = { allowed: [], known: [], today: "2024-06-01" };
const sample: Allowance = { reason: "a sample" };

describe("verdict from comments", () => {
  it.each<[string, Judged, string]>([
    ["no comment", judged(here()), "new"],
    ["a comment on its only place", judged(here("present", sample)), "allowed"],
    ["a comment on one place of two", judged(here("present", sample), here()), "new"],
    ["a comment, and an older place without one", judged(here("present", sample), here("removed")), "allowed"],
    ["a comment, and an unreachable place without one", judged(here("present", {}), here("unreachable")), "allowed"],
    ["a comment, and a new place that is not committed", judged(here("present", {}), here("uncommitted")), "new"],
    ["places that are all gone", judged(here("removed"), here("unreachable")), "new"],
    ["a comment that names its rule", judged(here("present", { rule })), "allowed"],
    ["a comment that names another rule", judged(here("present", { rule: "slack.token" })), "new"],
    ["no place at all", judged(), "new"],
  ])("with %s", (_, finding, word) => {
    expect(verdict(finding, nobody).verdict).toBe(word);
  });

  it("tells the reason that the comment gives, if any", () => {
    expect(verdict(judged(here("present", sample)), nobody)).toEqual({ verdict: "allowed", reason: "a sample" });
    expect(verdict(judged(here("present", {})), nobody)).toEqual({ verdict: "allowed" });
  });
});

describe("verdict from entries", () => {
  const entry = (parts: Partial<Acceptance> = {}): Acceptance => ({ fingerprint, reason: "revoked", ...parts });

  it.each<[string, Partial<Parameters<typeof verdict>[1]>, object]>([
    ["an allow entry", { allowed: [entry()] }, { verdict: "allowed", reason: "revoked" }],
    ["an entry of another secret", { allowed: [entry({ fingerprint: "ls1:b" })] }, { verdict: "new" }],
    [
      "an entry on its last day",
      { allowed: [entry({ until: "2024-06-01" })] },
      { verdict: "allowed", reason: "revoked" },
    ],
    [
      "an entry one day after its end",
      { allowed: [entry({ until: "2024-05-31" })] },
      { verdict: "new", reason: "accepted until 2024-05-31, which is over: revoked" },
    ],
    [
      "an ended entry and a second one that holds",
      { allowed: [entry({ until: "2023-01-01" }), entry({ reason: "rotated" })] },
      { verdict: "allowed", reason: "rotated" },
    ],
    ["a line of the baseline", { known: [entry()] }, { verdict: "known", reason: "revoked" }],
    [
      "both",
      { allowed: [entry({ reason: "by config" })], known: [entry()] },
      { verdict: "allowed", reason: "by config" },
    ],
  ])("with %s", (_, acceptances, expected) => {
    expect(verdict(judged(here()), { ...nobody, ...acceptances })).toEqual(expected);
  });
});
