/** The HTML report in a real browser: Chromium draws it, without a network, and prints what it drew. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadReporter } from "../../src/report/reporter.ts";
import type { Result } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { available, tempDir } from "../kit.ts";
import { aFinding, anOccurrence, cleanResult, fullResult, options } from "../report/sample-result.ts";

const isHere = available("Chromium", spawnSync("chromium", ["--version"]).status === 0);

/** The page as it stands once its script has run. */
async function drawn(result: Result): Promise<string> {
  const dir = tempDir();
  const { render } = await loadReporter("html");
  writeFileSync(join(dir, "report.html"), [...render(result, { ...options, remedy })].join(""));
  const still = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${dir}/profile`];
  return execFileSync("chromium", [...still, "--dump-dom", `file://${dir}/report.html`], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

describe.runIf(isHere)("the page of an HTML report", () => {
  it("shows each new finding and what was not read", async () => {
    const page = await drawn(fullResult);
    expect(page.match(/<li class="finding">/g)).toHaveLength(25);
    expect(page).toContain("25 of 27 findings");
    expect(page).toMatch(/<summary>2 things could not be read: the object is missing<\/summary>/);
  });

  it("draws the first of ten thousand findings, and says how many there are", async () => {
    const findings = Array.from({ length: 10_000 }, (_, index) =>
      aFinding({ fingerprint: `ls1:${index}`, occurrences: [anOccurrence({ path: `src/${index}.env` })] }),
    );
    const page = await drawn({ ...cleanResult, findings });
    expect(page).toContain("10,000 of 10,000 findings");
    expect(page.match(/<li class="finding">/g)?.length).toBeLessThan(1000);
  });

  it("runs nothing that a name brings along", async () => {
    const name = `</script><script>document.title="owned"</script><img src=x onerror='document.title="owned"'>`;
    const page = await drawn({
      ...cleanResult,
      target: { ...cleanResult.target, path: name },
      findings: [aFinding({ occurrences: [anOccurrence({ path: name, url: "javascript:document.title='owned'" })] })],
    });
    expect(page).not.toContain("<title>owned</title>");
    expect(page).not.toMatch(/<img|href="javascript/);
    expect(page).toContain("1 of 1 findings");
  });
});
