import { describe, expect, it } from "vitest";
import { type Choice, chosen, type PageFinding, searchable } from "../../src/page/view.ts";

function finding(parts: Partial<PageFinding>): PageFinding {
  return {
    fingerprint: "ls1:a",
    rule: "github.pat-classic",
    name: "GitHub token",
    kind: "secret",
    severity: "critical",
    confidence: "high",
    secret: "ghp_…(40)",
    verdict: "new",
    verdictReason: null,
    status: "present",
    liveness: "unchecked",
    livenessReason: null,
    facts: {},
    introduced: { commit: "1a2b", date: "2021-03-02T00:00:00Z", author: { name: "Ann", email: "ann@example.org" } },
    removed: null,
    refs: ["refs/heads/main"],
    components: [],
    places: [{ name: "src/b.env:1:1", status: "present", commit: null, url: null }],
    advice: [],
    ...parts,
  };
}

const at = (name: string) => [{ name, status: "present", commit: null, url: null }];
const since = (date: string) => ({ commit: "1", date, author: { name: "Bob", email: "" } });

const findings: readonly PageFinding[] = [
  finding({}),
  finding({
    severity: "high",
    status: "removed",
    places: at("src/a.env:9:1"),
    introduced: since("2024-01-01T00:00:00Z"),
  }),
  finding({ verdict: "known", rule: "aws.key", places: [...at("z.env:1:1"), ...at("y.env:1:1")], introduced: null }),
];

const choose = (choice: Partial<Choice>): readonly number[] =>
  chosen(findings, findings.map(searchable), {
    words: "",
    severities: new Set(),
    statuses: new Set(),
    accepted: false,
    order: "severity",
    ...choice,
  });

describe("the findings that a page shows", () => {
  it("are the new ones, in the order of the report", () => {
    expect(choose({})).toEqual([0, 1]);
    expect(choose({ accepted: true })).toEqual([0, 1, 2]);
  });

  it.each<[Partial<Choice>, readonly number[]]>([
    [{ words: "ANN" }, [0]],
    [{ words: "src bob" }, [1]],
    [{ words: "src nobody" }, []],
    [{ severities: new Set(["high", "low"]) }, [1]],
    [{ severities: new Set(["critical"]), statuses: new Set(["removed"]) }, []],
    [{ statuses: new Set(["present"]), accepted: true }, [0, 2]],
  ])("are those that fit all of %o", (choice, expected) => {
    expect(choose(choice)).toEqual(expected);
  });

  it.each<[Choice["order"], readonly number[]]>([
    ["newest", [1, 0, 2]],
    ["oldest", [2, 0, 1]],
    ["path", [1, 0, 2]],
    ["rule", [2, 0, 1]],
    ["places", [2, 0, 1]],
  ])("are sorted by %s", (order, expected) => {
    expect(choose({ order, accepted: true })).toEqual(expected);
  });
});
