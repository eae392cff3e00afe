/** What names from a stranger's commits can do to the programs that read our reports: nothing. */
import { describe, expect, it } from "vitest";
import { type FormatName, loadReporter } from "../../src/report/reporter.ts";
import type { Finding } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { aFinding, anOccurrence, cleanResult, fullResult, nastyPaths, options } from "./sample-result.ts";

async function render(name: FormatName, ...findings: Finding[]): Promise<string> {
  const reporter = await loadReporter(name);
  return [...reporter.render({ ...cleanResult, findings }, { ...options, remedy })].join("");
}

/** A finding in a file of this name, by an author of this name. */
const named = (name: string): Finding =>
  aFinding({
    introduced: { commit: "1".repeat(40), date: "2021-03-02", author: { name, email: name } },
    occurrences: [anOccurrence({ path: name })],
  });

describe("a CSV cell", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "|calc", "%0", "=cmd|' /C calc'!A0"])(
    "never begins a formula: %j",
    async (name) => {
      const [, row = ""] = (await render("csv", named(name))).split("\n");
      const cells = row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"/, ""));
      expect(cells.filter((cell) => /^[=+\-@|%\t\r]/.test(cell))).toEqual([]);
      expect(row).toContain(name.trim().slice(1, 4));
    },
  );

  it("holds a comma, a quote and a line break without becoming two", async () => {
    const rows = (await render("csv", named('a,"b"\nc'))).trimEnd().split("\n");
    expect(rows).toHaveLength(2);
    expect(rows[1]).toContain('"a,""b""\\nc"');
  });

  it("of a skip tells that something was not read", async () => {
    const { render } = await loadReporter("csv");
    const skips = [{ by: "fault", reason: "is missing", path: "a.bin" }] as const;
    const text = [...render({ ...cleanResult, complete: false, skips }, { ...options, remedy })].join("");
    expect(text).toMatch(/^skip,.*fault,is missing,.*a\.bin/m);
  });
});

describe("a workflow command", () => {
  it.each([...nastyPaths, "a\n::set-output name=x::y", "a%0A::error::b", "a,line=9::b"])(
    "stays one command whatever the name: %j",
    async (name) => {
      const lines = (await render("github", named(name))).trimEnd().split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^::error file=[^,:]+,line=12,endLine=12,col=8,endColumn=48,title=[^,:]+::[^\n]+$/);
    },
  );

  it("says first what was not read: GitHub drops all but ten of a kind", async () => {
    const { render } = await loadReporter("github");
    const [first = ""] = [...render(fullResult, { ...options, remedy })];
    expect(first).toMatch(/^::error title=Not everything was read::4 things could not be read/);
  });
});

describe.each(["sarif", "junit", "csv", "github", "markdown", "html"] as const)("%s", (name) => {
  it("says why a finding is new although somebody allows it", async () => {
    const finding = aFinding({ verdictReason: "allowed by this change: a sample" });
    expect(await render(name, finding)).toContain("allowed by this change: a sample");
  });
});

describe("Markdown", () => {
  it.each([
    "![x](https://evil.example/y.png)",
    "<img src=x onerror=alert(1)>",
    "a|b",
    "`a` and ``b``",
    "@everyone #1",
    "</details>",
    "https://evil.example",
    "www.evil.example",
  ])("shows %s as it is and does nothing with it", async (name) => {
    const text = await render("markdown", named(name));
    const row = text.split("\n").find((line) => line.startsWith("| critical")) ?? "";
    expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
    // What is left when all code is taken away has none of it.
    const prose = text
      .replace(/<code>.*?<\/code>|`[^`\n]*`/g, "")
      .replace(/<https:\/\/github\.com\/settings\/tokens>/g, "");
    expect(prose).not.toMatch(/<img|@every|!\[|:\/\/evil|www\./);
  });

  it("fits into a comment on a pull request, however much was found", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => named(`${"deep/".repeat(60)}${index}.env`));
    const text = await render("markdown", ...many);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("4,900 more findings");
  });
});
