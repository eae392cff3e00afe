import { expect, it } from "vitest";
import { catFileStore } from "../../src/git/cat-file.ts";
import { openRepository } from "../../src/git/repository.ts";
import { HistorySource, storeOf } from "../../src/sources/history.ts";
import type { Trace } from "../../src/terms.ts";
import { sh, story } from "../kit.ts";
import { traceToy } from "./toy-engine.ts";

/** Traces of a repository by the secret's letters, with commits as their subject lines, to be read as a story. */
async function tell(dir: string): Promise<Record<string, Told>> {
  const repository = await openRepository(dir);
  if (!repository) throw new Error("no repository");
  const idBytes = repository.objectFormat === "sha256" ? 32 : 20;
  const options = { selection: { kind: "all" }, allowShallow: false, allowPartial: false } as const;
  const source = new HistorySource(repository, catFileStore(repository.git, { idBytes }), options);
  const { traced, name } = await traceToy(source);
  const subject = (id: string | undefined): string =>
    id === undefined ? "-" : sh(dir, `git log -1 --format=%s ${id}`);
  return Object.fromEntries([...traced.marks].map(([mark, trace]) => [name(mark), told(trace, subject)]));
}

interface Told {
  status: string;
  introduced: string;
  removed: string;
  refs: readonly string[];
  runs: string[];
}

const told = ({ status, introduced, removed, refs, runs }: Trace, subject: (id?: string) => string): Told => ({
  status,
  introduced: subject(introduced?.commit),
  removed: subject(removed?.commit),
  refs,
  runs: runs
    .map((run) => {
      const span = `${subject(run.first.commit)}..${subject(run.last.commit)}`;
      return `${run.where} ${run.path} ${span} x${run.versions} ${run.status}`;
    })
    .sort(),
});

const main = ["HEAD", "refs/heads/main"];

it("names the commit that brought a secret in and the one that took it out", async () => {
  const dir = story(`
    git init -q -b main
    echo one > a; commit start
    echo secret-a >> a; commit add
    echo more >> a; commit carry
    echo clean > a; commit remove
  `);
  expect(await tell(dir)).toEqual({
    a: {
      status: "removed",
      introduced: "add",
      removed: "remove",
      refs: main,
      runs: ["content a add..carry x2 removed"],
    },
  });
});

it("does not take a move for a removal", async () => {
  const dir = story(`
    git init -q -b main
    echo secret-a > a; commit add
    git mv a b; commit move
  `);
  expect(await tell(dir)).toEqual({
    a: {
      status: "present",
      introduced: "add",
      removed: "-",
      refs: main,
      runs: ["content a add..add x1 removed", "content b move..move x1 present"],
    },
  });
});

it("starts a new run when a removed secret comes back", async () => {
  const dir = story(`
    git init -q -b main
    echo secret-a > a; commit add
    echo clean > a; commit remove
    echo secret-a > a; commit again
  `);
  expect(await tell(dir)).toMatchObject({
    a: {
      status: "present",
      introduced: "add",
      removed: "-",
      runs: ["content a add..add x1 removed", "content a again..again x1 present"],
    },
  });
});

it("finds what only a merge brought in, and what only a merge took out", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; echo secret-gone > old; commit base
    git checkout -q -b side; echo side > b; commit side
    git checkout -q main; echo main > c; commit main
    git merge -q --no-commit side; echo secret-evil > a; git rm -q -f old; git add -A; git commit -q -m merge
  `);
  expect(await tell(dir)).toMatchObject({
    evil: { status: "present", introduced: "merge", removed: "-", runs: ["content a merge..merge x1 present"] },
    gone: { status: "present", introduced: "base", runs: ["content old base..base x1 present"] },
  });
  sh(dir, "git branch -q -D side");
  expect(await tell(dir)).toMatchObject({ gone: { status: "removed", removed: "merge" } });
});

it("blames the commit of the side branch for a removal, not the merge that brought it over", async () => {
  const dir = story(`
    git init -q -b main
    echo secret-a > a; commit add
    git checkout -q -b side; echo clean > a; commit remove
    git checkout -q main; echo x > b; commit other
    git merge -q -m merge side
    git branch -q -D side
  `);
  expect(await tell(dir)).toMatchObject({ a: { status: "removed", introduced: "add", removed: "remove" } });
});

it("joins the runs of branches that both carried a secret", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; commit base
    git checkout -q -b side; echo secret-a > a; commit side
    git checkout -q main; echo secret-a > a; echo m > m; commit main
    git merge -q -m merge side
    echo later >> a; commit later
    git branch -q -D side
  `);
  const { a } = await tell(dir);
  expect(a?.runs).toEqual(["content a side..later x2 present"]);
});

