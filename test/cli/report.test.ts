/** `leaksweep report` and `explain --from` over result files. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../src/report/reporter.ts";
import { dirForAll, leaksweep, recipe, sh, story, tempDir, whole } from "../kit.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");

/** What changes from run to run: how long it took, and when. */
const calm = (text: string): string =>
  text
    .replaceAll(/"seconds":\s*[\d.]+|in [\d.]+ s|[\d.]+ s\b/g, "SECONDS")
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|\b)/g, "TIME")
    .replaceAll(/time="[\d.]+"/g, "SECONDS");

describe("a result file", () => {
  let dir = "";
  let file = "";

  beforeAll(async () => {
    const shared = dirForAll();
    dir = recipe("story", shared.dir);
    file = join(shared.dir, "result.json");
    await leaksweep(["git", dir, "-f", "json", "-o", file, "--min-confidence", "low", "--no-cache"]);
    return shared.remove;
  }, 60_000);

  it.each(formats)("is rendered as %s like the scan itself", async (format) => {
    // A scan of what did not change since the last would say in its JSON that it was remembered.
    const scanned = await leaksweep(["git", dir, "-f", format, "--no-cache"]);
    const reported = await leaksweep(["report", file, "-f", format]);
    expect(calm(reported.stdout)).toBe(calm(scanned.stdout));
    expect(reported.code).toBe(scanned.code);
  });

  it("may be JSON lines, and is read to its end or not at all", async () => {
    const file = join(tempDir(), "result.jsonl");
    await leaksweep(["git", dir, "-f", "jsonl", "-o", file]);
    const scanned = await leaksweep(["git", dir, "-f", "csv"]);
    expect((await leaksweep(["report", file, "-f", "csv"])).stdout).toBe(scanned.stdout);
    writeFileSync(file, readFileSync(file, "utf8").split("\n").slice(0, 2).join("\n"));
    const cut = await leaksweep(["report", file]);
    expect(cut).toMatchObject({ code: 2, stdout: "" });
    expect(cut.stderr).toContain(`Cannot read result "${file}": its end is missing, or it is none`);
  });

  it("with secrets in full is shown veiled, and keeps its exit code and skips", async () => {
    const dir = story(`git init -q -b main; echo 'key=${token}' > app.env; commit one`);
    sh(dir, "rm -rf .git/objects/$(git rev-parse HEAD^{tree} | cut -c1-2)");
    const file = join(tempDir(), "result.json");
    const scanned = await leaksweep(["git", dir, "--no-redact", "-f", "json", "-o", file]);
    expect(readFileSync(file, "utf8")).toContain(token);
    const { code, stdout } = await leaksweep(["report", file, "-f", "json"]);
    expect(stdout).not.toContain(token);
    expect(code).toBe(scanned.code);
    expect(JSON.parse(stdout)).toMatchObject({
      complete: false,
      skips: JSON.parse(readFileSync(file, "utf8")).skips,
      findings: [{ secret: "ghp_…(40)" }],
    });
  });

  it("of a rule that nobody knows any more is rendered by what it says itself", async () => {
    const dir = story(`git init -q -b main; echo 'key=${token}' > app.env; commit one`);
    const { stdout } = await leaksweep(["git", dir, "-f", "json"]);
    const file = join(tempDir(), "result.json");
    writeFileSync(file, stdout.replaceAll("github.pat-classic", "gone.rule"));
    const reported = await leaksweep(["report", file, "-f", "sarif"]);
    expect(JSON.parse(reported.stdout).runs[0].results[0].ruleId).toBe("gone.rule");
    const { fingerprint } = JSON.parse(stdout).findings[0];
    expect((await leaksweep(["explain", fingerprint, "--from", file])).stdout).toContain("gone.rule: GitHub personal");
  });

  it.each([
    ["is not there", undefined, "ENOENT"],
    ["is no JSON", "[[", "it is not JSON"],
    ["is other JSON", '{ "a": 1 }', "its end is missing, or it is none"],
    [
      "has a finding that says less than it must",
      '{"schema":"leaksweep/result/1","findings":[{"rule":"x"}]}',
      "Invalid input",
    ],
  ])("that %s is told of, and nothing is printed", async (_what, content, said) => {
    const file = join(tempDir(), "result.json");
    if (content !== undefined) writeFileSync(file, content);
    for (const command of [
      ["report", file],
      ["explain", "ls1:a", "--from", file],
    ]) {
      const { code, stdout, stderr } = await leaksweep(command);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`Cannot read result "${file}"`);
      expect(stderr).toContain(said);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });
});

it.each([["findings"], ["report"], ["sweep", "status"]])(
  "%s %s does not make the store that it asks",
  async (...words) => {
    const store = join(tempDir(), "mistyped");
    const { code, stdout, stderr } = await leaksweep([...words, "--store", store]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`Cannot read store "${store}": there is none`);
    expect(existsSync(store)).toBe(false);
  },
);
