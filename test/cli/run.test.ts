import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, tempDir, whole } from "../kit.ts";

// A rule of our own, so that these tests are about flags and exit codes and not about the shelf.
const rule = (confidence: string) => `
- id: own.key
  name: Key of our own
  severity: high
  confidence: ${confidence}
  pattern: \\b(?<secret>own_[a-z0-9]{24})\\b
  samples:
    leak: ["a = ow¦n_k3v9x2m7q4w8e1r6t5y0u2i7", "b: ow¦n_z8c4b1n6m3l9k2j7h5g0f4d8"]
    clean: ["own_short"]
`;
const secret = whole("ow¦n_k3v9x2m7q4w8e1r6t5y0u2i7");

/** A folder with a leak in `a.env` and a rule that finds it with the given confidence, switched on by the config. */
function leaky({ confidence = "high", config = "" } = {}): string {
  const dir = tempDir();
  writeFileSync(join(dir, "a.env"), `KEY=${secret}\n`);
  mkdirSync(join(dir, "own"));
  writeFileSync(join(dir, "own/rule.yml"), whole(rule(confidence)));
  writeFileSync(join(dir, "leaksweep.yml"), `rules: { paths: [own], enable: [own.*] }\nexclude: [own/**]\n${config}`);
  return dir;
}

describe("exit code", () => {
  it.each<[code: number, typed: string, setting: { confidence?: string; config?: string }]>([
    [1, "dir .", {}],
    [1, "", {}],
    [0, "dir . --disable own.*", {}],
    [0, "dir . --exit-code 0", {}],
    [42, "dir . --exit-code 42", {}],
    [0, "dir .", { confidence: "low" }],
    [1, "dir . --fail-on low", { confidence: "low" }],
    [1, "dir .", { confidence: "low", config: "fail-on: low" }],
    [0, "dir . --fail-on medium", { confidence: "low", config: "fail-on: low" }],
    [0, "dir . --max-file-size 10B", {}],
    [0, "dir .", { config: "max-file-size: 10B" }],
    [2, "dir .", { config: "fail-onn: low" }],
    [2, "dir . --config gone.yml", {}],
    [2, "dir . --rules gone.yml", {}],
    [2, "dir gone", {}],
    [2, "git .", {}],
  ])("is %i for `leaksweep %s` with %j", async (code, typed, setting) => {
    const ran = await leaksweep(typed.split(" ").filter(Boolean), { cwd: leaky(setting) });
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({
      code,
      stderr: code === 2 ? expect.stringMatching(/^leaksweep: /) : expect.any(String),
    });
    expect(ran.stderr).not.toContain("    at ");
  });

  it("is 1 for a leak that came through a pipe", async () => {
    const { code, stdout } = await leaksweep(["stdin", "--path", "x.env"], { cwd: leaky(), stdin: `KEY=${secret}\n` });
    expect(code).toBe(1);
    expect(stdout).toContain("x.env");
  });

  it("is 1 for a leak that is staged, and 0 once it is not", async () => {
    const cwd = leaky();
    sh(cwd, "git init -q .");
    expect((await leaksweep(["staged"], { cwd })).code).toBe(0);
    sh(cwd, "git add a.env");
    expect((await leaksweep(["staged"], { cwd })).code).toBe(1);
    sh(cwd, "git rm -q --cached a.env");
    expect((await leaksweep(["staged"], { cwd })).code).toBe(0);
  });
});

describe("what is shown", () => {
  it("hides findings below --min-confidence, and says so when they decide the exit code", async () => {
    const { code, stdout, stderr } = await leaksweep(["dir", ".", "--fail-on", "low"], {
      cwd: leaky({ confidence: "low" }),
    });
    expect(code).toBe(1);
    expect(stdout).not.toContain("a.env");
    expect(stderr).toContain("1 more below --min-confidence medium");
  });

  it.each(["text", "json", "jsonl"])("never holds the whole secret in %s, unless asked for", async (format) => {
    const cwd = leaky();
    const [redacted, open] = await Promise.all([
      leaksweep(["dir", ".", "-f", format], { cwd }),
      leaksweep(["dir", ".", "-f", format, "--no-redact"], { cwd }),
    ]);
    expect(redacted.stdout).toContain("a.env");
    expect(redacted.stdout + redacted.stderr).not.toContain(secret);
    expect(open.stdout).toContain(secret);
  });

  it("is at most 80 columns wide, without colour and without a status line, where nobody looks at a terminal", async () => {
    const { stdout, stderr } = await leaksweep(["dir", "."], { cwd: leaky() });
    expect(stderr).toBe("");
    expect(stdout).not.toContain("\u001b");
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("is one JSON value with --format json", async () => {
    const { stdout } = await leaksweep(["dir", ".", "-f", "json"], { cwd: leaky() });
    expect(JSON.parse(stdout)).toMatchObject({ schema: "leaksweep/result/1", complete: true });
  });
});

describe("--output", () => {
  it("takes the whole report, readable by its owner only, and leaves standard output empty", async () => {
    const cwd = leaky();
    const { code, stdout } = await leaksweep(["dir", "a.env", "-f", "json", "-o", "out.json"], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(JSON.parse(readFileSync(join(cwd, "out.json"), "utf8")).findings).toHaveLength(1);
    expect(statSync(join(cwd, "out.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd).filter((name) => name.startsWith("out"))).toEqual(["out.json"]);
  });

  it("in a folder that is not there is refused before anything is scanned", async () => {
    const cwd = leaky();
    const { code, stderr } = await leaksweep(["dir", ".", "-o", "gone/out.json"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("there is no such folder");
    expect(existsSync(join(cwd, "gone"))).toBe(false);
  });

  // A limit on the size of files fails a write half-way, as a full disk does, and needs no disk of its own. (Not
  // /dev/full: with the guard for devices broken, a test that runs as root would replace the device by a file.)
  it("that cannot be written whole exits with 2, leaks or not, and leaves the old report as it was", () => {
    const cwd = leaky();
    writeFileSync(join(cwd, "out.json"), "old");
    const script = 'ulimit -f 1 && exec "$0" "$1" dir a.env -f json -o out.json';
    const args = ["-c", script, process.execPath, resolve("bin/leaksweep.cjs")];
    const { status, stderr } = spawnSync("sh", args, { cwd, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("the file would be too large") });
    expect(readFileSync(join(cwd, "out.json"), "utf8")).toBe("old");
    expect(readdirSync(cwd).filter((name) => name.startsWith("out"))).toEqual(["out.json"]);
  });
});

describe("config", () => {
  it("mistakes are named with file, line, column and fix", async () => {
    const { stderr } = await leaksweep(["dir", "."], { cwd: leaky({ config: "fail-onn: low" }) });
    expect(stderr).toBe('leaksweep: leaksweep.yml:3:1: unknown key "fail-onn"\n  Did you mean "fail-on"?\n');
  });

  it("of the target holds, not that of the folder one stands in", async () => {
    expect((await leaksweep(["dir", leaky()], { cwd: tempDir() })).code).toBe(1);
    expect((await leaksweep(["dir", tempDir()], { cwd: leaky() })).code).toBe(0);
  });

  it("is named with --verbose", async () => {
    const { stderr } = await leaksweep(["dir", ".", "--verbose"], { cwd: leaky() });
    expect(stderr).toContain("config from leaksweep.yml");
  });
});
