/**
 * The entry point of the GitHub Action, started as `action.yml` starts it, with the payload of each event in the fresh
 * clone that `actions/checkout` makes for it: one commit deep, HEAD where GitHub puts it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { sh, whole } from "../kit.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const root = resolve(import.meta.dirname, "../..");

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
  };
}

const action: ActionFile = parse(readFileSync(join(root, "action.yml"), "utf8"));

let work = "";
/** Ids of the commits that payloads speak of. */
let ids: Readonly<Record<string, string>> = {};

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "leaksweep-test-"));
  // `main` has an old secret, `work` adds one, the merges are GitHub's own, `lost` is what a forced push left behind.
  sh(
    work,
    `
    git init -q -b main origin && cd origin && git config uploadpack.allowAnySHA1InWant true
    echo 'OLD=gh¦p_Kq7Wm2Xv9Tz4Rb6Nc8Yd3Pf5Hg1JsL1SVHBN' > old.env && commit old
    git checkout -q -b work && echo 1 > one && commit one && git tag before
    echo 'NEW=${token}' > new.env && commit new && git tag -a v2 -m two
    git checkout -q --detach main && git merge -q --no-ff --no-edit work && git tag merge
    git update-ref refs/pull/7/merge HEAD && git update-ref refs/pull/7/head work
    git checkout -q --detach before && echo lost > lost && commit lost && git tag lost && git checkout -q main`,
  );
  const id = (name: string): string => sh(join(work, "origin"), `git rev-parse ${name}`);
  const names = { main: "main", work: "work", before: "before", merge: "merge", lost: "lost", tag: "v2" };
  ids = Object.fromEntries(Object.entries(names).map(([name, ref]) => [name, id(ref)]));
  sh(join(work, "origin"), "git tag -d before merge lost >/dev/null");
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A checkout of one commit, as `actions/checkout` makes it without options. */
function checkout(ref: string): string {
  const dir = mkdtempSync(join(work, "checkout-"));
  sh(
    dir,
    `git init -q -b main && git remote add origin "file://${work}/origin"
    git fetch -q --no-tags --depth=1 origin '${ref}' && git checkout -q FETCH_HEAD`,
  );
  return dir;
}

interface Outcome {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

function run(
  dir: string,
  {
    name,
    payload = name,
    env = {},
    inputs = {},
  }: {
    name: string;
    payload?: string;
    env?: Record<string, string>;
    inputs?: Record<string, string>;
  },
): Promise<Outcome> {
  const event = readFileSync(join(root, `fixtures/ci/github/${payload}.json`), "utf8");
  const at = (file: string): string => join(dir, "..", `${file}-${Math.random()}`);
  const [path, summary, output] = [at("event"), at("summary"), at("output")];
  writeFileSync(
    path,
    event.replace(/\{\{(\w+)\}\}/g, (_, word: string) => ids[word] ?? "?"),
  );
  for (const file of [summary, output]) writeFileSync(file, "");
  const defaults = Object.fromEntries(Object.entries(action.inputs).map(([key, input]) => [key, input.default ?? ""]));
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, "action/main.js")], {
      cwd: dir,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: "/nonexistent",
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: name,
        GITHUB_EVENT_PATH: path,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: output,
        LEAKSWEEP_INPUTS: JSON.stringify({ ...defaults, ...inputs }),
        ...env,
      },
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (log += part));
    child.on("error", fail);
    child.on("close", (code) => {
      const lines = readFileSync(output, "utf8").trimEnd().split("\n");
      const outputs = Object.fromEntries(lines.map((line) => line.split("=", 2)));
      done({ code, log, summary: readFileSync(summary, "utf8"), outputs });
    });
  });
}

