/** Files and comments of other scanners, beside the target, mean in a scan of ours what they mean there. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, story, whole } from "../kit.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const leaky = () => story(`git init -q -b main\nprintf 'x\\none = ${token}\\n' > a.env\ncommit one`);

interface Told {
  readonly rule: string;
  readonly verdict: string;
  readonly verdictReason: string | null;
}

async function scanned(dir: string, ...args: string[]): Promise<Told[]> {
  const { stdout, stderr } = await leaksweep(["scan", dir, "-f", "json", ...args]);
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as { findings: Told[] }).findings.map(({ rule, verdict, verdictReason }) => ({
    rule,
    verdict,
    verdictReason,
  }));
}

/** A scan of the leaky repository with one more file in it. */
async function withFile(name: string, text: string, ...args: string[]): Promise<Told[]> {
  const dir = leaky();
  writeFileSync(join(dir, name), text);
  return scanned(dir, ...args);
}

const sha = (name: string): string => createHash(name).update(token).digest("hex");
const allowlist = (body: string): string => `[extend]\nuseDefault = true\n[[allowlists]]\n${body}\n`;

describe("a secret is allowed", () => {
  it.each([
    ["by the path in an allowlist", ".gitleaks.toml", allowlist("paths = ['''\\.env$''']")],
    ["by its line", ".gitleaks.toml", allowlist("regexTarget = 'line'\nregexes = ['''^\\s*one = ''']")],
    ["by a stopword", ".gitleaks.toml", allowlist("stopwords = ['hemfts', 'HMFTSVLX']")],
    [
      "where both criteria hold",
      ".gitleaks.toml",
      allowlist("condition = 'AND'\npaths = ['env']\nstopwords = ['ghp_']"),
    ],
    [
      "by the allowlist of a default rule",
      ".gitleaks.toml",
      "[extend]\nuseDefault = true\n[[rules]]\nid = 'github-pat'\n[[rules.allowlists]]\npaths = ['''a\\.env''']",
    ],
    ["by .gitleaksignore", ".gitleaksignore", "a.env:github-pat:2\n"],
    ["by .betterleaksignore", ".betterleaksignore", `${sha("sha256")}\n`],
    [
      "by a filter of betterleaks",
      ".betterleaks.toml",
      `filter = '''filter.entropy(finding["secret"]) > 1.0 && attributes[?"path"].orValue("").endsWith(".env")'''`,
    ],
    [
      "by a filter of its second version",
      ".betterleaks.toml",
      "filter = 'entropy(finding.secret) > 1 && matchesAny(attributes.path, [`^a`])'",
    ],
    [
      "by the baseline of detect-secrets",
      ".secrets.baseline",
      JSON.stringify({
        version: "1.5.0",
        results: { "a.env": [{ type: "GitHub Token", hashed_secret: sha("sha1"), line_number: 99 }] },
      }),
    ],
  ])("%s", async (_, name, text) => {
    expect(await withFile(name, text)).toEqual([
      { rule: "github.pat-classic", verdict: "allowed", verdictReason: expect.stringContaining(name) },
    ]);
    expect(await withFile(name, text, "--no-foreign")).toMatchObject([{ verdict: "new" }]);
  });

  it.each(["gitleaks:allow", "trufflehog:ignore", "pragma: allowlist secret"])("by the comment %s", async (word) => {
    const dir = story(`git init -q -b main\nprintf 'one = "${token}" # ${word}\\n' > a.env\ncommit one`);
    expect(await scanned(dir)).toMatchObject([
      { verdict: "allowed", verdictReason: expect.stringContaining(word.split(":")[0] ?? "") },
    ]);
  });

  it.each([
    [
      "a report of gitleaks that tells the secret",
      [{ RuleID: "github-pat", File: "a.env", StartLine: 77, Secret: token }],
    ],
    ["a redacted one, by its line", [{ RuleID: "github-pat", File: "a.env", StartLine: 2, Secret: "REDACTED" }]],
  ])("by %s", async (_, rows) => {
    const dir = leaky();
    const report = join(dir, "old.json");
    writeFileSync(report, JSON.stringify(rows));
    expect(await scanned(dir, "--baseline", report)).toMatchObject([{ verdict: "allowed" }]);
  });
});

