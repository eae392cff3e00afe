/** What `staged` goes by when its files name others, are links or lie in submodules, and what that costs. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, type Ran, sh, story } from "../kit.ts";

/** Runs with the rules of a test alone: to make ready all others takes seconds. */
const staged = (dir: string, env: Record<string, string> = {}): Promise<Ran> =>
  leaksweep(["staged", "--enable", "*own*"], { cwd: dir, env });
const stagedByAll = (dir: string, env: Record<string, string> = {}): Promise<Ran> =>
  leaksweep(["staged"], { cwd: dir, env });

/** Shell that writes a config of another scanner with a rule for such a word, and one that extends a path. */
const foreign = (word: string): string => `printf '[[rules]]\\nid = "own"\\nregex = "${word}[0-9]{8}"\\n'`;
const extending = (path: string): string => `printf '[extend]\\npath = "${path}"\\n' > .gitleaks.toml`;

/** Shell that writes a file of rules of ours. */
const rule = (word: string, id = "own.word"): string =>
  `echo "- { id: ${id}, name: Own, severity: high, pattern: '(?<secret>${word}[0-9]{8})', samples: { imported: true } }"`;

/** A repository whose index has a word that only rules of its own look for. */
const repository = (script: string): string =>
  story(`git init -q -b main; echo "x = ownword20250101" > b; git add b\n${script}`);

const lone = (names: string): string => `leaksweep: not in the index, so it holds here alone: ${names}\n`;
const stops = (stderr = "") => ({ code: 1, stderr, stdout: expect.stringContaining("b:1:5") });
const passes = (stderr = "") => ({ code: 0, stderr, stdout: "" });

describe("a config that names what is outside of the repository", () => {
  it("of another scanner counts with what it extends, by whichever path", async () => {
    const dir = repository(`${foreign("ownword")} > ../base.toml; ${extending("../base.toml")}; git add .`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, `${extending(join(dir, "../base.toml"))}; git add .`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "git rm -q --cached .gitleaks.toml");
    expect(await staged(dir)).toMatchObject(stops(lone(".gitleaks.toml")));
  });

  it("of ours counts with the rules there, from the repository's root and from nowhere else", async () => {
    const dir = repository(`mkdir ../shared; echo 'rules: { paths: [../shared] }' > leaksweep.yml; git add .
      ${rule("ownword")} > ../shared/r.yml`);
    // What lies beside the folder that stands in for the root is anybody's.
    const temporary = join(dir, "../temporary");
    mkdirSync(join(temporary, "shared"), { recursive: true });
    sh(temporary, `${rule("otherword")} > shared/r.yml`);
    expect(await staged(dir, { TMPDIR: temporary })).toMatchObject(stops());
    sh(dir, `rm -r ../shared; ${rule("ownword")} > ${temporary}/shared/r.yml`);
    expect(await staged(dir, { TMPDIR: temporary })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`Cannot load rules "${join(dir, "../shared")}"`),
    });
  });

  it("stops a push, which could else read what anybody put beside its folder", async () => {
    const dir = repository(`git init -q --bare ../r; git remote add origin ../r; mkdir ../shared
      echo 'rules: { paths: [../shared] }' > leaksweep.yml; ${rule("other")} > ../shared/r.yml; commit one`);
    const stdin = sh(dir, `echo "refs/heads/main $(git rev-parse HEAD) refs/heads/main ${"0".repeat(40)}"`);
    const env = { TMPDIR: join(dir, "../temporary") };
    mkdirSync(env.TMPDIR);
    sh(dir, "cp -r ../shared ../temporary/shared");
    expect(await leaksweep(["push", "origin", "../r"], { cwd: dir, stdin: `${stdin}\n`, env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Cannot read "\.\.\/shared".*outside of the repository/),
    });
  });

  it("counts as the index has it where a path only seems to lead out", async () => {
    const dir = repository(`${foreign("ownword")} > base.toml; ${extending("../repo/base.toml")}; git add .`);
    sh(dir, `${foreign("otherword")} > base.toml`);
    expect(await staged(dir)).toMatchObject(stops());
  });
});

it("what a config extends is had from the index, and from the working tree where git does not track it", async () => {
  const dir = repository(`mkdir ci; ${foreign("ownword")} > ci/base.toml; ${extending("ci/base.toml")}; git add .`);
  sh(dir, `${foreign("otherword")} > ci/base.toml`);
  expect(await staged(dir)).toMatchObject(stops());
  sh(dir, "git add .");
  expect(await staged(dir)).toMatchObject(passes());
  sh(dir, `${foreign("ownword")} > ci/base.toml; git rm -qf --cached ci/base.toml`);
  expect(await staged(dir)).toMatchObject(stops(lone("ci/base.toml")));
});