describe("the action", () => {
  it.each<[string, string, string, string]>([
    ["a push", "push", "push", "refs/heads/work"],
    ["the first push of a branch", "push", "push-new-branch", "refs/heads/work"],
    ["a forced push", "push", "push-forced", "refs/heads/work"],
    ["a pushed tag", "push", "push-tag", "refs/tags/v2"],
    ["a pull request", "pull_request", "pull_request", "refs/pull/7/merge"],
    ["a pull request of a fork", "pull_request", "pull_request-fork", "refs/pull/7/merge"],
    ["a pull request on its target's side", "pull_request_target", "pull_request_target", "refs/heads/main"],
    ["a merge queue", "merge_group", "merge_group", "refs/pull/7/merge"],
    ["a release", "release", "release", "refs/tags/v2"],
  ])("fails for what %s adds, and for nothing older", async (_, name, payload, ref) => {
    const env = { GITHUB_REF: ref, GITHUB_SHA: ids[name === "release" ? "work" : "merge"] ?? "" };
    const { code, log, summary, outputs } = await run(checkout(ref), { name, payload, env });
    expect(log).toContain("1 new finding (1 critical).");
    expect(code).toBe(1);
    expect(log).toMatch(/^::error file=new\.env,line=1,/m);
    expect(summary).toContain("`new.env:1:5`");
    expect(log + summary).not.toContain("old.env");
    expect(log + summary).not.toContain(token);
    expect(outputs).toMatchObject({ findings: "1", complete: "true", "exit-code": "1" });
    const sarif = JSON.parse(readFileSync(outputs.sarif ?? "", "utf8"));
    expect(sarif.runs[0].results.filter(({ suppressions }: { suppressions?: object }) => !suppressions)).toHaveLength(
      1,
    );
  });

  it.each([
    ["a timer", "schedule"],
    ["a person", "workflow_dispatch"],
  ])("reads everything for %s", async (_, name) => {
    const { code, log, outputs } = await run(checkout("refs/heads/main"), { name });
    expect(log).toContain("old.env:1:5");
    expect([code, outputs.complete]).toEqual([1, "true"]);
  });

  it("has nothing to do when a branch was deleted", async () => {
    const { code, log } = await run(checkout("refs/heads/main"), { name: "push", payload: "push-deleted" });
    expect([code, log]).toEqual([0, "leaksweep: a branch or tag was deleted, so there is nothing to judge\n"]);
  });

  it("says what a shallow checkout lacks when it may not fetch", async () => {
    const inputs = { fetch: "false" };
    const { code, log } = await run(checkout("refs/pull/7/merge"), { name: "pull_request", inputs });
    expect(code).toBe(2);
    expect(log).toContain("fetch-depth: 0");
  });

  it("only reports when asked to", async () => {
    const inputs = { "report-only": "true" };
    const { code, outputs } = await run(checkout("refs/pull/7/merge"), { name: "pull_request", inputs });
    expect([code, outputs.findings]).toEqual([0, "1"]);
  });

  it.each([
    ["fetch", "yes"],
    ["fail-on", "critical"],
    ["base", "--upload-pack=evil"],
    ["version", "1.2.3 && evil"],
  ])("refuses %s: %s", async (input, value) => {
    const { code, log } = await run(checkout("refs/heads/main"), { name: "push", inputs: { [input]: value } });
    expect(code).toBe(2);
    expect(log).toMatch(new RegExp(`^::error title=leaksweep::The input "${input}" must be`));
  });
});

describe("action.yml", () => {
  it("says what each input is, and hands none to a shell", () => {
    for (const { description } of Object.values(action.inputs)) expect(description.length).toBeGreaterThan(10);
    const scripts = action.runs.steps.map(({ run = "" }) => run).join("\n");
    expect(scripts).not.toContain("${{");
    expect(scripts).toContain('node "$LEAKSWEEP_ACTION/action/main.js"');
  });

  it("needs no Docker", () => {
    expect(action.runs.using).toBe("composite");
    expect(action.runs.steps.map(({ uses }) => uses?.split("@")[0])).toEqual([
      "actions/setup-node",
      undefined,
      "github/codeql-action/upload-sarif",
    ]);
  });
});
