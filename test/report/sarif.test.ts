import type { Log, Result as SarifResult } from "sarif";
import { describe, expect, it } from "vitest";
import { loadReporter } from "../../src/report/reporter.ts";
import type { Finding, Result } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { aFinding, anOccurrence, aRule, cleanResult, fullResult, nastyPaths, options } from "./sample-result.ts";

const reporter = await loadReporter("sarif");

function logOf(parts: Partial<Result>, redact = true): Log {
  return JSON.parse([...reporter.render({ ...cleanResult, ...parts }, { ...options, remedy, redact })].join(""));
}

const resultsOf = (...findings: Finding[]): SarifResult[] => logOf({ findings }).runs[0]?.results ?? [];
const uriOf = ({ locations }: SarifResult) => locations?.[0]?.physicalLocation?.artifactLocation?.uri;
const only = (finding: Partial<Finding>): SarifResult => resultsOf(aFinding(finding))[0] as SarifResult;
const pathOf = (path: string) => only({ occurrences: [anOccurrence({ path })] });

describe("a SARIF result", () => {
  it("stands for one secret: where it still is comes first, all other places are related", () => {
    const places = ["now.sh", "b.sh", "c.sh"].map((path) => anOccurrence({ path }));
    const result = only({ occurrences: places });
    expect(uriOf(result)).toBe("now.sh");
    expect(result.locations).toHaveLength(1);
    expect(result.relatedLocations?.map(({ physicalLocation }) => physicalLocation?.artifactLocation?.uri)).toEqual([
      "b.sh",
      "c.sh",
    ]);
  });

  it("keeps its identity when lines and commits move", () => {
    const moved = anOccurrence({ startLine: 99, endLine: 99, path: "else.sh", commit: "1".repeat(40) });
    expect(only({ occurrences: [moved] }).partialFingerprints).toEqual(only({}).partialFingerprints);
    expect(only({}).partialFingerprints?.primaryLocationLineHash).toBe("ls1:aaaaaaaaaaaaaaaaaaaaaaaa:1");
  });

  it.each([
    ["a b#c.ts", "a%20b%23c.ts"],
    ["100%/ü?.env", "100%25/%C3%BC%3F.env"],
    ["::error::x", "%3A%3Aerror%3A%3Ax"],
    ["lone \ud800.env", "lone%20%EF%BF%BD.env"],
  ])("has %j as the address %s", (path, uri) => {
    expect(uriOf(pathOf(path))).toBe(uri);
  });

  it.each(nastyPaths)("has an address for %j that parses and stays below the root", (path) => {
    const uri = uriOf(pathOf(path)) ?? "";
    expect(uri).toMatch(/^[\w.~!*'()%/-]+$/);
    expect(new URL(uri, "file:///root/").href).toMatch(/^file:\/\/\/root\//);
  });

  it("has a region that exists, wherever the secret lies", () => {
    for (const { locations = [], relatedLocations = [] } of logOf(fullResult).runs[0]?.results ?? []) {
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        const { startLine = 0, startColumn = 1, endLine = startLine, endColumn = 2 } = physicalLocation?.region ?? {};
        expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThanOrEqual(1);
        expect(endLine).toBeGreaterThanOrEqual(startLine);
      }
    }
  });

  it("points at the archive when the secret is in a member of it, and names the member", () => {
    const [location] = only({ occurrences: [anOccurrence({ path: "a.zip", member: "b.env" })] }).locations ?? [];
    expect(location?.physicalLocation?.region).toEqual({ startLine: 1 });
    expect(location?.logicalLocations?.[0]?.fullyQualifiedName).toBe("a.zip!b.env:12:8");
  });

  it("is marked when it stands only in history", () => {
    const gone = only({ status: "removed" });
    expect(gone.properties?.tags).toEqual(["removed", "history-only"]);
    expect(gone.message.text).toContain("only in history");
    expect(only({}).properties?.tags).toEqual(["present"]);
  });

  it("shows no more of the secret than its first characters", () => {
    const snippet = only({}).locations?.[0]?.physicalLocation?.region?.snippet?.text;
    expect(snippet).toBe("ghp_…(40)");
  });

  it("does not let a name make a link or a placeholder of itself", () => {
    const author = { name: "[click](https://evil.example) {0}", email: "" };
    const { text } = only({ introduced: { commit: "1".repeat(40), date: "2021-03-02", author } }).message;
    expect(text).toContain("[click] (https://evil.example) {{0}}");
  });

  it("of an accepted finding is suppressed, with the reason", () => {
    expect(only({ verdict: "known", verdictReason: "revoked" }).suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "revoked" },
    ]);
    expect(only({}).suppressions).toBeUndefined();
  });

  it.each<[string, string, Partial<Finding>]>([
    ["error", "9.5", {}],
    ["error", "8.5", { confidence: "medium" }],
    ["warning", "3.9", { confidence: "low" }],
    ["error", "9.0", { confidence: "low", liveness: "live", rule: aRule({ severity: "low" }) }],
    ["note", "1.0", { liveness: "dead" }],
    ["warning", "3.0", { rule: aRule({ kind: "exposure", severity: "low" }) }],
  ])("is an %s of security-severity %s for %j", (level, severity, parts) => {
    const { runs } = logOf({ findings: [aFinding(parts)] });
    expect(runs[0]?.results?.[0]?.level).toBe(level);
    expect(runs[0]?.results?.[0]?.properties?.["security-severity"]).toBe(severity);
    expect(runs[0]?.tool.driver.rules?.[0]?.properties?.["security-severity"]).toBe(severity);
  });
});

describe("a SARIF run", () => {
  it("did not succeed when something could not be read, and says what", () => {
    const [invocation] = logOf(fullResult).runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.map(({ level }) => level)).toEqual([
      "error",
      "error",
      "error",
      "note",
      "note",
    ]);
    expect(logOf({}).runs[0]?.invocations?.[0]?.executionSuccessful).toBe(true);
  });

  it("holds what GitHub takes of one; the rest goes into runs with categories of their own", () => {
    const finding = aFinding({ occurrences: [], components: [], facts: {}, refs: [] });
    const findings = Array.from({ length: 25_001 }, () => finding);
    const text = [
      ...reporter.render({ ...cleanResult, findings }, { ...options, redact: false, remedy: () => [] }),
    ].join("");
    const [first = "", second = ""] = text.split('"leaksweep-part-2/"');
    expect(first.match(/"ruleId"/g)).toHaveLength(25_000);
    expect(second.match(/"ruleId"/g)).toHaveLength(1);
  });

  it("has at most 100 places in a result, and tells how many there are", () => {
    const occurrences = Array.from({ length: 2000 }, (_, index) => anOccurrence({ path: `${index}.sh` }));
    const result = only({ occurrences });
    expect(1 + (result.relatedLocations?.length ?? 0)).toBe(100);
    expect(result.message.text).toContain("2,000 places");
  });
});
