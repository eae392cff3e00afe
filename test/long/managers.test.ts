/**
 * The hooks of husky, lefthook and simple-git-hooks, with the real programs: what `leaksweep hook install` says to add
 * is added word by word, the manager installs it, and real pushes and commits are let through or stopped.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { calmEnv, leaksweep, tempDir, whole } from "../kit.ts";

const versions = { husky: "9.1.7", lefthook: "2.2.2", "simple-git-hooks": "2.14.0" } as const;
const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const binary = resolve(import.meta.dirname, "../../bin/leaksweep.cjs");

type Manager = keyof typeof versions;

const programs = mkdtempSync(join(tmpdir(), "leaksweep-managers-"));
const isHere = installed();

/** Fetches the managers; false where no registry can be reached. Their own scripts stay off: they install hooks. */
function installed(): boolean {
  const names = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", programs];
  try {
    execFileSync("npm", ["install", ...flags, ...names], { stdio: "ignore", timeout: 120_000 });
    symlinkSync(binary, join(programs, "node_modules/.bin/leaksweep"));
    return true;
  } catch {
    console.log("skipped: the hook managers could not be fetched from a registry");
    return false;
  }
}

interface Setting {
  /** What a user has when the manager is set up and no hook is. */
  readonly set: Readonly<Record<string, string>>;
  /** Puts what is to be added where the advice says. */
  add(dir: string, hook: string, lines: readonly string[]): void;
  /** The command that makes the manager take its files up, from the work tree. */
  readonly install: readonly string[];
}

const settings: Readonly<Record<Manager, Setting>> = {
  husky: {
    set: {},
    add: (dir, hook, lines) => writeFileSync(join(dir, ".husky", hook), `${lines.join("\n").trim()}\n`),
    install: ["node", "node_modules/husky/bin.js"],
  },
  lefthook: {
    set: { "lefthook.yml": "" },
    add(dir, _hook, lines) {
      const file = join(dir, "lefthook.yml");
      writeFileSync(file, `${readFileSync(file, "utf8")}${lines.map((line) => line.slice(2)).join("\n")}\n`);
    },
    install: ["node_modules/.bin/lefthook", "install"],
  },
  "simple-git-hooks": {
    set: { "package.json": '{ "simple-git-hooks": {} }' },
    add(dir, _hook, lines) {
      const file = join(dir, "package.json");
      const { "simple-git-hooks": hooks } = JSON.parse(readFileSync(file, "utf8"));
      const added = { ...hooks, ...JSON.parse(`{${lines.join("")}}`) };
      writeFileSync(file, JSON.stringify({ "simple-git-hooks": added }));
    },
    install: ["node", "node_modules/simple-git-hooks/cli.js"],
  },
};

/** A work tree with a remote, in which the manager runs leaksweep before commits and pushes. */
async function managed(manager: Manager): Promise<(script: string) => string> {
  const { set, add, install } = settings[manager];
  const home = tempDir();
  const dir = join(home, "work");
  mkdirSync(dir);
  const run = (script: string): string =>
    execFileSync("sh", ["-c", script], { cwd: dir, env: { ...calmEnv, HOME: home }, encoding: "utf8" });
  run(
    "git init -q --bare ../remote; git init -q -b main; git remote add origin ../remote; echo node_modules > .gitignore",
  );
  symlinkSync(join(programs, "node_modules"), join(dir, "node_modules"));
  for (const [file, text] of Object.entries(set)) writeFileSync(join(dir, file), text);
  if (manager === "husky") run(install.join(" "));
  const { stdout } = await leaksweep(["hook", "install"], { cwd: dir });
  for (const part of stdout.split(/^(?=pre-)/m)) {
    const [head = "", , ...lines] = part.trimEnd().split("\n");
    expect(head).toContain(`left to ${manager}`);
    add(
      dir,
      head.split(" ")[0] ?? "",
      lines.map((line) => line.slice(13)),
    );
  }
  run(`${install.join(" ")} >/dev/null`);
  run("git add -A; git commit -q -m 'set up'; git push -q origin main");
  return run;
}

afterAll(() => rmSync(programs, { recursive: true, force: true }));

describe.skipIf(!isHere)("a hook manager that was told of leaksweep", () => {
  it.each(Object.keys(versions) as Manager[])(
    "%s lets through what is clean, and stops what is not",
    async (manager) => {
      const run = await managed(manager);
      /** `let`, or all that was said. */
      const tried = (command: string): string =>
        run(`if ${command} >../said 2>&1; then echo let; else cat ../said; fi`).trim();

      run("echo 1 > a; git add a");
      expect(tried("git commit -q -m a")).toBe("let");
      expect(tried("git push -q origin main")).toBe("let");

      run(`echo 'key=${token}' > b; git add b`);
      expect(tried("git commit -q -m b")).toContain("GitHub personal access token");
      run("git rm -q -f b");

      // Two refs in one push: the first is clean, and the manager must hand on all that git says.
      run(`git checkout -q -b clean; echo 2 > c; git add c; git commit -q -m c
      git checkout -q -b leaky; echo 'key=${token}' > d; git add d; git commit -q --no-verify -m d`);
      expect(tried("git push -q origin clean leaky")).toContain("leaksweep: this push was stopped");
      expect(run("git ls-remote --heads origin")).not.toContain("clean");
      expect(tried("git push -q origin clean")).toBe("let");
    },
  );
});
