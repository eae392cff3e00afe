import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { calmEnv, leaksweep, story } from "../kit.ts";

it("what was claimed in an encoded run is not claimed where the run's far end is missing", async () => {
  const dir = story("git init -q -b main\necho start > a\ncommit one");
  const settings = Array.from({ length: 60 }, (_, index) => `SETTING_${index}_USER_PASSWORD=\n`).join("");
  const tail =
    "CHRIS_PIKE_PASSWORD=\nUVOGIN_USER_PASSWORD=\nJOHNNY_USER_PASSWORD=\nEMMA_USER_PASSWORD=\nEVMROX_USER_PASSWORD=";
  for (const [version, text] of [
    settings.slice(0, -1),
    `${settings}\n${tail}`,
    `${settings}MORE=\n${tail}`,
  ].entries()) {
    writeFileSync(join(dir, "sample.env"), text);
    execFileSync("sh", ["-c", `git add -A && git commit -q -m ${version}`], { cwd: dir, env: calmEnv });
  }
  execFileSync("git", ["gc", "-q"], { cwd: dir, env: calmEnv });
  const found = async (...flags: string[]) => {
    const { stdout } = await leaksweep(["git", dir, "--min-confidence", "low", "-f", "json", ...flags]);
    return JSON.parse(stdout).findings;
  };
  const all = await found("--full-blobs");
  expect(all.length).toBeGreaterThan(0);
  expect(await found()).toEqual(all);
});
