import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findConfig, loadConfig } from "../../src/config/find.ts";
import { tempDir } from "../kit.ts";

/** A new folder with these files in it (names with `/` make folders, names that end in one are folders). */
function folder(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(tempDir());
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, name.endsWith("/") ? "." : ".."), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(join(root, name), text);
  }
  return root;
}

it.each<[story: string, files: Record<string, string>, target: string, found: string | undefined]>([
  ["finds the config at the target", { "repo/leaksweep.yml": "" }, "repo", "repo/leaksweep.yml"],
  ["finds a hidden config", { "repo/.leaksweep.yml": "" }, "repo", "repo/.leaksweep.yml"],
  ["prefers the visible config", { "r/.leaksweep.yml": "", "r/leaksweep.yml": "" }, "r", "r/leaksweep.yml"],
  ["begins beside a target that is a file", { "r/a.env": "", "r/leaksweep.yml": "" }, "r/a.env", "r/leaksweep.yml"],
  [
    "goes up to the root of the repository",
    { "r/.git/": "", "r/a/b/": "", "r/leaksweep.yml": "" },
    "r/a/b",
    "r/leaksweep.yml",
  ],
  [
    "takes the nearest config",
    { "r/.git/": "", "r/leaksweep.yml": "", "r/a/leaksweep.yml": "" },
    "r/a",
    "r/a/leaksweep.yml",
  ],
  ["never leaves the repository", { "leaksweep.yml": "", "r/.git/": "", "r/a/": "" }, "r/a", undefined],
  [
    "stops at a linked work tree",
    { "r/leaksweep.yml": "", "r/.git/": "", "r/w/.git": "", "r/w/a/": "" },
    "r/w/a",
    undefined,
  ],
  ["does not go up outside a repository", { "leaksweep.yml": "", "a/": "" }, "a", undefined],
  ["finds nothing for a target that is not there", { "leaksweep.yml": "" }, "gone", undefined],
])("%s", async (_story, files, target, found) => {
  const root = folder(files);
  expect(await findConfig(join(root, target))).toBe(found && join(root, found));
});

it("takes paths in a config from the folder of that config", async () => {
  const root = folder({ "a/leaksweep.yml": "rules: { paths: [own] }" });
  expect(await loadConfig("a/leaksweep.yml", { cwd: root })).toEqual({ rules: [join(root, "a/own")] });
});

it.each([
  ["gone.yml", "there is no such file"],
  ["a", "it is a folder"],
])("says that %s cannot be read: %s", async (path, state) => {
  const root = folder({ "a/": "" });
  await expect(loadConfig(path, { cwd: root })).rejects.toMatchObject({
    code: "config.unreadable",
    message: `Cannot read config file "${path}": ${state}`,
  });
});

it("names the file in messages as seen from where the user stands", async () => {
  const root = folder({ "a/leaksweep.yml": "x: 1" });
  await expect(loadConfig(join(root, "a/leaksweep.yml"), { cwd: root })).rejects.toThrow(
    "a/leaksweep.yml:1:1: unknown",
  );
});
