/** The only helpers that tests share. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** A sample as it is meant: `¦` only keeps scanners of this repository quiet. */
export const whole = (text: string): string => text.replaceAll("¦", "");

/** Bytes of a sample, UTF-8. */
export const bytes = (text: string): Uint8Array => Buffer.from(whole(text), "utf8");

/** A new empty folder that is gone when the running test is done. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "leaksweep-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A new empty folder for all tests of a file, and how to remove it: `beforeAll` hands that on to run after the last. */
export function dirForAll(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), "leaksweep-test-"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/**
 * Environment in which git does the same on every machine: no user or system config, a fixed author and a clock
 * that recipes move with `at <date>`.
 */
export const calmEnv = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ann",
  GIT_AUTHOR_EMAIL: "ann@example.org",
  GIT_COMMITTER_NAME: "Ann",
  GIT_COMMITTER_EMAIL: "ann@example.org",
  LC_ALL: "C",
};

const prelude = `
set -eu
at() { export GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="$1"; }
commit() { git add -A . && git commit -q -m "$1"; }
at 2024-01-01T12:00:00+00:00
`;

/**
 * Builds the repository of `fixtures/repos/<name>.sh` in a new folder of `parent` and returns that folder. A recipe is a short
 * shell story, run in an empty folder with a fixed author; \`at DATE\` sets the clock, \`commit MESSAGE\` commits all.
 */
export function recipe(name: string, parent = tempDir()): string {
  return story(readFileSync(join(root, "fixtures/repos", `${name}.sh`), "utf8"), parent);
}

/** Like `recipe`, from text. */
export function story(script: string, parent = tempDir()): string {
  const dir = join(parent, "repo");
  mkdirSync(dir);
  sh(dir, whole(script));
  return dir;
}

/** Runs more shell in a repository, with the recipes' helpers and environment; returns its output, trimmed. */
export function sh(dir: string, script: string): string {
  return execFileSync("sh", ["-c", prelude + whole(script)], { cwd: dir, env: calmEnv, encoding: "utf8" }).trim();
}

/**
 * Whether a suite that needs more than Node, npm and git can run here. Where it can't, the reason is printed; where
 * LEAKSWEEP_REQUIRE_ALL is set, as in CI, that is a failure, since a gate that silently checks less is none.
 */
export function available(need: string, isHere: boolean): boolean {
  if (!isHere && process.env.LEAKSWEEP_REQUIRE_ALL) throw new Error(`this machine has no ${need}, and all must run`);
  if (!isHere) console.log(`skipped: this machine has no ${need}`);
  return isHere;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real binary, as a user would. */
export function leaksweep(
  args: readonly string[],
  {
    cwd = root,
    stdin = "",
    env = {},
  }: { cwd?: string; stdin?: string | Uint8Array; env?: Record<string, string> } = {},
): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, "bin/leaksweep.cjs"), ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), ...env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => err.push(part));
    child.on("error", fail);
    child.on("close", (code) => done({ code, stdout: String(Buffer.concat(out)), stderr: String(Buffer.concat(err)) }));
    child.stdin.on("error", () => {}); // the child may stop before it has read all
    child.stdin.end(stdin);
  });
}