it("follows one blob under several paths", async () => {
  const dir = story(`
    git init -q -b main
    mkdir -p d/e; echo secret-a > a; echo secret-a > d/e/a; commit both
    git rm -q a; commit one
  `);
  expect((await tell(dir)).a).toMatchObject({
    status: "present",
    runs: ["content a both..both x1 removed", "content d/e/a both..both x1 present"],
  });
});

it("walks octopus merges", async () => {
  const dir = story(`
    git init -q -b main
    echo base > base; commit base
    for n in one two three; do git checkout -q -b $n main; echo secret-$n > $n; commit $n; done
    git checkout -q main; git merge -q -m octopus one two three
    git rm -q one; commit clean
    git branch -q -D one two three
  `);
  expect(await tell(dir)).toMatchObject({
    one: { status: "removed", introduced: "one", removed: "clean" },
    two: { status: "present", introduced: "two" },
    three: { status: "present", introduced: "three" },
  });
});

it("reads messages, people, tags, names of files and refs, notes", async () => {
  const dir = story(`
    git init -q -b main
    mkdir secret-dir; echo x > secret-dir/secret-file; commit 'secret-message'
    git tag -a secret-tagname -m 'secret-tag'
    git notes add -m 'secret-note'
    GIT_AUTHOR_NAME='secret-author' git commit -q --allow-empty -m other
    git branch secret-branch
  `);
  const names = Object.entries(await tell(dir)).map(([name, { runs, status }]) => `${name}: ${runs.join()} ${status}`);
  expect(names.sort()).toMatchInlineSnapshot(`
    [
      "author: author  other..other x1 present present",
      "branch: ref refs/heads/secret-branch -..- x1 present present",
      "dir: path secret-dir secret-message..secret-message x1 present present",
      "file: path secret-dir/secret-file secret-message..secret-message x1 present present",
      "message: message  secret-message..secret-message x1 present present",
      "note: note 9a0bfae1c0707ca3333e95d05cfc579714fc8fb5 Notes added by 'git notes add'..Notes added by 'git notes add' x1 present present",
      "tag: tag secret-tagname secret-message..secret-message x1 present present",
      "tagname: ref refs/tags/secret-tagname -..- x1 present present",
    ]
  `);
});

it("calls unreachable what no ref shows, and says how to reach it", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; commit base
    echo secret-reset > b; commit draft
    git reset -q --hard HEAD~1
    echo secret-added > c; git add c; git rm -q --cached c; rm c
  `);
  expect(await tell(dir)).toMatchObject({
    reset: { status: "unreachable", introduced: "draft", refs: ["HEAD@{1}", "ORIG_HEAD", "main@{1}"] },
    added: { status: "unreachable", introduced: "-", runs: ["content  -..- x1 unreachable"] },
  });
});

it("finds every stash entry: index, working tree and untracked files", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; commit base
    echo secret-older >> a; git stash -q
    echo secret-indexed >> a; git add a; echo secret-unstaged >> a; echo secret-untracked > u; git stash -q -u
  `);
  const traces = await tell(dir);
  expect(Object.keys(traces).sort()).toEqual(["indexed", "older", "unstaged", "untracked"]);
  expect(traces.older).toMatchObject({ status: "unreachable", refs: ["stash@{1}"] });
  expect(traces.unstaged).toMatchObject({ status: "removed", refs: ["refs/stash"] });
});

it("places what is staged and not committed", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; commit base
    echo secret-a > new; git add new
  `);
  expect(await tell(dir)).toEqual({
    a: { status: "uncommitted", introduced: "-", removed: "-", refs: [], runs: ["content new -..- x1 uncommitted"] },
  });
});

it("sees blobs that only a tag shows", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; commit base
    git tag key $(echo secret-a | git hash-object -w --stdin)
  `);
  expect(await tell(dir)).toMatchObject({ a: { status: "removed", runs: ["content  -..- x1 removed"] } });
});

