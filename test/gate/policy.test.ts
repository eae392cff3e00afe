/** What a gate goes by: the files of the commits that are pushed, whatever they name, and nothing that lies about. */
import { describe, expect, it } from "vitest";
import { leaksweep, type Ran, sh, story } from "../kit.ts";

const token = "gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ";

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

it("a folder of rules whose tree leads out of itself is written nowhere: the push is stopped", async () => {
  const dir = cloned(`
    evil=$(echo bad | git hash-object -w --stdin)
    out=$(printf "100644 blob $evil\\tevil.yml\\n" | git mktree); up=$(printf "040000 tree $out\\t..\\n" | git mktree)
    config=$(echo 'rules: { paths: [rules] }' | git hash-object -w --stdin)
    tree=$(printf "100644 blob $config\\tleaksweep.yml\\n040000 tree $up\\trules\\n" | git mktree)
    git update-ref refs/heads/main $(git commit-tree -p HEAD -m two $tree)`);
  expect(await push(dir, "refs/heads/main")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Cannot read "rules\/\.\.\/evil\.yml": its tree is forged/),
  });
});

describe("a push of several branches", () => {
  const leak = `mkdir -p v; echo 'key=${token}' > v/x; commit leak`;
  const both = ["refs/heads/aa", "refs/heads/zz"];
  const excluding = "echo 'exclude: [v]' > leaksweep.yml; commit config";

  it("is stopped by what stops in any of them, whatever the config of another says", async () => {
    const dir = cloned(`
      git checkout -q -b aa; ${excluding}; git checkout -q -b zz main; ${leak}`);
    for (const refs of [both, both.toReversed()]) {
      const { code, stdout } = await push(dir, ...refs);
      expect(stdout).toContain("v/x:1:5");
      expect(code).toBe(1);
    }
    expect(await push(dir, "refs/heads/aa")).toMatchObject({ code: 0, stdout: "" });
  });

  it("is let through when each is by its own config", async () => {
    const dir = cloned(`
      git checkout -q -b aa; ${leak}; ${excluding}; git checkout -q -b zz main; echo 2 > b; commit two`);
    expect(await push(dir, ...both)).toMatchObject({ code: 0, stdout: "" });
  });

  it("tells a secret of two branches once, with the places of both", async () => {
    const dir = cloned(`
      git checkout -q -b aa; echo 'fail-on: high' > leaksweep.yml; echo 'key=${token}' > b; commit two
      git checkout -q -b zz main; ${leak}`);
    const { code, stdout } = await push(dir, ...both);
    expect(stdout.match(/ghp_…/g)).toHaveLength(1);
    expect(stdout).toMatch(/b:1:5[\s\S]*v\/x:1:5|v\/x:1:5[\s\S]*b:1:5/);
    expect(code).toBe(1);
  });

  it("looks for what the rules of each say, though their configs are the same", async () => {
    const rules = (pattern: string): string =>
      `mkdir own; echo '- {id: own.word, name: Own word, severity: high, confidence: high, pattern: "(?<secret>${pattern}[0-9]{8})", samples: {leak: [a ${pattern}12345678, b ${pattern}87654321], clean: [${pattern}]}}' > own/r.yml; echo 'rules: {paths: [own]}' > leaksweep.yml; echo zeta20250101 > b; commit two`;
    const dir = cloned(`git checkout -q -b aa; ${rules("alpha")}; git checkout -q -b zz main; ${rules("zeta")}`);
    const { code, stdout } = await push(dir, ...both);
    expect(stdout).toContain("b:1:1");
    expect(code).toBe(1);
  });

  it("judges a tag by the branch that leads to it, and any other by its own files", async () => {
    const dir = cloned(`
      git checkout -q -b aa; ${leak}; git tag v1; ${excluding}
      git checkout -q -b zz main; ${leak.replace("v/x", "v/y")}; git tag v2`);
    expect(await push(dir, "refs/heads/aa", "refs/tags/v1")).toMatchObject({ code: 0, stdout: "" });
    expect(await push(dir, "refs/heads/aa", "refs/tags/v2")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("v/y:1:5"),
    });
  });
});

it("says of a secret whose acceptance has ended that it has", async () => {
  const line = "ls1:blul4ydtnsjslwoh73nlyomk github.pat-classic allowed until=2020-01-01 # old";
  const dir = cloned(`echo '${line}' > .leaksweep-baseline; echo 'key=${token}' > b; commit two`);
  const { code, stdout } = await push(dir, "refs/heads/main");
  expect(stdout).toMatch(/note +accepted until 2020-01-01, which is over: old\.\n/);
  expect(code).toBe(1);
});

describe("a config that is a link in what is pushed", () => {
  const leak = `mkdir -p v; echo 'key=${token}' > v/x; commit two`;

  it("is followed within the repository, as the commit has it", async () => {
    const dir = cloned(`mkdir etc; echo 'exclude: [v]' > etc/l.yml; ln -s etc/l.yml leaksweep.yml; ${leak}; rm -r etc`);
    expect(await push(dir, "refs/heads/main")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["out of the repository", "../l.yml"],
    ["to nothing", "etc/none.yml"],
  ])("is refused where it leads %s", async (_, target) => {
    const dir = cloned(`echo 'exclude: [v]' > ../l.yml; ln -s ${target} leaksweep.yml; ${leak}`);
    expect(await push(dir, "refs/heads/main")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Cannot read "leaksweep.yml"'),
    });
  });
});

it("a commit that goes by a config which is not part of it is told so", async () => {
  const dir = cloned(`echo 'exclude: [v]' > leaksweep.yml; mkdir v; echo 'key=${token}' > v/x; git add v`);
  const said = "leaksweep: not in the index, so it holds here alone: leaksweep.yml\n";
  expect(await leaksweep(["staged"], { cwd: dir })).toMatchObject({ code: 0, stderr: said });
  sh(dir, "git add leaksweep.yml");
  expect(await leaksweep(["staged"], { cwd: dir })).toMatchObject({ code: 0, stderr: "" });
});

it("the root of the repository as a folder of rules means the rules that the base has there", async () => {
  const rule =
    "- { id: own.word, name: Own word, severity: high, pattern: '(?<secret>ownword[0-9]{8})', samples: { imported: true } }";
  const dir = story(`git init -q -b main; echo "${rule}" > rules.yml; mkdir context src; echo 1 > src/a; commit one
    git checkout -q -b work; echo "${rule.replace("ownword", "no")}" > rules.yml; echo "x = ownword20250101" > b; commit two`);
  const ci = (base: string) => leaksweep(["ci", "--base", base, "--rules", "."], { cwd: dir });
  expect(await ci("main")).toMatchObject({ code: 1, stdout: expect.stringContaining("b:1:5") });
  sh(dir, "git checkout -q main; git rm -q rules.yml; git commit -q -m none");
  sh(dir, `git checkout -q -b other; echo "${rule}" > rules.yml; echo "x = ownword20250101" > b; commit three`);
  const { code, stderr } = await ci("main");
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(". is not on the base side") });
});
