import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, story, whole } from "../kit.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const leaky = () => story(`git init -q -b main\nprintf 'x\\none = ${token}\\n' > a.env\ncommit one`);
const sha1 = createHash("sha1").update(token).digest("hex");

describe("leaksweep import", () => {
  it.each([
    [
      ".secrets.baseline",
      JSON.stringify({ version: "1.5.0", results: { "a.env": [{ type: "T", hashed_secret: sha1 }] } }),
    ],
    [".gitleaksignore", "a.env:github-pat:2\n"],
    ["old.json", JSON.stringify([{ RuleID: "github-pat", File: "a.env", StartLine: 2, Secret: "REDACTED" }])],
    [".gitleaks.toml", "[extend]\nuseDefault = true\n[[allowlists]]\nregexes = ['''^ghp_''']\n"],
  ])("turns what %s accepts into a line of the baseline, after which the file is not needed", async (name, text) => {
    const dir = leaky();
    writeFileSync(join(dir, name), text);
    const { code, stdout } = await leaksweep(["import", name, "--owner", "ann"], { cwd: dir });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("1 accepted findings brought over") });
    expect(readFileSync(join(dir, ".leaksweep-baseline"), "utf8")).toMatch(
      /^ls1:[a-z2-7]{24} github\.pat-classic allowed owner=ann # .+$/m,
    );
    const scanned = await leaksweep(["scan", ".", "--no-foreign", "-f", "json"], { cwd: dir });
    expect(JSON.parse(scanned.stdout).findings).toMatchObject([{ verdict: "allowed" }]);
  });

  it("turns rules into a rule file, says what it could not, and writes nothing when it only tries", async () => {
    const dir = leaky();
    const rule = "[[rules]]\nid = 'own'\nregex = '''own-([a-z]{12})'''\n[[rules]]\nid = 'file'\npath = 'x'\n";
    writeFileSync(join(dir, ".gitleaks.toml"), rule);
    const tried = await leaksweep(["import", ".gitleaks.toml", "--dry-run"], { cwd: dir });
    expect(tried.stdout).toContain("id: gitleaks.own");
    expect(existsSync(join(dir, "leaksweep-rules"))).toBe(false);
    const { stderr, code } = await leaksweep(["import", ".gitleaks.toml"], { cwd: dir });
    expect({ stderr, code }).toEqual({
      code: 0,
      stderr: expect.stringContaining('.gitleaks.toml:4: rule "file": looks at paths alone'),
    });
    writeFileSync(join(dir, "b.txt"), "own-abcdefghijkl\n");
    const found = await leaksweep(["dir", "b.txt", "--rules", "leaksweep-rules", "--no-foreign", "-f", "json"], {
      cwd: dir,
    });
    expect(JSON.parse(found.stdout).findings).toMatchObject([{ rule: "gitleaks.own" }]);
    expect((await leaksweep(["import", ".gitleaks.toml"], { cwd: dir })).code).toBe(2);
  });

  it.each([
    ["a text", "hello\n"],
    ["a CSV report", "RuleID,Commit,File\na,b,c\n"],
    ["a config of ours", "rules:\n  disable: [x]\n"],
  ])("refuses %s, and says what it expected", async (_, text) => {
    const dir = leaky();
    writeFileSync(join(dir, "some.txt"), text);
    const { code, stderr } = await leaksweep(["import", "some.txt"], { cwd: dir });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("some.txt: Cannot read foreign file"),
    });
    expect(stderr).toContain(".gitleaksignore");
  });

  it("says which lines of an ignore file mean nothing", async () => {
    const dir = leaky();
    writeFileSync(join(dir, ".gitleaksignore"), "# ours\na.env:github-pat:2\nnonsense\n");
    const { code, stderr } = await leaksweep(["import", ".gitleaksignore"], { cwd: dir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(".gitleaksignore:3: this line is") });
  });

  it("writes no line of the baseline where the rule file is in the way", async () => {
    const dir = leaky();
    const text = "[[rules]]\nid = 'own'\nregex = '''own-([a-z]{12})'''\n[[allowlists]]\nregexes = ['''^ghp_''']\n";
    writeFileSync(join(dir, ".gitleaks.toml"), text);
    mkdirSync(join(dir, "leaksweep-rules"));
    writeFileSync(join(dir, "leaksweep-rules/gitleaks.yml"), "[]\n");
    expect((await leaksweep(["import", ".gitleaks.toml"], { cwd: dir })).code).toBe(2);
    expect(existsSync(join(dir, ".leaksweep-baseline"))).toBe(false);
  });

  it("names the rules that were disabled as a setting", async () => {
    const dir = leaky();
    writeFileSync(join(dir, ".gitleaks.toml"), "[extend]\nuseDefault = true\ndisabledRules = ['github-pat']\n");
    const { stdout } = await leaksweep(["import", ".gitleaks.toml"], { cwd: dir });
    expect(stdout).toContain("rules: { disable: [github.pat-classic] }");
  });

  it("writes rules that rules check has nothing against", async () => {
    const dir = leaky();
    const rules = [
      "id = 'context'\nregex = '''(?i)acme[ \\t\\w.-]{0,20}=[\"' ]{0,3}([a-f0-9]{32})(?:[\\s;]|$)'''\nentropy = 3.0",
      "id = 'ours-too'\nregex = '''gh¦p_[0-9a-zA-Z]{36}'''\nentropy = 3",
      "id = 'id'\nregex = '''acme-id-([0-9]{12})'''",
      "id = 'pair'\nregex = '''acme-key-([0-9a-z]{24})'''\n[[rules.required]]\nid = 'id'\nwithinLines = 5",
    ];
    writeFileSync(join(dir, ".gitleaks.toml"), whole(rules.map((rule) => `[[rules]]\n${rule}\n`).join("")));
    expect((await leaksweep(["import", ".gitleaks.toml"], { cwd: dir })).code).toBe(0);
    const { stdout, code } = await leaksweep(["rules", "check", "leaksweep-rules"], { cwd: dir });
    expect({ stdout, code }).toEqual({ code: 0, stdout: expect.stringContaining("4 rules checked: no faults") });
  });
});
