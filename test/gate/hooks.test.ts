/** Hooks as `leaksweep hook` writes them, run by git itself. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileOf, hookScript, isOurs } from "../../src/gate/hooks/script.ts";
import { leaksweep, sh, story, tempDir, whole } from "../kit.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");

/** A work tree with a clean commit that its remote has. */
const cloned = (): string =>
  story(
    "git init -q --bare ../r; git init -q -b main; git remote add origin ../r; echo 1 > a; commit one; git push -q origin main",
  );

/** `let` or `stopped`, and what was said. */
const push = (dir: string, script: string): string =>
  sh(dir, `${script}; (git push -q origin main) 2>&1 && echo let || echo stopped`);

const hook = async (dir: string, ...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await leaksweep(["hook", ...words], { cwd: dir });
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};

/** Writes a hook by hand that prints `before` and what git tells it. */
function byHand(dir: string, name = "pre-push"): string {
  const file = join(dir, ".git/hooks", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\necho before; cat; exit $FAIL\n");
  chmodSync(file, 0o755);
  return file;
}

describe("leaksweep hook", () => {
  it("installs, shows and takes away its hooks", async () => {
    const dir = cloned();
    expect(await hook(dir, "install")).toBe(
      "pre-commit   installed: .git/hooks/pre-commit\npre-push     installed: .git/hooks/pre-push\n",
    );
    expect(push(dir, `echo 'key=${token}' > b; git add b; git commit -q --no-verify -m b`)).toMatch(
      /ghp_…\(40\)[\s\S]*stopped$/,
    );
    expect(await hook(dir, "uninstall")).toContain("pre-push     not installed");
    expect(push(dir, "true")).toMatch(/let$/);
  });

  it("runs a hook that was there first, with what git says, and puts it back in the end", async () => {
    const dir = cloned();
    const file = byHand(dir);
    const mine = readFileSync(file, "utf8");
    expect(await hook(dir, "install", "pre-push")).toContain("after the hook that was there");
    await hook(dir, "install", "pre-push"); // twice is once
    expect(push(dir, "echo 2 >> a; commit two")).toMatch(/before\nrefs\/heads\/main [\s\S]*let$/);
    expect(push(dir, "echo 3 >> a; commit three; export FAIL=1")).toMatch(/stopped$/);
    expect(push(dir, `echo 'key=${token}' > b; commit b`)).toMatch(/before\n[\s\S]*stopped$/);
    await hook(dir, "uninstall");
    expect(readFileSync(file, "utf8")).toBe(mine);
  });

  it("goes where core.hooksPath says", async () => {
    const dir = cloned();
    sh(dir, "git config core.hooksPath .githooks");
    expect(await hook(dir, "install", "pre-push")).toContain("installed: .githooks/pre-push");
    expect(push(dir, `echo 'key=${token}' > b; commit b`)).toMatch(/stopped$/);
  });

  it("says so when the folder of hooks is shared by other repositories", async () => {
    const dir = cloned();
    const shared = join(tempDir(), "hooks");
    sh(dir, `git config core.hooksPath ${shared}`);
    const { stderr } = await leaksweep(["hook", "install", "pre-push"], { cwd: dir });
    expect(stderr).toContain("hold for every repository");
    expect(existsSync(join(shared, "pre-push"))).toBe(true);
  });

  it.each<[manager: string, set: string, advice: RegExp]>([
    [
      "husky",
      "mkdir -p .husky/_; git config core.hooksPath .husky/_",
      /add to \.husky\/pre-push:\s+leaksweep push "\$@"/,
    ],
    ["lefthook", "echo > lefthook.yml", /use_stdin: true/],
    ["simple-git-hooks", `echo '{"simple-git-hooks": {}}' > package.json`, /"pre-push": "npx leaksweep push/],
    ["pre-commit", "echo > .pre-commit-config.yaml", /id: leaksweep-push/],
  ])("leaves the hooks of %s to it and says what to add", async (manager, set, advice) => {
    const dir = cloned();
    sh(dir, set);
    const said = await hook(dir, "install", "pre-push");
    expect(said).toContain(`left to ${manager}`);
    expect(said).toMatch(advice);
    expect(existsSync(join(dir, ".git/hooks/pre-push"))).toBe(false);
  });

  const lefthook = "printf '#!/bin/sh\\nlefthook run pre-push\\n' > .git/hooks/pre-push";
  const commands = '{"commands":{"leaksweep":{"run":"npx leaksweep push {0}","use_stdin":true}}}';

  it.each<[manager: string, how: string, set: string]>([
    [
      "husky",
      "its file",
      `mkdir -p .husky/_; git config core.hooksPath .husky/_; echo '. h' > .husky/_/pre-push; echo 'leaksweep push "$@"' > .husky/pre-push`,
    ],
    ["lefthook", "YAML", `${lefthook}; echo 'pre-push: ${commands}' > .lefthook.yaml`],
    [
      "lefthook",
      "TOML",
      `${lefthook}; printf '[pre-push.commands.leaksweep]\nrun = "npx leaksweep push {0}"\n' > lefthook.toml`,
    ],
    ["lefthook", "JSON", `${lefthook}; echo '{"pre-push": ${commands}}' > lefthook.json`],
    [
      "simple-git-hooks",
      "the hook",
      `echo '{"simple-git-hooks": {}}' > package.json; printf '# SIMPLE_GIT_HOOKS\nnpx leaksweep push "$@"\n' > .git/hooks/pre-push`,
    ],
    [
      "pre-commit",
      "its config",
      "echo '# File generated by pre-commit: https://pre-commit.com' > .git/hooks/pre-push; echo '  - id: leaksweep-push' > .pre-commit-config.yaml",
    ],
  ])("counts %s as installed that runs it, as %s says", async (manager, _how, set) => {
    const dir = cloned();
    sh(dir, `mkdir -p .git/hooks; ${set}`);
    expect(await hook(dir, "status")).toContain(`pre-push     run by ${manager}\n`);
  });

  it.each<[what: string, manager: string, set: string]>([
    ["a comment", "lefthook", `${lefthook}; echo '# leaksweep push' > lefthook.yml`],
    ["another hook's part", "lefthook", `${lefthook}; printf 'post-merge: ${commands}\npre-push: {}\n' > lefthook.yml`],
    ["a config that was not installed", "lefthook", `echo 'pre-push: ${commands}' > lefthook.yml`],
    ["a config that was not installed", "pre-commit", "echo '  - id: leaksweep-push' > .pre-commit-config.yaml"],
    [
      "a hook of another program",
      "lefthook",
      `echo 'pre-push: ${commands}' > lefthook.yml; printf '#!/bin/sh\ntrue\n' > .git/hooks/pre-push`,
    ],
  ])("takes %s for nothing that runs it", async (_what, manager, set) => {
    const dir = cloned();
    sh(dir, `mkdir -p .git/hooks; ${set}`);
    expect(await hook(dir, "status")).toContain(`pre-push     left to ${manager}; it runs leaksweep if you`);
  });

  it("says what to add in the language of the file that is there", async () => {
    const dir = cloned();
    sh(dir, "echo > lefthook.toml");
    expect(await hook(dir, "install", "pre-push")).toMatch(/add to lefthook\.toml[\s\S]*\[pre-push\.commands/);
    sh(dir, "rm lefthook.toml; echo '{}' > .lefthook.json");
    expect(await hook(dir, "install", "pre-push")).toContain(`"pre-push": ${commands}`);
  });

  it("is for pre-receive in a bare repository, and nowhere outside of one", async () => {
    const dir = story("git init -q --bare");
    expect(await hook(dir, "install")).toContain("pre-receive  installed: hooks/pre-receive");
    expect(await leaksweep(["hook", "install"], { cwd: tempDir() })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Cannot find a git repository"),
    });
  });
});

describe("a hook", () => {
  it("says so when the leaksweep that it runs has gone", async () => {
    const dir = cloned();
    await hook(dir, "install", "pre-push");
    const file = join(dir, ".git/hooks/pre-push");
    const gone = join(tempDir(), "it's gone.js");
    writeFileSync(file, hookScript("pre-push", { node: "/usr/bin/node", file: gone }, { chained: false }));
    expect(push(dir, "echo 2 >> a; commit two")).toMatch(
      /it's gone\.js has gone[\s\S]*leaksweep hook install[\s\S]*stopped$/,
    );
    expect(await hook(dir, "status")).toContain("pre-push     broken");
    renameSync(file, `${file}.old`);
  });

  it("names the file that it runs, whatever its path", () => {
    for (const file of ["/a/b.js", "/it's/a b.js"]) {
      const text = hookScript("pre-push", { node: "/n", file }, { chained: true });
      expect([isOurs(text), fileOf(text)]).toEqual([true, file]);
    }
    expect(isOurs("#!/bin/sh\nleaksweep push\n")).toBe(false);
  });
});
