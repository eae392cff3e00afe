import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { calmEnv, leaksweep, story } from "../kit.ts";

it("what was claimed in an encoded run is not claimed where the run's far end is missing", async () => {
  const dir = story("git init -q -b main\necho start > a\ncommit one");
  // All line ends behind a "=" make one run, from the first names, which may have a value in it, to the last line.
  const names = Array.from({ length: 30 }, (_, index) => `\n#part${index}\nuserName_${index}=\nmail_${index}=\n`);
  const text = `#start\nAPP_SECRET_TOKEN=\nTEST_SECRET_TOKEN=\n${names.join("")}\n#last\nDEMO_USER_PASSWORD=`;
  const end = "UVOGIN_USER_PASSWORD=\nJOHNNY_USER_PASSWORD=\nEMMA_USER_PASSWORD=\nEVMROX_USER_PASSWORD=";
  const longer = `${text}\n\n#users\nUSERS_ADMIN_PASSWORD=\nCHRIS_PIKE_PASSWORD=\n${end}`;
  for (const [version, content] of [text, longer, `FIRST=\n${longer}`].entries()) {
    writeFileSync(join(dir, "sample.env"), content);
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
