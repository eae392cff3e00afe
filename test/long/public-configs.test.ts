/**
 * Configs of gitleaks as projects have them load, are run and are imported. They belong to others and are not in this
 * repository: `PUBLIC_CONFIGS` names a folder of them (`*.toml`), or of clones whose HEAD holds some.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, story } from "../kit.ts";

interface PublicConfig {
  readonly name: string;
  readonly text: string;
}

const folder = process.env.PUBLIC_CONFIGS ?? "";
const isHere = folder !== "" && existsSync(folder);
if (!isHere) console.warn("Public configs are not tested: PUBLIC_CONFIGS names no folder of them.");

/** The configs in a folder, in the folders beneath it, and in the HEAD of clones among these. */
function configsIn(path: string): readonly PublicConfig[] {
  if (existsSync(join(path, "HEAD")) || existsSync(join(path, ".git"))) return configsOf(path);
  return readdirSync(path).flatMap((entry) => {
    const inner = join(path, entry);
    if (statSync(inner).isDirectory()) return configsIn(inner);
    return entry.endsWith(".toml") ? [{ name: relative(folder, inner), text: readFileSync(inner, "utf8") }] : [];
  });
}

function configsOf(clone: string): readonly PublicConfig[] {
  const git = (...args: string[]): string => execFileSync("git", ["-C", clone, ...args], { encoding: "utf8" });
  const paths = git("ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0");
  const wanted = paths.filter((path) => /(?:^|[/.])gitleaks\.toml$/.test(path) && !path.includes("testdata"));
  return wanted.map((path) => ({ name: `${relative(folder, clone)}:${path}`, text: git("show", `HEAD:${path}`) }));
}

describe.skipIf(!isHere)("a public config", () => {
  const configs = isHere ? configsIn(folder) : [];

  it("is there to be tested", () => {
    expect(configs).not.toEqual([]);
  });

  it.each(configs)("$name loads, is run and is imported into rules that prove", async ({ text }) => {
    const dir = story("git init -q -b main\necho nothing > a.txt\ncommit one");
    writeFileSync(join(dir, ".gitleaks.toml"), text);
    const run = await leaksweep(["gitleaks", "dir", "."], { cwd: dir });
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: expect.stringContaining("no leaks") });
    expect((await leaksweep(["dir", "a.txt"], { cwd: dir })).code).toBe(0);
    expect((await leaksweep(["import", ".gitleaks.toml"], { cwd: dir })).code).toBe(0);
    if (!existsSync(join(dir, "leaksweep-rules"))) return;
    expect((await leaksweep(["rules", "check", "leaksweep-rules"], { cwd: dir })).stdout).toContain("no faults");
  });
});
