/**
 * The compatibility mode against reports that gitleaks 8.30.1 itself wrote of `fixtures/gitleaks/tree.sh`, with
 * `fixtures/gitleaks/gitleaks.toml`: each of its rows is there, number by number, and what is more has a tag.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Row } from "../../src/foreign/row.ts";
import { leaksweep, sh, story, tempDir, whole } from "../kit.ts";

const fixtures = resolve("fixtures/gitleaks");
const recorded = (name: string): string => whole(readFileSync(join(fixtures, name), "utf8"));
const tree = (): string => story(readFileSync(join(fixtures, "tree.sh"), "utf8"));

/** Runs the mode where the config can find what it extends. */
const gitleaks = (...args: string[]) => leaksweep(["gitleaks", ...args, "-c", "gitleaks.toml"], { cwd: fixtures });

const byPlace = (a: Row, b: Row): number => (key(a) < key(b) ? -1 : 1);
const key = ({ File, StartLine, RuleID, Commit, StartColumn }: Row): string =>
  [File, String(StartLine).padStart(6), String(StartColumn).padStart(6), RuleID, Commit].join("\0");

describe("rows", () => {
  it("of commits are those that gitleaks reports, and what only a merge holds, which is marked", async () => {
    const { stdout, code } = await gitleaks("git", tree(), "-r", "-", "-f", "json");
    const rows: Row[] = JSON.parse(stdout);
    const extra = rows.filter(({ Tags }) => Tags.some((tag) => tag.startsWith("extra:")));
    expect(rows.filter((row) => !extra.includes(row)).sort(byPlace)).toEqual(
      (JSON.parse(recorded("report.git.json")) as Row[]).sort(byPlace),
    );
    expect(extra).toMatchObject([{ File: "evil.txt", Tags: ["base", "child", "extra:merge"] }]);
    expect(code).toBe(1);
  });

  it("of files are those that gitleaks reports", async () => {
    const dir = tree();
    const { stdout } = await gitleaks("dir", dir, "-r", "-", "-f", "json");
    const rows: Row[] = JSON.parse(stdout.replaceAll(`${dir}/`, ""));
    expect(rows.sort(byPlace)).toEqual((JSON.parse(recorded("report.dir.json")) as Row[]).sort(byPlace));
  });

  it.each(["csv", "sarif", "junit"])("as %s are written as gitleaks writes them, in whatever order", async (format) => {
    // With options for the log there is nothing extra.
    const log = ["--log-opts", "--full-history --all --diff-filter=tuxdb"];
    const { stdout } = await gitleaks("git", tree(), "-r", "-", "-f", format, ...log);
    const lines = (text: string): string[] => text.trim().split("\n").sort();
    expect(lines(stdout)).toEqual(lines(recorded(`report.git.${format}`)));
  });
});

describe("exit code and words", () => {
  it("follow gitleaks: 1 or --exit-code for leaks, 1 for errors, 126 for unknown flags", async () => {
    const dir = tree();
    const codes = async (...args: string[]) => (await gitleaks(...args)).code;
    expect(await codes("git", dir, "--exit-code", "7")).toBe(7);
    expect(await codes("git", dir, "--exit-code=0")).toBe(0);
    expect(await codes("git", dir, "--enable-rule", "in-ini,nothing")).toBe(1);
    expect(await codes("git", dir, "--bogus")).toBe(126);
    expect(await codes("dir", join(dir, "gone"))).toBe(1);
    expect(await codes("git", dir, "-r", "x.xml")).toBe(1);
    expect(await codes("detect", "--no-git", "-s", join(dir, "main.txt"))).toBe(0);
    expect(
      (await leaksweep(["gitleaks", "-c", "gitleaks.toml", "stdin", "-v"], { cwd: fixtures, stdin: "abc" })).code,
    ).toBe(0);
  });

  it("never say that all is well of a history that is cut off, or that git cannot read", async () => {
    const clean = story(
      "git init -q -b main; echo 1 > a; commit one; echo 2 > a; commit two; echo 3 > a; commit three",
    );
    const shallow = join(tempDir(), "shallow");
    sh(clean, `git clone -q --depth 1 "file://$PWD" '${shallow}'`);
    const cut = await gitleaks("git", shallow);
    expect(cut).toMatchObject({ code: 1, stderr: expect.stringContaining("INCOMPLETE") });
    expect((await gitleaks("git", shallow, "--allow-shallow")).code).toBe(0);
    sh(clean, `rm -f .git/objects/$(git rev-parse HEAD:a | sed 's,^..,&/,')`);
    expect(await gitleaks("git", clean)).toMatchObject({ code: 1, stderr: expect.stringContaining("not read") });
  });

  it("do not run what a log option would run", async () => {
    const { code, stderr } = await gitleaks("git", tree(), "--log-opts", "--all --output=/tmp/x");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("writes files or runs programs") });
  });
});