describe("a folder of rules", () => {
  const config = "echo 'rules: { paths: [own] }' > leaksweep.yml; git add leaksweep.yml";

  it("that git does not track is named, and of one that it does the files that it lacks", async () => {
    const dir = repository(
      `${config}; mkdir own; ${rule("ownword")} > own/a.yml; ${rule("two", "own.two")} > own/b.yml`,
    );
    expect(await staged(dir)).toMatchObject(stops(lone("own")));
    sh(dir, "echo notes > own/README; git add own/b.yml");
    expect(await staged(dir)).toMatchObject(stops(lone("own/a.yml")));
    sh(dir, "git add own/a.yml");
    expect(await staged(dir)).toMatchObject(stops());
  });

  it("counts as the index has it, where the working tree has a file in its place or the other way round", async () => {
    const dir = repository(`${config}; mkdir own; ${rule("ownword")} > own/a.yml; git add own`);
    sh(dir, "mv own/a.yml a.yml; rmdir own; mv a.yml own");
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "git rm -qr --cached own; git add own; mv own a.yml; mkdir own; mv a.yml own");
    expect(await staged(dir)).toMatchObject(stops());
  });

  it("is named as in the repository where it cannot be read", async () => {
    const dir = repository(config);
    expect(await staged(dir)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Cannot load rules \"own\": ENOENT: no such file or directory, stat 'own'"),
    });
    sh(dir, "mkdir own; echo '- { id: own.a' > own/a.yml; git add .");
    expect(await staged(dir)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^leaksweep: own\/a\.yml:2:1: /),
    });
  });

  it("may be a submodule, whose files are those that are checked out", async () => {
    const dir = repository(`git init -q ../rules; (cd ../rules; ${rule("ownword")} > r.yml; commit rules)
      git -c protocol.file.allow=always submodule add -q ../rules own; ${config}`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "git submodule deinit -q -f own");
    expect(await stagedByAll(dir)).toMatchObject(passes());
    sh(dir, "git -c protocol.file.allow=always submodule update -q --init");
    sh(dir, "mkdir own/deep; cp own/r.yml own/deep/r.yml");
    sh(dir, "echo 'rules: { paths: [own/deep] }' > leaksweep.yml; git add leaksweep.yml");
    expect(await staged(dir)).toMatchObject(stops());
  });

  it("may be a link, or hold some", async () => {
    const dir = repository(`${config}; mkdir real; ${rule("ownword")} > real/a.yml; ln -s real own; git add .`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "rm own; mkdir own; ln -s ../real/a.yml own/a.yml; git add -A .; echo broken > real/a.yml");
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "ln -s ../gone.yml own/b.yml; git add -f own/b.yml");
    expect(await staged(dir)).toMatchObject({ code: 2, stderr: expect.stringContaining('"own/b.yml"') });
  });
});

describe("a config that is a link", () => {
  it("is tracked, and followed in the index", async () => {
    const dir = repository(`mkdir etc; ${foreign("ownword")} > etc/g.toml; ln -s g.toml etc/l.toml
      ln -s etc/l.toml .gitleaks.toml; git add .`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, `${foreign("otherword")} > etc/g.toml`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "git add .");
    expect(await staged(dir)).toMatchObject(passes());
  });

  it("counts as it lies where it leads out of the index, or round in a circle", async () => {
    const dir = repository(`${foreign("ownword")} > ../g.toml; ln -s ../g.toml .gitleaks.toml; git add .`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, `echo '# other' > .gitleaksignore; git add .; echo '# mine' > .gitleaksignore`);
    expect(await staged(dir)).toMatchObject(stops());
    sh(dir, "ln -s b.yml a.yml; ln -s a.yml b.yml; ln -s a.yml leaksweep.yml; git add -f .");
    expect(await staged(dir)).toMatchObject(stops());
  });
});

describe("git is asked", () => {
  /** How many git processes a run of `staged` starts, and what it ended with. */
  async function asked(dir: string): Promise<{ code: number | null; git: number }> {
    const [bin, log] = [join(dir, "../bin"), join(dir, "../log")];
    const real = sh(dir, "command -v git");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$*" >> "${log}"\nexec "${real}" "$@"\n`);
    chmodSync(join(bin, "git"), 0o755);
    writeFileSync(log, "");
    const { code } = await stagedByAll(dir, { PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` });
    return { code, git: existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0 };
  }
  const packed = "git commit -q -m one; git repack -adq; echo clean > c; git add c";

  it("once more where there is a config that says the same as in the working tree", async () => {
    const { git } = await asked(repository(packed));
    const plain = `printf '[extend]\\nuseDefault = true\\n[[rules]]\\nid = "o"\\npath = "q"\\n' > .gitleaks.toml
      echo 'rules: { disable: [github.*] }' > leaksweep.yml; git add .`;
    expect(await asked(repository(`${plain}; ${packed}`))).toEqual({ code: 0, git: git + 1 });
  });

  it("no more often for thirty files of rules than for one", async () => {
    const { git } = await asked(repository(packed));
    const dir = repository(`mkdir own; for i in $(seq 30); do ${rule("word$i", "own.r$i")} > own/$i.yml; done
      echo 'rules: { paths: [own] }' > leaksweep.yml; git add .; ${packed}`);
    expect(await asked(dir)).toEqual({ code: 0, git: git + 2 });
    sh(dir, "for i in $(seq 30); do echo '# more' >> own/$i.yml; done");
    expect(await asked(dir)).toEqual({ code: 0, git: git + 3 });
  });
});
