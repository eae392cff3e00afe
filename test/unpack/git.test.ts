/** Files of git that lie where no repository is: in archives, back-ups, fixtures. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unpack } from "../../src/unpack/unpack.ts";
import { leaksweep, sh, story, tempDir, whole } from "../kit.ts";

const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");

/** A secret that came, moved and went, in files large enough to be deltas of each other. */
const leaky = (flags = ""): string =>
  story(`
    git init -q -b main ${flags}
    mkdir -p conf; seq 1 400 > conf/app.env; commit one
    echo "key=${token}" >> conf/app.env; commit "two"
    seq 1 401 > conf/app.env; commit three
    git tag -m "of ${token.slice(0, 12)}" v1
    git gc -q`);

async function namesIn(file: string): Promise<{ names: string[]; unread: string[] }> {
  const found = { names: [] as string[], unread: [] as string[] };
  for await (const member of unpack(readFileSync(file), { depth: 5, now: () => 0 })) {
    if ("reason" in member) found.unread.push(member.reason);
    else found.names.push(`${member.path} ${member.bytes.length}`);
  }
  return found;
}

/** What git itself says is in a repository: the names that its objects have as members. */
function expected(dir: string): string[] {
  const all = sh(dir, "git cat-file --batch-check='%(objecttype) %(objectname) %(objectsize)' --batch-all-objects");
  return all
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([type]) => type !== "tree")
    .map(([type, id, size]) =>
      type === "blob" ? `${id?.slice(0, 10)}/conf/app.env ${size}` : `${type}/${id} ${size}`,
    );
}

describe.each(["", "--object-format=sha256"])("a history of git init %s", (flags) => {
  it("is read whole from its pack, each blob named by where it lay", async () => {
    const dir = leaky(flags);
    const pack = sh(dir, "ls .git/objects/pack/*.pack").trim();
    const { names, unread } = await namesIn(join(dir, pack));
    expect(unread).toEqual([]);
    expect(names.sort()).toEqual(expected(dir).sort());
  });

  it("is read whole from a bundle of it", async () => {
    const dir = leaky(flags);
    sh(dir, "git bundle create -q all.bundle --all");
    const { names, unread } = await namesIn(join(dir, "all.bundle"));
    expect(unread).toEqual([]);
    expect(names.sort()).toEqual(expected(dir).sort());
  });
});

it("a bundle of the last commits alone says that it is made of what is not in it", async () => {
  const dir = leaky();
  sh(dir, "seq 1 402 > conf/app.env; commit four; git bundle create -q some.bundle main~1..main");
  const { unread } = await namesIn(join(dir, "some.bundle"));
  expect(unread).toEqual([expect.stringMatching(/^holds \d+ deltas of objects that are damaged or not in it$/)]);
});

it("a .git folder in a back-up gives up what was deleted from its history, and a deep chain of deltas is no matter", async () => {
  const dir = leaky();
  const home = tempDir();
  mkdirSync(join(home, "site"));
  renameSync(join(dir, ".git"), join(home, "site/dot-git"));
  execFileSync("tar", ["czf", join(home, "backup.tar.gz"), "-C", home, "site"]);
  const { code, stdout } = await leaksweep(["dir", join(home, "backup.tar.gz"), "-f", "json"]);
  const { findings } = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(findings).toMatchObject([{ rule: "github.pat-classic" }]);
  expect(findings[0].occurrences[0].member).toMatch(
    /^site\/dot-git\/objects\/pack\/pack-[0-9a-f]{40}\.pack![0-9a-f]{10}\/conf\/app\.env$/,
  );
});

it("a bundle in a history is opened like any other archive there", async () => {
  const inner = leaky();
  sh(inner, "git bundle create -q all.bundle --all");
  const outer = story("git init -q -b main; echo hello > readme; commit one");
  renameSync(join(inner, "all.bundle"), join(outer, "old.bundle"));
  sh(outer, "git add old.bundle; commit two; git gc -q");
  const { stdout } = await leaksweep(["git", outer, "-f", "json"]);
  expect(JSON.parse(stdout).findings[0].occurrences).toMatchObject([
    { path: "old.bundle", member: expect.stringMatching(/\/conf\/app\.env$/) },
  ]);
});
