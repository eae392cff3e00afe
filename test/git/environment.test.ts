import { expect, it, vi } from "vitest";
import { gitEnvironment, hookEnvironment } from "../../src/git/environment.ts";

it("takes from a hook's environment what says which repository is meant, and nothing else", () => {
  const env = {
    PATH: "/bin",
    GIT_DIR: ".git",
    GIT_WORK_TREE: ".",
    GIT_INDEX_FILE: ".git/next-index-7.lock",
    GIT_OBJECT_DIRECTORY: "objects/incoming",
    GIT_ALTERNATE_OBJECT_DIRECTORIES: "objects:/srv/shared",
    GIT_QUARANTINE_PATH: "objects/incoming",
    GIT_EXTERNAL_DIFF: "evil",
    GIT_CONFIG_COUNT: "1",
  };
  expect(hookEnvironment(env, "/srv/app")).toEqual({
    gitDir: "/srv/app/.git",
    workTree: "/srv/app",
    indexFile: "/srv/app/.git/next-index-7.lock",
    objects: {
      directory: "/srv/app/objects/incoming",
      alternates: "/srv/app/objects:/srv/shared",
      quarantine: "/srv/app/objects/incoming",
    },
  });
});

it("is told nothing by an environment that says nothing", () => {
  expect(hookEnvironment({ PATH: "/bin", GIT_DIR: "", GIT_AUTHOR_NAME: "Ann" }, "/srv")).toEqual({});
});

it("leaves a list of alternates in quotes as git wrote it", () => {
  const alternates = '"/srv/with:colon":/srv/b';
  expect(hookEnvironment({ GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates }, "/").objects).toEqual({ alternates });
});

it("inherits nothing but the absolute folders of PATH", () => {
  vi.stubEnv("PATH", "/usr/bin:.:bin:/bin");
  vi.stubEnv("GIT_SSH_COMMAND", "evil");
  vi.stubEnv("LD_PRELOAD", "evil");
  vi.stubEnv("GIT_DIR", "/elsewhere");
  const env = gitEnvironment({ gitDir: "/srv/app/.git" });
  vi.unstubAllEnvs();
  expect(env).toMatchObject({ PATH: "/usr/bin:/bin", GIT_DIR: "/srv/app/.git", GIT_WORK_TREE: "/srv/app/.git" });
  expect(JSON.stringify(env)).not.toContain("evil");
});

it("lets git use no transport unless one is asked for", () => {
  expect(gitEnvironment(undefined)).toMatchObject({ GIT_DIR: "/nonexistent", GIT_ALLOW_PROTOCOL: "none" });
  expect(gitEnvironment(undefined, { transports: ["https"] }).GIT_ALLOW_PROTOCOL).toBe("https");
});

it("trusts the one repository that is meant", () => {
  const env = gitEnvironment({ gitDir: "/srv/app/.git", workTree: "/srv/app" });
  const keys = Object.keys(env).filter((name) => env[name] === "safe.directory");
  const trusted = keys.map((name) => env[name.replace("KEY", "VALUE")]);
  expect(trusted).toEqual(["/srv/app/.git", "/srv/app"]);
});
