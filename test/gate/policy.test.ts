/** What a gate goes by: the files of the commits that are pushed, whatever they name, and nothing that lies about. */
import { describe, expect, it } from "vitest";
import { leaksweep, type Ran, sh, story } from "../kit.ts";

/** A work tree whose remote has one clean commit; `then` builds on it. */
const cloned = (then: string): string =>
  story(`
    git init -q --bare -b main ../r; git init -q -b main; git remote add origin ../r; echo 1 > a; commit one
    git push -q origin main
    ${then}`);

/** What the pre-push hook says of a push of these branches and tags. */
function push(dir: string, ...refs: string[]): Promise<Ran> {
  const lines = refs.map((ref) => `${ref} ${sh(dir, `git rev-parse ${ref}`)} ${ref} ${"0".repeat(40)}\n`);
  return leaksweep(["push", "origin", "../r"], { cwd: dir, stdin: lines.join("") });
}

describe("a config of another scanner in what is pushed", () => {
  const word = "own = 'ownword20250101'";
  const rule = `printf '[[rules]]\\nid = "own"\\nregex = "ownword[0-9]{8}"\\n'`;
  const extending = (path: string): string => `printf '[extend]\\npath = "${path}"\\n' > .gitleaks.toml`;

  it("is read with what it extends, as the commit has it, however far that goes", async () => {
    const dir = cloned(`
      mkdir ci; ${extending("ci/base.toml")}; ${rule} > ci/far.toml
      printf '[extend]\\npath = "ci/far.toml"\\n' > ci/base.toml
      echo "${word}" > b; commit two; rm -r ci`);
    const { code, stdout, stderr } = await push(dir, "refs/heads/main");
    expect(stderr).toBe("");
    expect(stdout).toContain("b:1:8");
    expect(code).toBe(1);
  });

  it("may name what its commit lacks or what is outside, and is refused with the name", async () => {
    const lacking = cloned(`${extending("ci/base.toml")}; echo 2 > b; commit two; mkdir ci; ${rule} > ci/base.toml`);
    const outside = cloned(`${extending("../base.toml")}; echo 2 > b; commit two; ${rule} > ../base.toml`);
    expect(await push(lacking, "refs/heads/main")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Cannot read file "ci\/base\.toml": there is no such file/),
    });
    expect(await push(outside, "refs/heads/main")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Cannot read "\.\.\/base\.toml".*outside of the repository/),
    });
  });
});
