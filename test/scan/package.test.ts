/** The package as a stranger gets it: packed, installed in an empty folder, run on a repository. */
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { story, tempDir } from "../kit.ts";

const root = resolve(import.meta.dirname, "../..");

it("works when its tarball is installed elsewhere", { timeout: 180_000 }, () => {
  const dir = tempDir();
  const run = (command: string, args: string[], cwd: string): string =>
    execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", dir], root);
  const tarball = readdirSync(dir).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(join(dir, "package.json"), '{ "private": true, "type": "module" }');
  run("npm", ["install", "--no-audit", "--no-fund", `./${tarball}`], dir);

  const repository = story(`
    git init -q -b main
    echo 'token=gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ' > a; commit one
  `);
  const bin = join(dir, "node_modules/.bin/leaksweep");
  expect(() => run(bin, ["scan", repository], dir)).toThrow(expect.objectContaining({ status: 1 }));
  expect(run(bin, ["scan", repository, "--exit-code", "0"], dir)).toContain("GitHub personal access token");

  writeFileSync(
    join(dir, "library.js"),
    `import { defaults, scan } from "leaksweep";
     const { signal } = new AbortController();
     const { findings } = await scan({ command: "git", paths: [process.argv[2]], plan: defaults, env: {}, signal, now: () => new Date() });
     console.log(findings.map(({ rule, secret }) => rule.id + " " + secret).join());`,
  );
  expect(run("node", ["library.js", repository], dir)).toMatch(/^github\.pat-classic ghp_…\(40\)\n$/);
});
