import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, type Ran, sh, story, whole } from "../kit.ts";

const token = "gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ";
const other = "gh¦p_Kq7Wm2Xv9Tz4Rb6Nc8Yd3Pf5Hg1JsL1SVHBN";

/**
 * The checkout of a CI run: `origin` has main, with an old secret, and work, which `then` builds on it; the checkout
 * stands at work, detached.
 */
const checkout = (then: string): string =>
  story(`
    git init -q -b main ../origin && cd ../origin && git config uploadpack.allowAnySHA1InWant true
    echo 'OLD=${other}' > old.env && commit old && git checkout -q -b work
    ${then}
    cd ../repo && git init -q -b main && git remote add origin "file://$PWD/../origin"
    git fetch -q --tags origin '+refs/heads/*:refs/remotes/origin/*' && git remote set-head origin main
    git checkout -q --detach origin/work`);

const id = (dir: string, name: string): string => sh(dir, `git rev-parse ${name}`);

/** Runs in the environment of a GitHub Actions job; what it appends to comes back as well. */
async function actions(dir: string, name: string, payload: object, args: readonly string[] = []) {
  const at = (file: string): string => join(dir, "..", file);
  writeFileSync(at("event.json"), JSON.stringify(payload));
  for (const file of ["summary.md", "output"]) writeFileSync(at(file), "");
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: at("event.json"),
    GITHUB_STEP_SUMMARY: at("summary.md"),
    GITHUB_OUTPUT: at("output"),
  };
  const ran = await leaksweep(["ci", ...args], { cwd: dir, env });
  return { ...ran, summary: readFileSync(at("summary.md"), "utf8"), output: readFileSync(at("output"), "utf8") };
}

const pull = (dir: string): object => ({
  number: 7,
  pull_request: {
    number: 7,
    base: { ref: "main", sha: id(dir, "origin/main"), repo: { full_name: "acme/app" } },
    head: { ref: "work", sha: id(dir, "origin/work"), repo: { full_name: "ann/app" } },
  },
});

describe("ci on a pull request", () => {
  it("fails for what the request adds, and only for that", async () => {
    const dir = checkout(`echo 'NEW=${token}' > new.env && commit new`);
    const { code, stdout, summary, output } = await actions(dir, "pull_request", pull(dir));
    expect(code).toBe(1);
    expect(stdout).toContain("1 new finding (1 critical).");
    expect(stdout).toMatch(/^::error file=new\.env,line=1,/m);
    expect(stdout).not.toContain("old.env");
    expect(summary).toMatch(/^## ❌ leaksweep: 1 new finding/);
    expect(output).toBe("findings=1\ncomplete=true\nexit-code=1\n");
    for (const text of [stdout, summary]) expect(text).not.toContain(whole(token));
  });

  it("passes when it adds nothing, though its target has secrets", async () => {
    const dir = checkout("mkdir b && git mv old.env b/old.env && echo x > x && commit move");
    const { code, stdout, summary } = await actions(dir, "pull_request", pull(dir));
    expect(stdout).toContain("Clean:");
    expect(code).toBe(0);
    expect(summary).toMatch(/^## ✅ leaksweep: Clean/);
  });

  it.each([
    ["a comment", `echo 'NEW=${token} # leaksweep:allow a sample' > new.env`, "allowed by this change: a sample"],
    [
      "a config",
      `echo 'NEW=${token}' > new.env && printf 'exclude: [new.env]\\n' > leaksweep.yml`,
      "its config leaves it out",
    ],
    [
      "a config that takes the rule away",
      `echo 'NEW=${token}' > new.env && printf 'rules: {disable: ["github.*"]}\\n' > .leaksweep.yml`,
      "its config leaves it out",
    ],
  ])("is not talked out of a finding by %s of its own, and says so", async (_, change, said) => {
    const dir = checkout(`${change} && commit new`);
    const { code, stdout } = await actions(dir, "pull_request", pull(dir));
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, " ")).toContain(said);
    expect((await actions(dir, "pull_request", pull(dir), ["--trust-target"])).code).toBe(0);
  });

  describe("whose flags name files of the checkout", () => {
    const allowed = "ls1:blul4ydtnsjslwoh73nlyomk github.pat-classic allowed # made up";
    const leak = `echo 'NEW=${token}' > new.env && mkdir -p ci`;

    it.each([
      ["a baseline", "--baseline", "ci/base", `echo '${allowed}' > ci/base`],
      ["a config", "--config", "ci/c.yml", "echo 'exclude: [new.env]' > ci/c.yml"],
      ["a config behind a link", "--config", "link.yml", "echo 'exclude: [new.env]' > c.yml; ln -s c.yml link.yml"],
      ["a baseline in a linked folder", "--baseline", "l/base", `echo '${allowed}' > ci/base; ln -s ci l`],
    ])("reads them on the base side: %s of the request does not count", async (_, flag, path, write) => {
      const dir = checkout(`${leak} && ${write} && commit new`);
      const { code, stdout, stderr } = await actions(dir, "pull_request", pull(dir), [flag, path]);
      expect(code).toBe(1);
      expect(stdout).toContain("allowed by this change");
      expect(stderr).toContain(`${path} is not on the base side, so it does not count`);
      expect((await actions(dir, "pull_request", pull(dir), [flag, path, "--trust-target"])).code).toBe(0);
    });

    it("reads them on the base side, whatever the request makes of them", async () => {
      const dir = checkout(`
        git checkout -q main && mkdir ci && echo '${allowed}' > ci/base && commit base && git checkout -q work
        git merge -q --no-edit main && ${leak} && echo > ci/base && commit new`);
      expect((await actions(dir, "pull_request", pull(dir), ["--baseline", "ci/base"])).code).toBe(0);
    });

    it("takes what is outside, or not of the request, as it lies", async () => {
      const dir = checkout(`${leak} && commit new`);
      sh(dir, `mkdir tools; echo '${allowed}' | tee tools/base > ../base`);
      for (const path of ["../base", join(dir, "../base"), "tools/base"]) {
        expect((await actions(dir, "pull_request", pull(dir), ["--baseline", path])).code, path).toBe(0);
      }
      const { code, stderr } = await actions(dir, "pull_request", pull(dir), ["--baseline", "ci/none"]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("there is no such file")]);
    });

    it("does not add rules of the request's own making, which could take the place of others", async () => {
      const dir = checkout(`${leak} && echo 'no rules' > ci/rules.yml && commit new`);
      const { code, stderr } = await actions(dir, "pull_request", pull(dir), ["--rules", "ci/rules.yml"]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("ci/rules.yml is not on the base side")]);
    });
  });

  it("fails for its finding, though its own config cannot be read", async () => {
    const dir = checkout(`echo 'NEW=${token}' > new.env && echo 'exclude: {' > leaksweep.yml && commit new`);
    const { code, stdout } = await actions(dir, "pull_request", pull(dir));
    expect([code, stdout]).toEqual([1, expect.stringContaining("new.env:1:5")]);
  });

  it("takes the word of its target", async () => {
    const dir = checkout(`
      echo 'NEW=${token}' > new.env && commit new && git checkout -q main
      printf 'exclude: [new.env]\\n' > leaksweep.yml && commit config && git checkout -q work`);
    expect((await actions(dir, "pull_request", pull(dir))).code).toBe(0);
  });
});

