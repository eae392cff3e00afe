import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ciCommand, recipesFor } from "../../src/gate/ci/recipes.ts";
import { calmEnv, leaksweep, story, tempDir, whole } from "../kit.ts";

const leaked = `git init -q -b main
echo 'one = gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ' > deploy.sh
commit one`;

const status = (dir: string): string =>
  execFileSync("git", ["status", "--short", "--untracked-files=all"], { cwd: dir, env: calmEnv, encoding: "utf8" });

const init = (dir: string, ...flags: string[]) => leaksweep(["init", ...flags], { cwd: dir });

describe("init", () => {
  it("writes config, hooks, the CI file of the forge and a baseline, after which the repository is clean", async () => {
    const dir = story(`${leaked}\ngit remote add origin git@github.com:acme/app.git`);
    const { code, stdout } = await init(dir);
    expect(code).toBe(0);
    expect(stdout).toContain("config       leaksweep.yml written\n");
    expect(stdout).toContain("pre-push     installed: .git/hooks/pre-push\n");
    expect(stdout).toContain("ci           .github/workflows/leaksweep.yml written (GitHub Actions)\n");
    expect(stdout).toContain(".leaksweep-baseline: 1 accepted, 1 added, 0 taken out\n");
    expect(status(dir)).toBe("?? .github/workflows/leaksweep.yml\n?? .leaksweep-baseline\n?? leaksweep.yml\n");
    expect(await leaksweep(["scan", dir])).toMatchObject({ code: 0 });
  });

  it("says with --dry-run what it would do, and does nothing", async () => {
    const dir = story(`${leaked}\ngit remote add origin https://github.com/acme/app`);
    const { code, stdout } = await init(dir, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("leaksweep.yml would be written");
    expect(stdout).toContain("would be installed: .git/hooks/pre-push");
    expect(stdout).toContain("(not written)");
    expect(status(dir)).toBe("");
    expect(existsSync(join(dir, ".git/hooks/pre-push"))).toBe(false);
  });

  it("changes nothing that is there, and nothing when it is run again", async () => {
    const dir = story(`${leaked}\ngit remote add origin git@gitlab.example.org:acme/app.git`);
    const mine = "build: { script: make }\n";
    writeFileSync(join(dir, ".gitlab-ci.yml"), mine);
    writeFileSync(join(dir, "leaksweep.yml"), "fail-on: high\n");
    const first = await init(dir);
    expect(first.stdout).toContain("config       leaksweep.yml is there\n");
    expect(first.stdout).toContain("ci           .gitlab-ci.yml is yours (GitLab CI); what it needs is in this one:\n");
    expect(first.stdout).toContain("    leaksweep:\n      image: node:24\n");
    const before = status(dir);
    const baseline = readFileSync(join(dir, ".leaksweep-baseline"), "utf8");
    const second = await init(dir);
    expect(second.stdout).toContain("baseline     .leaksweep-baseline is there\n");
    expect(status(dir)).toBe(before);
    expect(readFileSync(join(dir, ".leaksweep-baseline"), "utf8")).toBe(baseline);
    expect(readFileSync(join(dir, ".gitlab-ci.yml"), "utf8")).toBe(mine);
    expect(readFileSync(join(dir, "leaksweep.yml"), "utf8")).toBe("fail-on: high\n");
  });

  it("installs the server's hook in a bare repository, and nothing else", async () => {
    const dir = join(tempDir(), "bare.git");
    execFileSync("git", ["init", "-q", "--bare", dir], { env: calmEnv });
    const { code, stdout } = await init(dir);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^pre-receive {2}installed: /);
  });

  it("has nothing to set up where no repository is", async () => {
    const { code, stderr } = await init(tempDir());
    expect(code).toBe(2);
    expect(stderr).toContain("there is none");
  });
});

describe("CI recipes", () => {
  const pages: Readonly<Record<string, string>> = {
    "GitLab CI": "gitlab",
    "Azure Pipelines": "azure",
    "Bitbucket Pipelines": "bitbucket",
    CircleCI: "circleci",
    Jenkins: "jenkins",
    Drone: "drone",
    "Travis CI": "travis",
    Buildkite: "buildkite",
  };

  it.each(Object.entries(pages))("of %s are those of its page", (name, page) => {
    const [recipe] = recipesFor({ has: () => true, hosts: [] }).filter((one) => one.name === name);
    const text = readFileSync(`docs/ci/${page}.md`, "utf8");
    expect(text).toContain(`\n${recipe?.text(ciCommand("0.1.0"))}\`\`\``);
  });

  it("follow the files that are there before the host", () => {
    const dir = tempDir();
    const path = join(dir, ".circleci/config.yml");
    mkdirSync(dirname(path));
    writeFileSync(path, whole("version: 2.1\n"));
    const has = (sign: string): boolean => existsSync(join(dir, sign));
    expect(recipesFor({ has, hosts: ["github.com"] }).map(({ name }) => name)).toEqual(["CircleCI"]);
    expect(recipesFor({ has: () => false, hosts: ["bitbucket.org"] }).map(({ name }) => name)).toEqual([
      "Bitbucket Pipelines",
    ]);
  });
});