describe("what is left out", () => {
  it("is what an old report holds, number by number, what .gitleaksignore names, and lines with a comment", async () => {
    const dir = tree();
    const report = join(tempDir(), "old.json");
    await gitleaks("git", dir, "-f", "json", "-r", report);
    expect((await gitleaks("git", dir, "-b", report)).code).toBe(0);
    const rows: Row[] = JSON.parse(readFileSync(report, "utf8"));
    const [first, ...rest] = rows;
    writeFileSync(report, JSON.stringify([{ ...first, StartColumn: 99 }, ...rest]));
    expect((await gitleaks("git", dir, "-b", report)).stderr).toContain("leaks found: 1");
    writeFileSync(join(dir, ".gitleaksignore"), `# ignored\n${rows.map((row) => row.Fingerprint).join("\n")}\n`);
    expect((await gitleaks("git", dir)).code).toBe(0);
    writeFileSync(join(dir, ".gitleaksignore"), "renamed.env:own-key:3\nnonsense\n");
    const { stderr } = await gitleaks("git", dir);
    expect(stderr).toContain(".gitleaksignore:2: this line is neither");
    expect((await gitleaks("git", dir, "--ignore-gitleaks-allow")).stderr).toContain("leaks found: 17");
  });

  it("is a secret where it is redacted, in the report and on the terminal", async () => {
    const dir = tree();
    const { stdout } = await gitleaks("git", dir, "--redact", "-v", "-f", "json", "-r", "-");
    expect(stdout).not.toContain(whole("ow¦n_q1w2e3r4t5y6u7i8o9p1a2s3"));
    expect(stdout).toContain('"Secret": "REDACTED"');
    const half = await gitleaks("dir", dir, "--redact=50", "-f", "json", "-r", "-");
    expect(half.stdout).toContain(whole('"Secret": "ow¦n_q1w2e3r4t5..."'));
  });
});

it("reads what is staged, or changed and not staged, and nothing else", async () => {
  const dir = tree();
  writeFileSync(join(dir, "main.txt"), whole("main\nstaged ow¦n_a1s2d3f4g5h6j7k8l9z1x2c3\n"));
  sh(dir, "git add main.txt");
  writeFileSync(join(dir, "side.txt"), whole("worktree ow¦n_z1s2d3f4g5h6j7k8l9z1x2c3\n"));
  const filesOf = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await gitleaks("git", dir, ...args, "-f", "json", "-r", "-");
    return (JSON.parse(stdout) as Row[]).map(({ File, StartLine }) => `${File}:${StartLine}`);
  };
  expect(await filesOf("--staged")).toEqual(["main.txt:2"]);
  expect(await filesOf("--pre-commit")).toEqual(["side.txt:1"]);
  const { stdout } = await gitleaks("protect", "--staged", "-s", dir, "-f", "json", "-r", "-");
  expect(JSON.parse(stdout)).toMatchObject([{ File: "main.txt", Commit: "" }]);
});

it("messages of commits are those that gitleaks reads: with no white space at the ends of lines", async () => {
  const dir = story(`git init -q -b main; echo ow¦n_q1w2e3r4t5y6u7i8o9p1a2s3 > a; git add a
    printf 'one  \\r\\n\\r\\n* two\\r\\n\\r\\n\\r\\n* three \\r\\n' | git commit -q --cleanup=verbatim -F -`);
  const { stdout } = await gitleaks("git", dir, "-f", "json", "-r", "-");
  expect((JSON.parse(stdout) as Row[]).map(({ Message }) => Message)).toEqual(["one\n\n* two\n\n* three"]);
});

it("follows links to files where it is told to, wherever they lead, and goes round in no circle", async () => {
  const dir =
    story(`mkdir in out; echo ow¦n_q1w2e3r4t5y6u7i8o9p1a2s3 > out/secret; echo ow¦n_a1s2d3f4g5h6j7k8l9z1x2c3 > in/own
    printf "[[rules]]\\nid='own'\\nregex='own_[a-z0-9]{24}'\\n" > c.toml
    cd in; ln -s ../out/secret link; ln -s own twin; ln -s . circle; ln -s round round; ln -s gone nowhere; ln -s ../out folder`);
  const rows = async (...args: string[]) => {
    const flags = ["gitleaks", "dir", "in", "-c", "c.toml", "-f", "json", "-r", "-", ...args];
    const { stdout, code } = await leaksweep(flags, { cwd: dir });
    const told = (JSON.parse(stdout) as Row[]).map(({ File, SymlinkFile }) => `${File} ${SymlinkFile}`.trim());
    return { told: told.sort(), code };
  };
  expect(await rows()).toEqual({ told: ["in/own"], code: 1 });
  expect(await rows("--follow-symlinks")).toEqual({
    told: ["in/own", "in/own in/twin", "out/secret in/link"],
    code: 1,
  });
});