describe("a secret is not allowed", () => {
  it.each([
    [
      "where only one of two criteria holds",
      ".gitleaks.toml",
      allowlist("condition = 'AND'\npaths = ['env']\nstopwords = ['zzzz']"),
    ],
    [
      "by the allowlist of another provider's rule",
      ".gitleaks.toml",
      "[extend]\nuseDefault = true\n[[rules]]\nid = 'gitlab-pat'\n[[rules.allowlists]]\npaths = ['env']",
    ],
    ["by another line of .gitleaksignore", ".gitleaksignore", "a.env:github-pat:1\n"],
    ["by another provider's line", ".gitleaksignore", "a.env:slack-bot-token:2\n"],
    [
      "by a filter that asks what nobody knows here",
      ".betterleaks.toml",
      "filter = 'failsTokenEfficiency(finding.secret) || false'",
    ],
    [
      "in a file that its baseline does not name",
      ".secrets.baseline",
      JSON.stringify({ results: { "b.env": [{ type: "x", hashed_secret: sha("sha1") }] } }),
    ],
  ])("%s", async (_, name, text) => {
    expect(await withFile(name, text)).toMatchObject([{ verdict: "new" }]);
  });
});

it("rules of other scanners look as well, and ours know better what both find", async () => {
  const config =
    "[[rules]]\nid = 'one'\ndescription = 'One of theirs'\nregex = '''one = (\\w+)'''\n[[rules]]\nid = 'x'\nregex = '''^x$'''\n";
  const dir = leaky();
  writeFileSync(join(dir, "b.txt"), "one = hello1234\n");
  writeFileSync(join(dir, ".gitleaks.toml"), config);
  expect(await scanned(dir)).toMatchObject([{ rule: "github.pat-classic" }, { rule: "gitleaks.one", verdict: "new" }]);
});

it("what lies in packs is found and allowed as when every version is looked at whole", async () => {
  const dir = leaky();
  const setting = 'one = "gh¦p_1lFcMhFVGwcPBVqeNmmdcDF1gTIuiD2OqR7L" # gitleaks:allow';
  sh(
    dir,
    `for i in $(seq 60); do echo "line $i" >> long; git add -A; git commit -q -m "$i"; done
    echo '${setting}' >> long; git add -A; git commit -q -m allowed; echo more >> long; git commit -qam more; git gc -q`,
  );
  writeFileSync(join(dir, ".gitleaksignore"), "a.env:github-pat:2\n");
  const results = [];
  for (const flags of [[], ["--full-blobs"]]) {
    const { stdout } = await leaksweep(["git", ".", "--no-cache", "--min-confidence", "low", "-f", "json", ...flags], {
      cwd: dir,
    });
    const { tally: _tally, ...result } = JSON.parse(stdout);
    results.push(result);
  }
  expect(results[0]).toEqual(results[1]);
  expect(results[0].findings.map(({ verdict }: { verdict: string }) => verdict)).toEqual(["allowed", "allowed"]);
});

it.each([
  ["broken TOML", ".gitleaks.toml", "[[rules]\n", ".gitleaks.toml:1:"],
  [
    "a wrong pattern",
    ".gitleaks.toml",
    "\n[[rules]]\nid='a'\nregex='(?<=x)y'\n",
    ".gitleaks.toml:2: Cannot read foreign file: a pattern is wrong",
  ],
  ["an empty allowlist", ".gitleaks.toml", "[[allowlists]]\ndescription='x'\n", "an allowlist checks nothing"],
  ["no JSON", ".secrets.baseline", "{", "it is no JSON"],
])("%s is told with its place", async (_, name, text, message) => {
  const dir = leaky();
  writeFileSync(join(dir, name), text);
  const { code, stderr } = await leaksweep(["scan", "."], { cwd: dir });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});
