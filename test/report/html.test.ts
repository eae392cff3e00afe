import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { htmlReporter, loadHtmlReporter } from "../../src/report/html.ts";
import type { Result } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { aFinding, anOccurrence, cleanResult, fullResult, options } from "./sample-result.ts";

const page = async (result: Result): Promise<string> =>
  [...(await loadHtmlReporter()).render(result, { ...options, remedy })].join("");

const hostile = "</script><img src=x onerror=alert(1)><!--<script>{{title}}";
const hostileResult: Result = {
  ...fullResult,
  target: { ...fullResult.target, path: hostile },
  findings: [aFinding({ occurrences: [anOccurrence({ path: hostile, url: "javascript:alert(1)" })] })],
};

describe("an HTML report", () => {
  it("fills its template with words and data", () => {
    const small = htmlReporter("<title>{{title}}</title>\n{{answer}}\n{{covered}}\n{{result}}\n");
    const text = [...small.render(fullResult, { ...options, remedy })].join("");
    expect(text).toContain("<title>leaksweep: /srv/app</title>");
    expect(text).toContain('<p class="bad">23 new findings (8 critical, 3 high and 12 medium) and 2 exposures.</p>');
    const data = JSON.parse(text.slice(text.indexOf('{"made"')));
    expect(data.made).toBe("leaksweep 1.2.3, 2024-05-01 12:00 UTC");
    expect(data.findings).toHaveLength(fullResult.findings.length);
    expect(data.unread[0]).toMatchObject({ by: "fault", phrase: "2 things could not be read: the object is missing" });
  });

  it("lets nothing run but its own script, and nothing load at all", async () => {
    const text = await page(hostileResult);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    for (const [element, rule] of [
      ["script", "script-src"],
      ["style", "style-src"],
    ] as const) {
      const inside = new RegExp(`<${element}>(.*?)</${element}>`, "s").exec(text)?.[1] ?? "";
      expect(policy).toContain(`${rule} 'sha256-${createHash("sha256").update(inside).digest("base64")}'`);
    }
    expect(policy).not.toContain("unsafe");
    expect(text).not.toMatch(/(?:src|href)="(?!data:,")/);
  });

  it("holds hostile names as data: none of them ends a script, begins an element or fills a gap", async () => {
    const text = await page(hostileResult);
    expect(text).not.toContain("<img");
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    const island = /<script type="application\/json" id="result">(.*?)<\/script>/s.exec(text)?.[1] ?? "";
    expect(JSON.parse(island).findings[0].places[0].name).toBe(`${hostile}:12:8`);
  });

  it("says the answer without any script", async () => {
    expect(await page(cleanResult)).toContain('<p class="good">Clean: all that was meant to be read was read');
  });

  it("has a template with each gap once", () => {
    const gaps = [...readFileSync("dist/report.html", "utf8").matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect(gaps.toSorted()).toEqual(["answer", "covered", "result", "title"]);
  });
});
