/** A repository in which nothing has changed is not read again, and one in which anything has is. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { type Plan, resolvePlan } from "../../src/config/plan.ts";
import { formats, loadReporter } from "../../src/report/reporter.ts";
import { type ScanRequest, scan } from "../../src/scan.ts";
import type { Result } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { dirForAll, leaksweep, sh, story, tempDir, whole } from "../kit.ts";

const token = "gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ";

const history = `git init -q -b main
    echo "one = ${token}" > app.env; printf 'user: ann\\npassword: hunter2-and-mo¦re-9f\\n' > db.yml; commit "one"
    rm app.env; commit "away: ${token}"
    git branch other; git gc -q; echo more > b; commit two`;

let model = "";

beforeAll(() => {
  const shared = dirForAll();
  model = story(history, shared.dir);
  return shared.remove;
});

/** A copy of the repository of that history: to copy it is a tenth of the work of making it. */
function leaky(): string {
  const dir = join(tempDir(), "repo");
  cpSync(model, dir, { recursive: true, preserveTimestamps: true });
  return dir;
}

interface Asked extends Partial<Pick<ScanRequest, "command" | "least">> {
  readonly plan?: Partial<Plan>;
}

function* ticking(): Generator<Date, never> {
  for (let now = Date.now() + 10_000; ; now += 1000) yield new Date(now);
}

/** A scan that remembers in `cache`, and takes a second by its own clock. */
async function remembering(dir: string, cache: string, asked: Asked = {}): Promise<Result> {
  const { command = "git", plan = {}, ...others } = asked;
  const clock = ticking();
  return scan({
    ...others,
    command,
    paths: [dir],
    plan: resolvePlan({ cache, ...plan }, {}),
    env: {},
    signal: new AbortController().signal,
    now: () => clock.next().value,
  });
}

async function rendered({ remembered: _, ...result }: Result, format: (typeof formats)[number]): Promise<string> {
  const reporter = await loadReporter(format);
  const options = {
    redact: true,
    colour: false,
    width: 80,
    version: "0",
    ended: new Date(0),
    detail: "verbose",
    remedy,
  } as const;
  const parts = reporter.render({ ...result, tally: { ...result.tally, seconds: 1 } }, options);
  return [...parts].join("");
}

describe("a second scan", () => {
  it("of the same reads nothing, and reports the same in every format", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    const first = await remembering(dir, cache);
    const second = await remembering(dir, cache);
    expect(first.findings.length).toBeGreaterThan(1);
    expect(first.remembered).toBeUndefined();
    expect(second.remembered).toMatch(/^\d{4}-/);
    for (const format of formats) expect(await rendered(second, format), format).toBe(await rendered(first, format));
  });

  it.each<[string, (dir: string) => void]>([
    ["a commit", (dir) => sh(dir, "echo x > c; commit three")],
    ["a branch", (dir) => sh(dir, "git branch new HEAD~1")],
    ["a branch that is gone", (dir) => sh(dir, "git branch -D -q other")],
    ["a stash", (dir) => sh(dir, "echo y >> b; git stash -q")],
    ["an object that nothing names", (dir) => sh(dir, "echo lost | git hash-object -w --stdin")],
    ["a reflog that is cleared", (dir) => sh(dir, "git reflog expire --expire=now --all")],
    ["an address of a remote", (dir) => sh(dir, "git remote add origin https://example.org/a.git")],
    ["other packs", (dir) => sh(dir, "git repack -a -d -q")],
    ["an alternate", (dir) => writeFileSync(join(dir, ".git/objects/info/alternates"), `${leaky()}/.git/objects\n`)],
  ])("notices %s", async (_what, change) => {
    const [dir, cache] = [leaky(), tempDir()];
    await remembering(dir, cache);
    change(dir);
    expect((await remembering(dir, cache)).remembered).toBeUndefined();
    expect((await remembering(dir, cache)).remembered).toBeDefined();
  });

  it.each<[string, Asked]>([
    ["other rules", { plan: { disable: ["github.*"] } }],
    ["other exclusions", { plan: { exclude: ["*.yml"] } }],
    ["another depth", { plan: { maxArchiveDepth: 0 } }],
    ["something accepted", { plan: { allow: [{ fingerprint: "ls1:a", reason: "r", until: "2099-01-01" }] } }],
    ["findings of less confidence", { least: "low" }],
  ])("asked for %s is no second scan", async (_what, other) => {
    const [dir, cache] = [leaky(), tempDir()];
    await remembering(dir, cache, { least: "medium" });
    expect((await remembering(dir, cache, { least: "medium" })).remembered).toBeDefined();
    expect((await remembering(dir, cache, { least: "medium", ...other })).remembered).toBeUndefined();
  });
});

