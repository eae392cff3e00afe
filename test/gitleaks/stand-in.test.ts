/** Where gitleaks would use the rules that come with it, ours stand in: under the ids that people know from there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultIds } from "../../src/foreign/default-ids.ts";
import type { Row } from "../../src/foreign/row.ts";
import { builtinShelf } from "../../src/rules/builtin.ts";
import { leaksweep, story, tempDir, whole } from "../kit.ts";

const github = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const slack = whole("xo¦xb-263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1");
const leaky = (): string =>
  story(`git init -q -b main\nprintf 'x\\none = ${github}\\n' > a.env\nprintf 'bot = ${slack}\\n' > b.env\ncommit one`);

interface Seen {
  readonly rows: readonly Pick<Row, "RuleID" | "File" | "Commit" | "Fingerprint">[];
  readonly code: number | null;
  readonly stderr: string;
}

async function seen(dir: string, ...args: string[]): Promise<Seen> {
  const { stdout, stderr, code } = await leaksweep(["gitleaks", "git", ".", "-f", "json", "-r", "-", ...args], {
    cwd: dir,
  });
  return { rows: stdout === "" ? [] : JSON.parse(stdout), stderr, code };
}

const idsIn = ({ rows }: Seen): readonly string[] => rows.map(({ RuleID }) => RuleID);
const config = (dir: string, text: string): void => writeFileSync(join(dir, ".gitleaks.toml"), text);

it("the table of ids names rules of ours that exist", () => {
  const ours = new Set(
    builtinShelf()
      .rules.all()
      .map(({ id }) => id),
  );
  const missing = Object.values(defaultIds).flatMap((ids) => ids.filter((id) => !ours.has(id)));
  expect(missing).toEqual([]);
});

it("SARIF names the rules that stand in, under the ids of its results, and no others", async () => {
  const sarif = async (dir: string, ...args: string[]) => {
    const flags = ["gitleaks", "git", ".", "-f", "sarif", "-r", "-", ...args];
    const [run] = JSON.parse((await leaksweep(flags, { cwd: dir })).stdout).runs;
    const ids: string[] = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    return { ids, found: run.results.map(({ ruleId }: { ruleId: string }) => ruleId) as string[] };
  };
  const dir = leaky();
  const { ids, found } = await sarif(dir);
  expect(found).toEqual(["github-pat", "slack-bot-token"]);
  expect(ids).toEqual(expect.arrayContaining([...found, "generic-api-key"]));
  expect(new Set(ids).size).toBe(ids.length);
  config(dir, "[extend]\nuseDefault = true\ndisabledRules = ['slack-bot-token']\n[[rules]]\nid = 'own'\nregex = 'x'\n");
  const changed = await sarif(dir);
  expect(changed.ids[0]).toBe("own");
  expect(changed.ids).toContain("github-pat");
  expect(changed.ids).not.toContain("slack-bot-token");
  expect((await sarif(dir, "--enable-rule", "github-pat")).ids).toEqual(["own", "github-pat"]);
});

describe("without a config, a finding of ours", () => {
  it("has the id that gitleaks knows it by, and its fingerprint too", async () => {
    const found = await seen(leaky());
    expect(idsIn(found)).toEqual(["github-pat", "slack-bot-token"]);
    expect(found.rows[0]?.Fingerprint).toBe(`${found.rows[0]?.Commit}:a.env:github-pat:2`);
  });

  it.each([
    ["and tells the secrets", { Secret: github, Match: github }],
    ["and is redacted", { Secret: "REDACTED", Match: "REDACTED" }],
  ])("is left out by a baseline that gitleaks made with its own rules, %s", async (_, told) => {
    const dir = leaky();
    const [first] = (await seen(dir)).rows;
    const old = { ...first, Description: "Words of theirs", StartColumn: 9, Entropy: 1, ...told };
    const report = join(tempDir(), "old.json");
    writeFileSync(report, JSON.stringify([old]));
    expect(idsIn(await seen(dir, "-b", report))).toEqual(["slack-bot-token"]);
    writeFileSync(report, JSON.stringify([{ ...old, Commit: "f".repeat(40) }]));
    expect(idsIn(await seen(dir, "-b", report))).toEqual(["github-pat", "slack-bot-token"]);
    writeFileSync(report, JSON.stringify([{ ...old, Secret: slack, Match: slack }]));
    expect(idsIn(await seen(dir, "-b", report))).toEqual(["github-pat", "slack-bot-token"]);
  });

  it("is left out by its fingerprint in .gitleaksignore, and not by that of another rule", async () => {
    const dir = leaky();
    writeFileSync(join(dir, ".gitleaksignore"), "a.env:github-pat:2\nb.env:slack-user-token:1\n");
    expect(idsIn(await seen(dir))).toEqual(["slack-bot-token"]);
  });

  it("is the only one that --enable-rule asks for", async () => {
    expect(idsIn(await seen(leaky(), "--enable-rule", "slack-bot-token"))).toEqual(["slack-bot-token"]);
  });

  it.each([
    ["is nowhere known", "slak-bot-token", "there is no rule of that id"],
    ["nothing stands in for", "kubernetes-secret-yaml", "name a copy of gitleaks' config"],
  ])("is not looked for at all where --enable-rule asks for an id that %s", async (_, id, words) => {
    expect(await seen(leaky(), "--enable-rule", id)).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
  });
});

describe("a config with useDefault", () => {
  it("switches off what it disables, and an id that is no rule is said", async () => {
    const dir = leaky();
    const change = "[[rules]]\nid = 'slck'\n[[rules.allowlists]]\npaths = ['x']\n";
    config(dir, `[extend]\nuseDefault = true\ndisabledRules = ["github-pat", "gitub-pat"]\n${change}`);
    const found = await seen(dir);
    expect(idsIn(found)).toEqual(["slack-bot-token"]);
    expect(found.stderr).toContain('disabledRules: gitleaks comes with no rule "gitub-pat"');
    expect(found.stderr).toContain('.gitleaks.toml:4: gitleaks comes with no rule "slck"');
    expect(found.stderr).not.toContain('"github-pat"');
  });

  it("puts its own regex in the place of a default rule's", async () => {
    const dir = leaky();
    config(dir, "[extend]\nuseDefault = true\n[[rules]]\nid = 'github-pat'\nregex = '''(?m)^x$'''\n");
    expect(idsIn(await seen(dir))).toEqual(["github-pat", "slack-bot-token"]);
    expect((await seen(dir)).rows[0]).toMatchObject({ File: "a.env", StartLine: 1 });
  });

  it("asks for rules of both kinds, or of one", async () => {
    const dir = leaky();
    config(dir, "[extend]\nuseDefault = true\n[[rules]]\nid = 'own'\nregex = '''(?m)^(x)$'''\n");
    expect(idsIn(await seen(dir, "--enable-rule", "own,github-pat"))).toEqual(["own", "github-pat"]);
    expect(idsIn(await seen(dir, "--enable-rule", "own"))).toEqual(["own"]);
    expect(idsIn(await seen(dir, "--enable-rule", "github-pat"))).toEqual(["github-pat"]);
  });

  it.each([
    ["path", "path = '''b\\.env$'''"],
    ["entropy", "entropy = 5.9"],
  ])("narrows a default rule by its %s, and makes no other of it", async (_, narrowing) => {
    const dir = leaky();
    config(dir, `[extend]\nuseDefault = true\n[[rules]]\nid = 'github-pat'\n${narrowing}\n`);
    expect(idsIn(await seen(dir))).toEqual(["slack-bot-token"]);
    const { stdout } = await leaksweep(["scan", dir, "-f", "json"]);
    expect(JSON.parse(stdout).findings.map(({ verdict }: { verdict: string }) => verdict)).toEqual(["new", "new"]);
  });

  it("leaves a default rule as it is where its path fits, and looks at paths by rules that it adds", async () => {
    const dir = leaky();
    config(
      dir,
      "[extend]\nuseDefault = true\n[[rules]]\nid = 'github-pat'\npath = 'env'\n[[rules]]\nid = 'b'\npath = 'b'\n",
    );
    expect([...idsIn(await seen(dir))].sort()).toEqual(["b", "github-pat", "slack-bot-token"]);
  });
});
