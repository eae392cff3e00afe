import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hookEnvironment } from "../../src/git/environment.ts";
import { openGit } from "../../src/git/git.ts";
import { readIndex } from "../../src/git/index-file.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { recipe, sh, story, tempDir } from "../kit.ts";

async function open(path: string): Promise<Repository> {
  const found = await openRepository(path);
  if (!found) expect.fail(`no repository at ${path}`);
  return found;
}

const simple = "git init -q -b main .\nmkdir -p a/b\necho x > a/b/x\ncommit X\n";

describe("a work tree", () => {
  it("is found from its top, from a folder or file in it, and from its git folder", async () => {
    const dir = realpathSync(story(simple));
    for (const path of ["", "a/b", "a/b/x", ".git", ".git/refs"]) {
      const repo = await open(join(dir, path));
      expect(repo, path).toMatchObject({ gitDir: join(dir, ".git"), workTree: dir, bare: false });
      expect(repo.commonDir).toBe(repo.gitDir);
    }
  });

  it("is found through a link to a folder in it", async () => {
    const dir = realpathSync(story(simple));
    const link = join(tempDir(), "link");
    symlinkSync(join(dir, "a"), link);
    expect((await open(link)).workTree).toBe(dir);
  });

  it("is where `.git` is, whatever core.worktree and core.bare say", async () => {
    const dir = realpathSync(story(`${simple} git config core.worktree /usr\ngit config core.bare true`));
    const repo = await open(dir);
    expect(repo).toMatchObject({ workTree: dir, bare: false });
    expect(await repo.git.run(["ls-files", "--others"])).toBe("");
  });
});

it("is none outside of a repository, at a path that does not exist, or in what only looks like a git folder", async () => {
  const dir = tempDir();
  mkdirSync(join(dir, ".git/objects"), { recursive: true });
  mkdirSync(join(dir, ".git/refs"));
  writeFileSync(join(dir, ".git/HEAD"), "nothing\n");
  mkdirSync(join(dir, "sub"));
  writeFileSync(join(dir, "sub/.git"), "gitdir: /nowhere\n");
  for (const path of ["", "sub", "absent"]) expect(await openRepository(join(dir, path)), path).toBeUndefined();
  expect(await openRepository(join(story(simple), "absent"))).toBeUndefined();
});

it("a bare repository has no work tree", async () => {
  const dir = join(recipe("bare"), "bare.git");
  const repo = await open(dir);
  expect(repo).toMatchObject({ gitDir: realpathSync(dir), bare: true });
  expect(repo).not.toHaveProperty("workTree");
});

it("a repository without a config file opens", async () => {
  const dir = story(`${simple} rm .git/config`);
  expect(await open(dir)).toMatchObject({ objectFormat: "sha1", config: [] });
});

it("a broken config is named", async () => {
  const dir = story(`${simple} echo '[core' >> .git/config`);
  await expect(openRepository(dir)).rejects.toMatchObject({ code: "git.failed" });
  await expect(openRepository(dir)).rejects.toThrow(/bad config line \d+ in file .*\.git\/config/);
});

describe("a linked work tree", () => {
  it("has a git folder of its own and shares the rest", async () => {
    const dir = realpathSync(recipe("worktree"));
    expect(await open(join(dir, "linked"))).toMatchObject({
      gitDir: join(dir, "main/.git/worktrees/linked"),
      commonDir: join(dir, "main/.git"),
      workTree: join(dir, "linked"),
    });
  });

  it("and the main one know each other", async () => {
    const dir = realpathSync(recipe("worktree"));
    const [linked] = await (await open(join(dir, "main"))).worktrees();
    expect(linked).toMatchObject({ name: "worktrees/linked", gitDir: join(dir, "main/.git/worktrees/linked") });
    const [main, ...others] = await (await open(join(dir, "linked"))).worktrees();
    expect(main).toMatchObject({ name: "main-worktree", gitDir: join(dir, "main/.git") });
    expect(others).toEqual([]);
  });
});

