import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, tempDir, whole } from "../kit.ts";

const own = ({ pattern = "\\b(?<secret>own_[a-z0-9]{24})\\b" } = {}): string =>
  whole(`
- id: own.key
  name: Key of our own
  severity: high
  confidence: high
  pattern: ${pattern}
  samples:
    leak: ["a = ow¦n_k3v9x2m7q4w8e1r6t5y0u2i7", "b: ow¦n_z8c4b1n6m3l9k2j7h5g0f4d8"]
    clean: ["own_short"]
`);

function ruleFile(text: string): string {
  const file = join(tempDir(), "own.yml");
  writeFileSync(file, text);
  return file;
}

describe("rules list", () => {
  it("prints a rule a line, sorted by id, and their number", async () => {
    const { code, stdout } = await leaksweep(["rules", "list"]);
    const lines = stdout.trimEnd().split("\n");
    const ids = lines.slice(0, -1).map((line) => line.split(" ")[0] ?? "");
    expect(code).toBe(0);
    expect(ids).toContain("github.pat-classic");
    expect(ids).toEqual([...ids].sort());
    const [, rules, rows] = /^(\d+) rules and (\d+) context rows$/.exec(lines.at(-1) ?? "") ?? [];
    expect(Number(rules) + Number(rows)).toBe(ids.length);
    expect(Number(rules)).toBeGreaterThanOrEqual(800);
  });

  it("leaves out the rows on request", async () => {
    const { stdout } = await leaksweep(["rules", "list", "abuseipdb", "--no-context"]);
    expect(stdout).toBe("0 rules\n");
    expect((await leaksweep(["rules", "list", "abuseipdb"])).stdout).toContain("abuseipdb.context-key");
  });

  it("narrows down by text, provider and severity", async () => {
    const list = async (...args: string[]) =>
      JSON.parse((await leaksweep(["rules", "list", "--format", "json", ...args])).stdout) as Record<string, string>[];
    for (const rule of await list("TOKEN")) expect(`${rule.id} ${rule.name}`.toLowerCase()).toContain("token");
    for (const rule of await list("--provider", "github")) expect(rule.provider).toBe("github");
    for (const rule of await list("--severity", "critical")) expect(rule.severity).toBe("critical");
    expect(await list("no rule has this text")).toEqual([]);
  });

  it("adds the rules of --rules", async () => {
    const { stdout } = await leaksweep(["rules", "list", "own.key", "--rules", ruleFile(own())]);
    expect(stdout).toBe("own.key  high      Key of our own\n1 rule\n");
  });
});

describe("rules show", () => {
  it("prints all that a rule says, in 80 columns where its words allow", async () => {
    const { code, stdout } = await leaksweep(["rules", "show", "github.pat-classic"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^github\.pat-classic: GitHub/);
    for (const label of ["severity", "pattern", "checksum", "samples"]) {
      expect(stdout).toMatch(new RegExp(`^${label} `, "m"));
    }
    // A pattern or an address is never broken: it could not be copied.
    const wide = stdout.split("\n").filter((line) => line.length > 80);
    expect(wide.filter((line) => line.slice(12).includes(" "))).toEqual([]);
  });

  it("offers the id that was probably meant", async () => {
    const { code, stderr } = await leaksweep(["rules", "show", "github.pat-clasic"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('Did you mean "github.pat-classic"?'),
    });
  });
});

describe("rules check", () => {
  it("finds no fault with a good rule of the user's", async () => {
    const { code, stdout } = await leaksweep(["rules", "check", ruleFile(own())]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "1 rule checked: no faults.\n" });
  });

  it("names file, line, rule and sample of each fault, and exits with 2", async () => {
    const file = ruleFile(own({ pattern: "\\b(?<secret>own_k[a-z0-9]{23})\\b" }));
    const { code, stdout } = await leaksweep(["rules", "check", file]);
    expect(code).toBe(2);
    expect(stdout).toContain(`${file}:2:3: own.key: leak sample 2 is not found`);
    expect(stdout).toContain("1 rule checked: faults in 1.");
  });

  it("names file, line and key of what is no rule at all, and exits with 2", async () => {
    const file = ruleFile(own().replace("  severity", "  severty: high\n  severity"));
    const { code, stderr } = await leaksweep(["rules", "check", file]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${file}:4:3: Cannot load rule`) });
  });
});

describe("rules new", () => {
  it("writes a rule with made samples, which holds", async () => {
    const cwd = tempDir();
    const flags = ["--shape", '"acme_" 32 alnum', "--name", "Acme API token", "--severity", "high"];
    const made = await leaksweep(["rules", "new", "acme.api-token", ...flags], { cwd });
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining("acme.yml: acme.api-token is written") });
    const checked = await leaksweep(["rules", "check", "acme.yml"], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: "1 rule checked: no faults.\n" });
  });

  it("writes a row where a token has no mark of its own, and adds to what is there", async () => {
    const cwd = tempDir();
    mkdirSync(join(cwd, "context"));
    const row = (provider: string) =>
      leaksweep(["rules", "new", provider, "--shape", "32 hex", "--name", provider, "--severity", "low", "-o", file], {
        cwd,
      });
    const file = join("context", "rows.yml");
    expect(await row("acmecloud")).toMatchObject({ code: 0, stdout: expect.stringContaining("acmecloud.context-key") });
    expect(await row("zenithhub")).toMatchObject({ code: 0 });
    const checked = await leaksweep(["rules", "check", "."], { cwd });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining("0 rules and 2 context rows checked") });
  });

  it("says which answers are missing where nobody can be asked", async () => {
    const { code, stderr } = await leaksweep(["rules", "new", "acme.key", "--name", "Acme key"], { cwd: tempDir() });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("--shape, --severity not given") });
  });

  it("refuses what is no shape, and writes nothing", async () => {
    const cwd = tempDir();
    const flags = ["--shape", "32 hexes", "--name", "n", "--severity", "low"];
    const { code, stderr } = await leaksweep(["rules", "new", "acme.key", ...flags], { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("it is no shape") });
    expect(readdirSync(cwd)).toEqual([]);
  });
});
