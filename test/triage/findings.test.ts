/** Which places are one finding, and under which path: through the whole tool, since submodules take part. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { leaksweep, sh, story } from "../kit.ts";

interface Told {
  readonly fingerprint: string;
  readonly rule: string;
  readonly occurrences: readonly { readonly path: string; readonly where: string; readonly url: string | null }[];
}

async function scan(dir: string): Promise<Told[]> {
  return JSON.parse((await leaksweep(["scan", dir, "-f", "json"])).stdout).findings;
}

const open = (word: string): string =>
  `printf 'security:\\n  authori¦zation: ${word}\\n' > mongod.conf; commit '${word}'`;

/** A repository with a submodule in `sub/`, after the shell `inside` both. */
function nested(inside: string): string {
  const begun = `git init -q -b main\n${inside}`;
  const sub = story(begun);
  const dir = story(begun);
  sh(dir, `git -c protocol.file.allow=always submodule -q add '${sub}' sub; commit submodule`);
  return dir;
}

it("an exposure that is only written otherwise stays one finding", async () => {
  const found = await scan(story(`git init -q -b main; ${open("disabled")}; ${open('"disabled"')}`));
  expect(found).toHaveLength(1);
});

it("an exposure in a submodule is not the one at the same path outside, and both have their own fingerprint", async () => {
  const found = await scan(nested(open("disabled")));
  expect(found.map(({ occurrences }) => [...new Set(occurrences.map(({ path }) => path))])).toEqual([
    ["mongod.conf"],
    ["sub/mongod.conf"],
  ]);
  expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
});

it("the config of a submodule is shown under its folder, and pages are those of its own repository", async () => {
  const token = "gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ";
  const dir = nested(`echo 'token = ${token}' > a; commit one`);
  sh(join(dir, "sub"), `git remote set-url origin https:/¦/ann:${token}@github.com/ann/sub`);
  const [found] = await scan(dir);
  const commit = sh(join(dir, "sub"), "git rev-parse HEAD");
  expect(found?.occurrences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: "sub/.git/config", where: "config" }),
      expect.objectContaining({ path: "sub/a", url: `https://github.com/ann/sub/blob/${commit}/a#L1` }),
    ]),
  );
  expect(found?.occurrences.map(({ path }) => path)).not.toContain(".git/config");
});