describe("submodules", () => {
  it("are those whose repositories are here, nested ones with them", async () => {
    const dir = realpathSync(recipe("submodule"));
    const modules = join(dir, "main/.git/modules/vendor/lib");
    expect(await (await open(join(dir, "main"))).submodules()).toEqual([
      { path: "vendor/lib", gitDir: modules, workTree: join(dir, "main/vendor/lib") },
      { path: "vendor/lib/core", gitDir: join(modules, "modules/core") },
    ]);
  });

  it("open like any work tree", async () => {
    const dir = realpathSync(recipe("submodule"));
    expect(await open(join(dir, "main/vendor/lib"))).toMatchObject({
      gitDir: join(dir, "main/.git/modules/vendor/lib"),
      workTree: join(dir, "main/vendor/lib"),
    });
  });

  it("open by their git folder although its core.worktree points elsewhere", async () => {
    const dir = realpathSync(recipe("submodule"));
    const repo = await open(join(dir, "main/.git/modules/vendor/lib"));
    expect(repo.bare).toBe(true);
    expect(await repo.git.run(["rev-list", "--count", "--all"])).toBe("1\n");
  });

  it("open by a known git folder with the files that are named, and nothing else is searched", async () => {
    const dir = realpathSync(recipe("submodule"));
    const workTree = join(dir, "main/vendor/lib");
    const gitDir = join(dir, "main/.git/modules/vendor/lib");
    expect(await openRepository(gitDir, { known: { workTree } })).toMatchObject({ gitDir, workTree });
    expect(await openRepository(gitDir, { known: {} })).not.toHaveProperty("workTree");
    expect(await openRepository(workTree, { known: {} })).toBeUndefined();
    expect(await openRepository(join(workTree, ".git"), { known: { workTree } })).toBeUndefined();
  });

  it("with a repository inside their own folder count, one that points elsewhere does not", async () => {
    const dir = realpathSync(
      story(`
        git init -q elsewhere; (cd elsewhere; echo x > x; commit X)
        git init -q main; cd main
        git init -q own; (cd own; echo x > x; commit X)
        git init -q stray; (cd stray; echo x > x; commit X)
        git add own stray 2> /dev/null; git commit -q -m Both
        rm -rf stray/.git; echo "gitdir: $PWD/../elsewhere/.git" > stray/.git`),
    );
    expect(await (await open(join(dir, "main"))).submodules()).toEqual([
      { path: "own", gitDir: join(dir, "main/own/.git"), workTree: join(dir, "main/own") },
    ]);
  });
});

it.each([
  ["sha256", "", { objectFormat: "sha256", shallow: false, partial: false }],
  ["shallow", "clone", { objectFormat: "sha1", shallow: true, partial: false }],
  ["partial", "clone", { objectFormat: "sha1", shallow: false, partial: true }],
  ["empty", "", { objectFormat: "sha1", shallow: false, partial: false }],
] as const)("the recipe %s is what it is called", async (name, folder, traits) => {
  expect(await open(join(recipe(name), folder))).toMatchObject(traits);
});

it("a partial clone is known by its packs when its config keeps silent", async () => {
  const dir = join(recipe("partial"), "clone");
  sh(dir, "git config --remove-section remote.origin");
  sh(dir, "git config --unset extensions.partialclone || true");
  expect((await open(dir)).partial).toBe(true);
});

it("remotes are read from the repository's own config alone", async () => {
  const dir = story(`${simple}
    git remote add origin https://host/a.git
    git remote set-url --add origin https://host/b.git
    git remote set-url --push origin 'https://ann:hush@host/push.git'
    git remote add 'od.d/näme' ssh://host/c
    git config remote.pushonly.pushurl x
    printf '[remote "included"]\\n\\turl = y\\n' > included
    git config include.path "$PWD/included"`);
  expect((await open(dir)).remotes()).toEqual([
    {
      name: "origin",
      urls: ["https://host/a.git", "https://host/b.git"],
      pushUrls: ["https://ann:hush@host/push.git"],
    },
    { name: "od.d/näme", urls: ["ssh://host/c"], pushUrls: [] },
    { name: "pushonly", urls: [], pushUrls: ["x"] },
  ]);
});

