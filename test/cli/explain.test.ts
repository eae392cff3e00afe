import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leaksweep, tempDir, whole } from "../kit.ts";

const token = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCP");

it("prints the sum of a text's reasons, from an argument or a pipe, redacted", async () => {
  const { code, stdout } = await leaksweep(["explain", "--text", `token = ${token}`, "--path", "test/a.ts"]);
  expect(code).toBe(0);
  expect(stdout).toContain("github.pat-classic");
  expect(stdout).toMatch(/\+1\.00 {2}checksum valid\n {2}-0\.15 {2}test\n/);
  expect(stdout).not.toContain(token);
  const quiet = await leaksweep(["explain", "--text"], { stdin: "password: {{ vault_password }}" });
  expect(quiet.stdout).toMatch(/^Not flagged\./);
});

it("explains a finding of a folder and of a result file alike", async () => {
  const dir = tempDir();
  writeFileSync(join(dir, "app.env"), `GITHUB_TOKEN=${token}\n`);
  const { stdout } = await leaksweep(["dir", dir, "--format", "json"]);
  writeFileSync(join(dir, "result.json"), stdout);
  const { fingerprint } = (JSON.parse(stdout) as { findings: { fingerprint: string }[] }).findings[0] ?? {};
  const scanned = await leaksweep(["explain", fingerprint ?? "", dir]);
  const read = await leaksweep(["explain", fingerprint ?? "", "--from", join(dir, "result.json")]);
  expect(scanned.stdout).toMatch(/checksum valid[\s\S]*=1\.00 {2}high confidence/);
  expect(read.stdout.replace(/place .*\n/, "")).toBe(scanned.stdout.replace(/place .*\n/, ""));
});

it.each([
  [["explain"], /name a finding or give a text/],
  [["explain", "ls1:f3ktu55wyfhhg3dtquvklkbx", "--text", "x"], /not both/],
  [["explain", "ls1:f3ktu55wyfhhg3dtquvklkbx", "fixtures/reports"], /no such finding in fixtures\/reports/],
  [["explain", "ls1:x", "--from", "package.json"], /is missing, or it is none/],
  [["explain", "ls1:x", "--from", "README.md"], /Cannot read result "README.md"/],
])("refuses %j", async (args, message) => {
  const { code, stderr } = await leaksweep(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
