import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempDir } from "../kit.ts";

it.each<[state: string, entry: string | undefined, said: RegExp]>([
  ["was never built", undefined, /^leaksweep is not built: run npm run build\n$/],
  ["lacks a package", 'require("no-such-package-here");', /Cannot find module 'no-such-package-here'/],
])("a checkout that %s exits with 2 and not with the code for findings", (_state, entry, said) => {
  const dir = tempDir();
  cpSync("bin", join(dir, "bin"), { recursive: true });
  writeFileSync(join(dir, "package.json"), '{ "type": "module" }');
  mkdirSync(join(dir, "dist/cli"), { recursive: true });
  if (entry !== undefined) writeFileSync(join(dir, "dist/cli/start.cjs"), entry);
  const { status, stderr } = spawnSync(process.execPath, [join(dir, "bin/leaksweep.cjs")], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(said) });
});