describe("ci on a push", () => {
  const push = (dir: string, parts: object): object => ({
    ref: "refs/heads/work",
    before: id(dir, "origin/work^"),
    after: id(dir, "origin/work"),
    repository: { default_branch: "main" },
    ...parts,
  });

  it("judges what the push added, and lets its own comments speak", async () => {
    const dir = checkout(`echo 'A=${token} # leaksweep:allow ours' > a.env && commit one && echo b > b && commit two`);
    expect((await actions(dir, "push", push(dir, {}))).code).toBe(0);
    const first = push(dir, { before: "0".repeat(40) });
    expect((await actions(dir, "push", first)).code).toBe(0);
  });

  it("judges a new branch from the main one on", async () => {
    const dir = checkout(`echo 'A=${token}' > a.env && commit one && git rm -q a.env && commit two`);
    const { code, stdout } = await actions(dir, "push", push(dir, { before: "0".repeat(40) }));
    expect(code).toBe(1);
    expect(stdout).toContain("a.env:1:3");
  });

  it("has nothing to judge when a branch was deleted", async () => {
    const dir = checkout("echo b > b && commit b");
    const { code, stderr } = await actions(dir, "push", push(dir, { deleted: true, after: "0".repeat(40) }));
    expect([code, stderr]).toEqual([0, "leaksweep: a branch or tag was deleted, so there is nothing to judge\n"]);
  });
});

describe("ci on a schedule", () => {
  it("reads all of history", async () => {
    const dir = checkout("echo b > b && commit b");
    const { code, stdout } = await actions(dir, "schedule", { schedule: "0 0 * * *" });
    expect(code).toBe(1);
    expect(stdout).toContain("old.env:1:5");
  });
});

