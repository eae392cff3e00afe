/**
 * Every recipe in fixtures/repos, through the real binary: one secret in each place where a repository can hold one.
 * What is expected stands beside the recipe as `<name>.expect.txt`, a line for each finding, to be read next to the
 * story; after a change of a recipe, write it anew with UPDATE_GOLDEN=1 and read it again.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { leaksweep, recipe, sh } from "../kit.ts";

const folder = resolve(import.meta.dirname, "../../fixtures/repos");

/** Folder to scan in a recipe that makes several, and flags. */
const targets: Readonly<Record<string, readonly string[]>> = {
  alternates: ["clone"],
  bare: ["bare.git"],
  partial: ["clone"],
  shallow: ["clone"],
  submodule: ["main"],
  worktree: ["main"],
};

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".sh"))
  .map((name) => name.replace(".sh", ""));

interface Json {
  readonly complete: boolean;
  readonly skips: readonly { path?: string; blob?: string; commit?: string; by: string; reason: string }[];
  readonly findings: readonly JsonFinding[];
}

interface JsonFinding {
  readonly rule: string;
  readonly secret: string | null;
  readonly status: string;
  readonly confidence: string;
  readonly introduced: { date: string } | null;
  readonly removed: { date: string } | null;
  readonly refs: readonly string[];
  readonly occurrences: readonly { where: string; path: string; startLine: number; status: string; versions: number }[];
}

const day = (commit: { date: string } | null): string => commit?.date.slice(0, 10) ?? "-";

function told({ rule, secret, status, confidence, introduced, removed, refs, occurrences }: JsonFinding): string {
  const what = secret === null ? rule : `${rule} …${secret.trim().slice(-6)}`;
  const places = occurrences.map((one) => `${one.where} ${one.path}:${one.startLine} ${one.status} x${one.versions}`);
  return `${what} ${confidence} | ${status} ${day(introduced)}..${day(removed)} | ${places.join(", ")} | ${refs.join(" ")}`;
}

it.each(names)("finds everything in the recipe %s", async (name) => {
  const dir = recipe(name);
  const [target = "."] = targets[name] ?? [];
  const { stdout, stderr, code } = await leaksweep(["scan", join(dir, target), "-f", "json", "--no-redact"], {
    cwd: dir,
  });
  expect(stderr).toBe("");
  const { findings, skips } = JSON.parse(stdout) as Json;
  const lines = [
    ...findings.map(told).sort(),
    ...skips.map(({ by, reason, path }) => `skip by ${by}: ${path ?? ""} ${reason}`).sort(),
    `exit ${code}`,
  ];
  // Recipes have a clock and an author of their own: only the folder differs from run to run.
  const text = `${lines
    .join("\n")
    .replaceAll(/gh[pousr]_/g, "")
    .replaceAll(dir, "<dir>")}\n`;
  const golden = join(folder, `${name}.expect.txt`);
  if (process.env.UPDATE_GOLDEN || !existsSync(golden)) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
  // Nothing that a hostile repository asked for has happened.
  expect(sh(dir, "find . -name 'HACKED*' -o -name '*.ran' | head")).toBe("");
});