describe("with files of a working tree", () => {
  const settled = (dir: string, name: string): void => utimesSync(join(dir, name), 1, 1);

  it.each<[string, (dir: string) => void]>([
    ["a file that changed", (dir) => appendFileSync(join(dir, "b"), "x")],
    [
      "a file of the same length and time",
      (dir) => {
        writeFileSync(join(dir, "b"), "LESS\n");
        settled(dir, "b");
      },
    ],
    ["a file that went", (dir) => rmSync(join(dir, "d/e"))],
    [
      "a folder that is a file now",
      (dir) => {
        rmSync(join(dir, "d"), { recursive: true });
        writeFileSync(join(dir, "d"), "x");
        settled(dir, "d");
      },
    ],
    ["a file that came", (dir) => writeFileSync(join(dir, "new"), "x")],
    ["a file that is staged", (dir) => sh(dir, "echo z > z; git add z")],
    ["a file that is no longer ignored", (dir) => sh(dir, "echo > .git/info/exclude")],
    ["a mode", (dir) => chmodSync(join(dir, "b"), 0o755)],
  ])("notices %s", async (_what, change) => {
    const [dir, cache] = [leaky(), tempDir()];
    sh(dir, "mkdir d; echo e > d/e; commit d; touch -d '1970-01-01 00:00:01 UTC' d/e");
    sh(dir, "echo ignored >> .git/info/exclude; echo a > ignored; touch -d '1970-01-01 00:00:01 UTC' b");
    await remembering(dir, cache, { command: "scan" });
    expect((await remembering(dir, cache, { command: "scan" })).remembered).toBeDefined();
    change(dir);
    expect((await remembering(dir, cache, { command: "scan" })).remembered).toBeUndefined();
  });

  it("one that was written just now is not trusted to stay", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    const ahead = new Date(Date.now() + 60_000);
    utimesSync(join(dir, "b"), ahead, ahead);
    await remembering(dir, cache, { command: "scan" });
    expect((await remembering(dir, cache, { command: "scan" })).remembered).toBeUndefined();
  });

  it("another repository among them is looked at each time", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    sh(dir, "git init -q inner; echo x > inner/x");
    await remembering(dir, cache, { command: "scan" });
    expect((await remembering(dir, cache, { command: "scan" })).remembered).toBeUndefined();
  });
});

