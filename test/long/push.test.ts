/** Real pushes to a real remote, with the hook that `leaksweep hook install` writes: each is let through or stopped. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calmEnv, sh, whole } from "../kit.ts";

const bin = resolve(import.meta.dirname, "../../bin/leaksweep.cjs");
const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const other = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCP");
const keyId = whole("AK¦IA2DI5XSFN4QRETKGE");
const keySecret = whole("m3E+¦ysRBidtnzTmPTRefVm+dPaYZcLrD88FD8y+W");

/**
 * Words of the scenarios. Each starts in a work tree whose one commit, without any secret, the remote has; `push` tells
 * how it went: `let` or `stopped`. `force` goes past the hook.
 */
const words = `
  T=${token} OTHER=${other} ID=${keyId} SECRET=${keySecret}
  leak() { echo "key=$T" > "$1"; }
  new() { git checkout -q -b "$1"; }
  save() { git add -A . && git commit -q -m "\${1:-work}"; }
  push() { if git push -q "$@" >../said 2>&1; then echo let; elif grep -q '^leaksweep: this push was stopped' ../said; then echo stopped; else cat ../said; fi; }
  force() { git push -q --no-verify "$@"; }
`;

type Scenario = readonly [what: string, script: string, outcome: string];

const scenarios: readonly Scenario[] = [
  // branches
  ["a clean commit", "echo 2 >> a; save; push origin main", "let"],
  ["a commit with a secret", "leak b; save; push origin main", "stopped"],
  [
    "a first push to an empty remote",
    "leak b; save; git init -q --bare ../e; git remote add e ../e; push e main",
    "stopped",
  ],
  ["a clean first push to an empty remote", "git init -q --bare ../e; git remote add e ../e; push e main", "let"],
  ["a new branch without a commit of its own", "new x; push origin x", "let"],
  ["a new branch with a secret", "new x; leak b; save; push origin x", "stopped"],
  ["a secret that a later commit takes away", "leak b; save; git rm -q b; save; push origin main", "stopped"],
  [
    "a secret that a revert takes away",
    "leak b; save; git revert --no-edit HEAD >/dev/null; push origin main",
    "stopped",
  ],
  [
    "a secret 60 commits below the tip",
    "leak b; save; for i in $(seq 60); do git commit -q --allow-empty -m $i; done; push origin main",
    "stopped",
  ],
  ["a branch without a common ancestor", "git checkout -q --orphan x; leak b; save; push origin x", "stopped"],
  ["a detached HEAD", "git checkout -q --detach; leak b; save; push origin HEAD:refs/heads/x", "stopped"],
  ["a revision with spaces in it", "leak b; save; push origin 'HEAD@{0 seconds ago}:refs/heads/x'", "stopped"],
  ["an old commit under a new name", "new x; push origin HEAD~0:refs/heads/old", "let"],
  ["nothing at all", "push origin main", "let"],
  ["what lies in the work tree only", "echo 2 >> a; save; leak b; push origin main", "let"],
  ["a push past the hook", "leak b; save; push --no-verify origin main", "let"],
  // what the remote has
  [
    "another line of a file whose secret is there",
    "leak b; save; force origin main; echo 2 >> b; save; push origin main",
    "let",
  ],
  ["a file that moved with its secret", "leak b; save; force origin main; git mv b c; save; push origin main", "let"],
  [
    "a file that moved and changed beside its secret",
    "leak b; save; force origin main; git mv b c; echo 2 >> c; save; push origin main",
    "let",
  ],
  [
    "a copy of a secret that is there",
    "leak b; save; force origin main; cp b c; echo 2 >> c; save; push origin main",
    "let",
  ],
  [
    "a secret that was there in an old commit",
    "leak b; save; git rm -q b; save; force origin main; leak c; save; push origin main",
    "let",
  ],
  [
    "another secret in a place where one is",
    "leak b; save; force origin main; echo key=$OTHER > b; save; push origin main",
    "stopped",
  ],
  [
    "the second half of a credential",
    'echo "aws_access_key_id = $ID" > i; echo "aws_secret_access_key = $SECRET" > k; save; force origin main; cat i >> k; save; push origin main',
    "stopped",
  ],
  [
    "a line beside both halves",
    'echo "aws_access_key_id = $ID" > k; echo "aws_secret_access_key = $SECRET" >> k; save; force origin main; echo 2 >> k; save; push origin main',
    "let",
  ],
  [
    "what another remote has",
    "git init -q --bare ../o; git remote add o ../o; leak b; save; force o main; git fetch -q o; push origin main",
    "stopped",
  ],
  [
    "a new branch to a URL, which has no tracking refs",
    "leak b; save; force origin main; push ../r HEAD:refs/heads/x",
    "stopped",
  ],
  [
    "an update by URL, where git names what is there",
    "leak b; save; force ../r main; echo 2 >> a; save; push ../r main",
    "let",
  ],
  [
    "a merge of what the remote has",
    "new x; leak b; save; force origin x; git checkout -q main; echo 2 >> a; save; git merge -q --no-edit x; push origin main",
    "let",
  ],
  // history rewritten
  [
    "a forced push of a clean rewrite",
    "echo 2 >> a; save; force origin main; git commit -q --amend -m other; push -f origin main",
    "let",
  ],
  [
    "a forced push that adds a secret",
    "echo 2 >> a; save; force origin main; leak b; git add b; git commit -q --amend -m other; push -f origin main",
    "stopped",
  ],
  [
    "a forced push that takes a secret away",
    "leak b; save; force origin main; git reset -q --hard HEAD~; echo 2 >> a; save; push -f origin main",
    "let",
  ],
  [
    "a forced push over commits that are not here",
    "git clone -q ../r ../c; (cd ../c; echo 3 >> a; save; git push -q origin HEAD:main); leak b; save; push -f origin main",
    "stopped",
  ],
  // deletions and many refs
  ["a deletion", "new x; echo 2 >> a; save; force origin x; push origin :x", "let"],
  [
    "a deletion and a secret",
    "new x; echo 2 >> a; save; force origin x; git checkout -q main; leak b; save; push origin :x main",
    "stopped",
  ],
  [
    "two branches, the second with a secret",
    "new x; echo 2 >> a; save; new y; leak b; save; push origin x y",
    "stopped",
  ],
  ["all branches, one with a secret", "new x; leak b; save; git checkout -q main; push --all origin", "stopped"],
  [
    "all branches of a mirror",
    "new x; leak b; save; git checkout -q main; git init -q --bare ../m; git remote add --mirror=push m ../m; push m",
    "stopped",
  ],
  // tags, notes and other objects
  ["a tag of a commit with a secret", "leak b; save; git tag v1; git reset -q --hard HEAD~; push origin v1", "stopped"],
  [
    "all tags, one of them on a secret",
    "git tag v0; leak b; save; git tag v1; git reset -q --hard HEAD~; push --tags origin",
    "stopped",
  ],
  ["an annotated tag with a clean message", "git tag -a v1 -m one; push origin v1", "let"],
  ["an annotated tag with a secret in its message", 'git tag -a v1 -m "key=$T"; push origin v1', "stopped"],
  [
    "a tag of a tag with a secret in its message",
    'git tag -a v1 -m "key=$T"; git tag -a v2 -m two v1; git tag -d v1 >/dev/null; push origin v2',
    "stopped",
  ],
  [
    "a tag of a blob with a secret",
    'git tag v1 $(echo "key=$T" | git hash-object -w --stdin); push origin v1',
    "stopped",
  ],
  ["notes with a secret", 'git notes add -m "key=$T"; push origin refs/notes/commits', "stopped"],
  // merges
  [
    "a merge that brings a secret in itself",
    "new x; echo x > x; save; git checkout -q main; echo 2 >> a; save; git merge -q --no-commit x; leak b; save; push origin main",
    "stopped",
  ],
  [
    "a merge of a clean branch",
    "new x; echo x > x; save; git checkout -q main; echo 2 >> a; save; git merge -q --no-edit x; push origin main",
    "let",
  ],
  // not in files
  ["a secret in a commit message", 'echo 2 >> a; save "key=$T"; push origin main', "stopped"],
  [
    "a secret in an author",
    'echo 2 >> a; git add a; git commit -q -m x --author="$T <a@example.org>"; push origin main',
    "stopped",
  ],
  ["a secret in the name of a file", "echo 2 > $T; save; push origin main", "stopped"],
  ["a secret in the name of a branch", "git branch $T; push origin $T", "stopped"],
  // what the repository says
  ["a secret that a comment allows", 'echo "key=$T # leaksweep:allow made up" > b; save; push origin main', "let"],
  [
    "what the pushed config excludes",
    "mkdir v; leak v/b; echo 'exclude: [v]' > leaksweep.yml; save; push origin main",
    "let",
  ],
  [
    "what only the work tree's config excludes",
    "mkdir v; leak v/b; save; echo 'exclude: [v]' > leaksweep.yml; push origin main",
    "stopped",
  ],
  [
    "what the pushed rules find",
    "mkdir own; echo '- {id: own.word, name: Own word, severity: high, confidence: high, pattern: \"(?<secret>ownword[0-9]{8})\", samples: {leak: [a ownword12345678, b ownword87654321], clean: [ownword]}}' > own/r.yml; echo 'rules: {paths: [own]}' > leaksweep.yml; save; force origin main; echo ownword20250101 > b; save; git rm -rq --cached own; rm -r own; git checkout -q HEAD -- own; push origin main",
    "stopped",
  ],
  // other repositories
  [
    "a clean commit on a shallow clone",
    "git clone -q --depth 1 file://$PWD/../r ../c; cp .git/hooks/pre-push ../c/.git/hooks; cd ../c; echo 2 >> a; save; push origin HEAD:main",
    "let",
  ],
  [
    "a secret on a shallow clone",
    "git clone -q --depth 1 file://$PWD/../r ../c; cp .git/hooks/pre-push ../c/.git/hooks; cd ../c; leak b; save; push origin HEAD:main",
    "stopped",
  ],
  ["a secret in a linked work tree", "git worktree add -q ../l -b x; cd ../l; leak b; save; push origin x", "stopped"],
  [
    "a submodule, whose commits are not here",
    "git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),s; git commit -q -m s; push origin main",
    "let",
  ],
  [
    "a secret in a repository of SHA-256",
    "git init -q --bare --object-format=sha256 ../s; git init -q -b main --object-format=sha256 ../t; cp .git/hooks/pre-push ../t/.git/hooks; cd ../t; git remote add origin ../s; leak b; save; push origin main",
    "stopped",
  ],
];