describe("ci in a shallow checkout", () => {
  /** As `actions/checkout` makes it by default: one commit, of the merge that GitHub made. */
  const shallow = (): { dir: string; payload: object } => {
    const dir = checkout(`
      echo 'NEW=${token}' > new.env && commit new
      git checkout -q --detach main && git merge -q --no-ff --no-edit work && git update-ref refs/pull/7/merge HEAD
      git checkout -q work`);
    const payload = pull(dir);
    sh(
      dir,
      `rm -rf .git && git init -q -b main && git remote add origin "file://$PWD/../origin" && rm -f *.env
      git fetch -q --depth=1 origin refs/pull/7/merge && git checkout -q FETCH_HEAD`,
    );
    return { dir, payload };
  };

  it("refuses to guess, and says how to check out more", async () => {
    const { dir, payload } = shallow();
    const { code, stdout, stderr } = await actions(dir, "pull_request", payload);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Cannot tell what this run adds");
    expect(stderr).toContain("fetch-depth: 0");
    expect(stderr).toContain("--fetch");
  });

  it.each([
    ["a new branch", "work", () => "0".repeat(40), 0],
    ["a branch", "work", (dir: string) => id(join(dir, "../origin"), "main"), 0],
    ["a new main branch", "main", () => "0".repeat(40), 1],
  ])("refuses to guess for a push to %s, too", async (_, branch, before, whole) => {
    const dir = checkout("echo b > b && commit b");
    const payload = {
      ref: `refs/heads/${branch}`,
      before: before(dir),
      after: id(dir, "origin/work"),
      repository: { default_branch: "main" },
    };
    sh(
      dir,
      `rm -rf .git *.env b && git init -q -b main && git remote add origin "file://$PWD/../origin"
      git fetch -q --depth=1 origin work && git checkout -q FETCH_HEAD`,
    );
    const { code, stdout, stderr } = await actions(dir, "push", payload);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/Cannot tell what this run adds: .*shallow[\s\S]*fetch-depth: 0/);
    expect((await actions(dir, "push", payload, ["--allow-shallow"])).stdout).toContain("old.env:1:5");
    expect((await actions(dir, "push", payload, ["--fetch"])).code).toBe(whole);
  });

  it("fetches what is missing when it may", async () => {
    const { dir, payload } = shallow();
    const { code, stdout, stderr } = await actions(dir, "pull_request", payload, ["--fetch"]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toContain("new.env:1:5");
    expect(stdout).not.toContain("old.env");
  });
});

describe("ci elsewhere", () => {
  const run = (dir: string, env: Record<string, string>, ...args: string[]): Promise<Ran> =>
    leaksweep(["ci", ...args], { cwd: dir, env });

  it("writes GitLab's two reports under the names that GitLab's jobs use", async () => {
    const dir = checkout(`echo 'NEW=${token}' > new.env && commit new`);
    const env = {
      GITLAB_CI: "true",
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_COMMIT_SHA: id(dir, "origin/work"),
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_MERGE_REQUEST_DIFF_BASE_SHA: id(dir, "origin/main"),
    };
    expect((await run(dir, env)).code).toBe(1);
    const read = (file: string) => JSON.parse(readFileSync(join(dir, file), "utf8"));
    expect(read("gl-secret-detection-report.json").vulnerabilities).toHaveLength(1);
    expect(read("gl-code-quality-report.json")).toHaveLength(1);
  });

  it("judges from --base on, without any CI system", async () => {
    const dir = checkout(`echo 'NEW=${token}' > new.env && commit new`);
    const { code, stdout } = await run(dir, {}, "--base", "origin/main", "--report", "sarif=out.sarif");
    expect(code).toBe(1);
    expect(stdout).toContain("new.env:1:5");
    expect(existsSync(join(dir, "out.sarif"))).toBe(true);
  });

  it("takes an empty --base for none, as CI systems fill in what they do not know", async () => {
    const dir = checkout(`echo 'NEW=${token}' > new.env && commit new`);
    const env = { CIRCLECI: "true", CIRCLE_BRANCH: "work", CIRCLE_SHA1: id(dir, "origin/work") };
    const { code, stdout } = await run(dir, env, "--base", "");
    expect(code).toBe(1);
    expect(stdout).not.toContain("old.env");
  });

  it("asks what to judge when nobody says", async () => {
    const { code, stderr } = await run(checkout("echo b > b && commit b"), {});
    expect(code).toBe(2);
    expect(stderr).toContain("--base origin/main");
  });

  it("counts what of its range can't be read, and nothing else", async () => {
    const dir = checkout("echo b > b && commit b");
    sh(
      dir,
      "git cat-file blob HEAD:old.env >/dev/null && rm -f .git/objects/$(git rev-parse HEAD:old.env | sed 's|^..|&/|')",
    );
    expect((await run(dir, {}, "--base", "origin/main")).code).toBe(0);
    sh(dir, "rm -f .git/objects/$(git rev-parse HEAD:b | sed 's|^..|&/|')");
    const { code, stdout } = await run(dir, {}, "--base", "origin/main");
    expect(stdout).toContain("INCOMPLETE");
    expect(code).toBe(3);
  });
});