describe("a repository that grew", () => {
  const many = 'for i in $(seq 300); do echo "file $i" > f$i; done';
  const steps = [
    `echo "two = gh¦p_1lFcMhFVGwcPBVqeNmmdcDF1gTIuiD2OqR7L" >> app.env; commit "step 1"`,
    `rm f1 app.env; for i in $(seq 40); do echo "more of $i" >> f$i; done; commit "step 2: ${token}"`,
    "git gc -q; git repack -adfq",
    `echo "${token}" > f2; git tag -a -m "t ${token}" tagged; commit "step 4"; git checkout -q -b side HEAD~1`,
    "echo x > f3; commit five; git gc -q",
  ];

  it("is found to hold what it holds when it is read anew", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    sh(dir, `${many}; commit many; git gc -q`);
    await remembering(dir, cache);
    expect(readdirSync(cache).filter((name) => name.startsWith("objects-"))).toHaveLength(1);
    for (const [step, change] of steps.entries()) {
      sh(dir, change);
      const [grown, anew] = [await remembering(dir, cache), await remembering(dir, tempDir())];
      expect(grown.remembered).toBeUndefined();
      expect(await rendered(grown, "json"), `step ${step + 1}`).toBe(await rendered(anew, "json"));
    }
  });

  it("has its large files left out, though they are known", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    sh(dir, `${many}; seq 9000 > large; commit many`);
    await remembering(dir, cache);
    const plan = { maxFileSize: 10_000 };
    const [known, anew] = [await remembering(dir, cache, { plan }), await remembering(dir, tempDir(), { plan })];
    expect(known.skips).toMatchObject([{ path: "large", by: "policy" }]);
    expect(await rendered(known, "json")).toBe(await rendered(anew, "json"));
  });
});

describe("the memory", () => {
  const kept = (cache: string): string[] =>
    readdirSync(cache)
      .filter((name) => name.startsWith("result-"))
      .map((name) => join(cache, name));

  it("holds no secret", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    sh(dir, `git branch ${whole(token)}`);
    await remembering(dir, cache);
    for (const file of kept(cache)) {
      const text = gunzipSync(readFileSync(file)).toString();
      expect(text).not.toContain(whole(token));
      expect(text).not.toContain(whole("hunter2-and-mo¦re-9f"));
      expect(text).toContain("…");
    }
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["something else", Buffer.from("what?")],
    ["no JSON", gzipSync("{")],
    ["other JSON", gzipSync("[]")],
    ["nothing that says anything", gzipSync("null")],
  ])("that turns out to be %s is as good as none", async (_what, bytes) => {
    const [dir, cache] = [leaky(), tempDir()];
    const first = await remembering(dir, cache);
    for (const file of kept(cache)) writeFileSync(file, bytes);
    const second = await remembering(dir, cache);
    expect(second.remembered).toBeUndefined();
    expect(await rendered(second, "json")).toBe(await rendered(first, "json"));
  });

  it("that has no place to be lets the scan be", async () => {
    const [dir, folder] = [leaky(), tempDir()];
    writeFileSync(join(folder, "file"), "");
    expect((await remembering(dir, join(folder, "file"))).findings.length).toBeGreaterThan(0);
  });

  it("of a repository with a folder that cannot be read lets the scan be", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    // A name that leads nowhere is what root cannot read, either.
    symlinkSync("nowhere", join(dir, ".git/logs-of-old"));
    mkdirSync(join(dir, ".git/shut"));
    chmodSync(join(dir, ".git/shut"), 0);
    expect((await remembering(dir, cache)).findings.length).toBeGreaterThan(0);
    expect((await remembering(dir, cache)).remembered).toBeDefined();
    chmodSync(join(dir, ".git/shut"), 0o700);
  });

  it("is made in a folder for the user alone", async () => {
    const [dir, cache] = [leaky(), join(tempDir(), "deep/er")];
    await remembering(dir, cache);
    expect(kept(cache)).toHaveLength(1);
  });

  it("is asked for by a folder, put aside by a flag, and by secrets that are to be shown", async () => {
    const [dir, cache] = [leaky(), tempDir()];
    mkdirSync(join(dir, "many"));
    const much = whole(`${token} `).repeat(10_000);
    for (let file = 0; file < 4; file++) writeFileSync(join(dir, `many/${file}`), much + file);
    sh(dir, "commit many");
    const run = (...flags: string[]) => leaksweep(["git", dir, "--cache", cache, "-f", "json", ...flags]);
    const remembered = async (...flags: string[]) => JSON.parse((await run(...flags)).stdout).remembered;
    expect(await remembered()).toBeUndefined();
    expect(await remembered("--no-redact")).toBeUndefined();
    expect(await remembered("--no-cache")).toBeUndefined();
    expect(await remembered()).toBeDefined();
  });
});