it("prefers what a ref reaches over an amended draft", async () => {
  const dir = story(`
    git init -q -b main
    echo base > a; commit base
    echo secret-a > b; commit draft
    at 2024-01-02T12:00:00+00:00
    git commit -q --amend -m final
  `);
  expect(await tell(dir)).toMatchObject({ a: { status: "present", introduced: "final" } });
});

it("calls removed what a ref shows in part, though a branch that is gone had it first", async () => {
  const dir = story(`
    git init -q -b main
    echo base > base; commit base
    git checkout -q -b side; echo secret-a > a; commit side
    at 2024-01-02T12:00:00+00:00
    git checkout -q main; echo secret-a > a; echo m > m; commit main
    git merge -q -m merge side; git reset -q --hard HEAD^1; git branch -q -D side
    at 2024-01-03T12:00:00+00:00
    git rm -q a; commit remove
  `);
  expect(await tell(dir)).toMatchObject({
    a: { status: "removed", introduced: "main", removed: "remove", runs: ["content a main..main x1 removed"] },
  });
});

it("takes a tree that is missing for no removal", async () => {
  const dir = story(`
    git init -q -b main
    echo secret-a > a; commit add
    echo b > b; commit broken
    tree=$(git rev-parse HEAD^{tree}); rm -f .git/objects/$(echo $tree | cut -c1-2)/$(echo $tree | cut -c3-)
  `);
  expect(await tell(dir)).toMatchObject({ a: { status: "present", introduced: "add", removed: "-" } });
});

it("says where it did not follow trees that are built to exhaust it", async () => {
  const dir = story(`
    git init -q -b main
    tree=$(printf '100644 blob %s\\tf\\n' $(echo secret-a | git hash-object -w --stdin) | git mktree)
    for level in 1 2 3 4 5 6 7; do
      tree=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf "040000 tree $tree\\td$n\\n"; done | git mktree)
    done
    git update-ref refs/heads/main $(git commit-tree -m bomb $tree)
  `);
  const repository = await openRepository(dir);
  if (!repository) throw new Error("no repository");
  const options = { selection: { kind: "all" }, allowShallow: false, allowPartial: false } as const;
  const { traced } = await traceToy(new HistorySource(repository, storeOf(repository), options));
  expect([...traced.marks.values()].map(({ status }) => status)).toEqual(["present"]);
  expect(traced.skips[0]).toMatchObject({ by: "fault", reason: expect.stringContaining("too many places") });
});

it("ends where forged ids put a tree into itself and make commits each other's parents", async () => {
  const dir = story(`
    git init -q -b main .
    echo secret-x > f
    file() { echo ".git/objects/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)"; }
    forged() { mkdir -p "$(dirname "$(file "$1")")"; mv "$(file "$2")" "$(file "$1")"; }
    blob=$(git hash-object -w f)
    inner=1111111111111111111111111111111111111111
    outer=$(printf '100644 blob %s\\tf\\n040000 tree %s\\tdir\\n' $blob $inner | git mktree --missing)
    forged $inner "$(printf '040000 tree %s\\tdir\\n' $outer | git mktree --missing)"
    older=2222222222222222222222222222222222222222
    newer=$(printf 'tree %s\\nparent %s\\nauthor A <a@example.org> 2 +0000\\ncommitter A <a@example.org> 2 +0000\\n\\nx\\n' $outer $older | git hash-object -t commit -w --stdin --literally)
    forged $older "$(printf 'tree %s\\nparent %s\\nauthor A <a@example.org> 1 +0000\\ncommitter A <a@example.org> 1 +0000\\n\\nx\\n' $outer $newer | git hash-object -t commit -w --stdin --literally)"
    echo $newer > .git/refs/heads/main`);
  const repository = await openRepository(dir);
  if (!repository) throw new Error("no repository");
  const options = { selection: { kind: "all" }, allowShallow: false, allowPartial: false } as const;
  const { traced } = await traceToy(new HistorySource(repository, storeOf(repository), options));
  expect([...traced.marks.values()].map(({ runs }) => runs[0]?.path)).toEqual(["f"]);
});