/** Shell that puts a hook in place which leaves its variables in `$OUT` and then does `more`. */
const spy = (hook: string, more: string): string => `cat > ${hook} <<'EOF'
#!/bin/sh
env | grep ^GIT_ > "$OUT"
${more}
EOF
chmod +x ${hook}
`;

describe("a hook's environment", () => {
  /** Runs a command whose hook is a spy; gives what the hook was told, and where it left things. */
  const spied = (dir: string, command: string): { env: Record<string, string>; out: string } => {
    const out = join(tempDir(), "env");
    const lines = sh(dir, `OUT=${out} ${command}\ncat ${out}`).split("\n");
    return { out, env: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
  };

  it.each([
    ["git commit -q -a -m All", "changed"],
    ["git commit -q -m One -- a/b/x", "changed"],
    ["git commit -q -m Index --allow-empty", "x"],
  ])("of `%s` names the index that is about to be committed", async (command, content) => {
    const keep = 'cp "$GIT_INDEX_FILE" "$OUT.index"';
    const dir = realpathSync(story(`${simple}echo changed > a/b/x\n${spy(".git/hooks/pre-commit", keep)}`));
    const { env, out } = spied(dir, command);
    const repo = await openRepository(dir, { env: hookEnvironment(env, dir) });
    expect(repo).toMatchObject({ gitDir: join(dir, ".git"), workTree: dir });
    expect(repo?.git.place?.indexFile).toMatch(/^\/.*\.git\/(index|next-index-\d+)(\.lock)?$/);
    const [entry] = repo ? await readIndex(repo, { indexFile: `${out}.index` }) : [];
    expect(sh(dir, `git cat-file blob ${entry?.oid}`)).toBe(content);
  });

  it("of a push that is being received gives the objects in quarantine", async () => {
    const hook = spy("server.git/hooks/pre-receive", 'cp -r "$GIT_QUARANTINE_PATH" "$OUT.objects"');
    const client = "git init -q -b main client; cd client; echo x > x; commit X";
    const dir = realpathSync(story(`git init -q --bare server.git\n${hook}${client}`));
    const server = join(dir, "server.git");
    const { env, out } = spied(join(dir, "client"), "git push -q ../server.git main:refs/heads/new");
    sh(server, "git update-ref -d refs/heads/new; rm -rf objects; mkdir -p objects/pack");
    const told = hookEnvironment(env, server);
    expect(told.objects?.quarantine).toBe(told.objects?.directory);
    const objects = { ...told.objects, directory: `${out}.objects` };
    const repo = await openRepository(server, { env: { ...told, objects } });
    expect(repo?.gitDir).toBe(server);
    expect(await repo?.git.run(["cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"])).toMatch(/commit\n/);
  });

  it("wins over the path, and without a repository there is none", async () => {
    const [here, there] = [realpathSync(story(simple)), realpathSync(story(simple))];
    const env = { gitDir: join(there, ".git") };
    expect(await openRepository(here, { env })).toMatchObject({ gitDir: join(there, ".git"), bare: true });
    expect(await openRepository(there, { env })).toMatchObject({ workTree: there });
    expect(await openRepository(here, { env: { gitDir: "/nowhere" } })).toBeUndefined();
  });
});

it("whose refs are reftables needs a git that knows them", async () => {
  const dir = story(
    "git init -q .\ngit config core.repositoryformatversion 1\ngit config extensions.refstorage reftable",
  );
  const { major, minor } = await openGit().version();
  if (major > 2 || minor >= 45) return;
  await expect(openRepository(dir)).rejects.toMatchObject({
    code: "git.too-old",
    message: expect.stringContaining("reftables"),
    hint: expect.stringContaining("2.45"),
  });
});