const run = promisify(execFile);

describe("a push of", () => {
  const outcomes = new Map<string, Promise<string>>();
  const folder = mkdtempSync(join(tmpdir(), "leaksweep-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const start = mkdtempSync(join(folder, "start-"));
    sh(
      start,
      `git init -q --bare -b main r; git init -q -b main w; cd w; git remote add origin ../r; echo 1 > a; commit one; git push -q origin main; "${process.execPath}" "${bin}" hook install pre-push`,
    );
    let last: Promise<unknown> = Promise.resolve();
    let beforeLast: Promise<unknown> = last;
    // Two at a time: each is mostly git and one start of node.
    for (const [what, script] of scenarios) {
      const outcome = beforeLast.then(() => play(script, { start, dir: mkdtempSync(join(folder, "push-")) }));
      outcomes.set(what, outcome);
      [beforeLast, last] = [last, outcome.catch(() => {})];
    }
    await Promise.all([last, beforeLast]);
  });

  it.each(scenarios)("%s", async (what, _script, outcome) => {
    expect(await outcomes.get(what)).toBe(outcome);
  });
});

/** Plays a scenario in a copy of `start`; what it prints is how it went. */
async function play(script: string, { start, dir }: { start: string; dir: string }): Promise<string> {
  cpSync(start, dir, { recursive: true });
  const { stdout } = await run("sh", ["-euc", `${words}\n${script}`], { cwd: join(dir, "w"), env: calmEnv });
  return stdout.trim();
}
