/** The pre-commit framework itself, with our commands as its hooks. */
import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { available, calmEnv, sh, story, whole } from "../kit.ts";

const root = resolve(import.meta.dirname, "../..");
const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const isHere = spawnSync("pre-commit", ["--version"]).status === 0;

const hook = (id: string, command: string, stage: string): string =>
  `{id: ${id}, name: ${id}, language: system, entry: '"${process.execPath}" "${root}/bin/leaksweep.cjs" ${command}', pass_filenames: false, always_run: true, stages: [${stage}]}`;

describe.runIf(available("pre-commit", isHere))("in the pre-commit framework", () => {
  it("our list of hooks is one", () => {
    const args = ["validate-manifest", `${root}/.pre-commit-hooks.yaml`];
    expect(spawnSync("pre-commit", args, { env: { ...calmEnv, HOME: "/tmp" } }).status).toBe(0);
  });

  it("a commit and a push are judged, the first push to an empty remote, too", () => {
    const hooks = `${hook("leaksweep-staged", "staged", "commit")}, ${hook("leaksweep-push", "push", "push")}`;
    const dir = story(`
      git init -q --bare ../r; git init -q -b main; git remote add origin ../r; echo 1 > a
      cat > .pre-commit-config.yaml <<'END'
repos: [{repo: local, hooks: [${hooks}]}]
END
      git add .; git commit -q -m one`);
    const env = { ...calmEnv, HOME: dir };
    execFileSync("pre-commit", ["install", "--hook-type", "pre-commit", "--hook-type", "pre-push"], { cwd: dir, env });
    const ask = (script: string): string => sh(dir, `export HOME=$PWD; (${script}) 2>&1 && echo let || echo stopped`);
    const leak = `echo 'key=${token}' > b; git add b`;
    expect(ask(`${leak}; git commit -q -m b`)).toMatch(/b:1:5[\s\S]*stopped$/);
    expect(ask("git commit -q --no-verify -m b; git push -q origin main")).toMatch(/b:1:5[\s\S]*stopped$/);
    expect(ask("git reset -q --hard HEAD~; git push -q origin main")).toMatch(/let$/);
    expect(ask(`${leak}; git commit -q --no-verify -m b; git push -q origin main:x`)).toMatch(/b:1:5[\s\S]*stopped$/);
  });
});
