/** What lies in archives is found where they are read: in history by families and whole, in the index, in files, in pipes. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { calmEnv, leaksweep, story, tempDir, whole } from "../kit.ts";
import { samples } from "../unpack/samples.ts";
import { zipFile } from "../unpack/zip-file.ts";

const setting = Buffer.from(whole("one = gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ\n"));

const archive = (more = ""): Buffer =>
  zipFile([
    { name: "conf/app.env", bytes: setting },
    { name: "README", bytes: Buffer.from(`what this is${more}`) },
  ]);

const occurrences = (stdout: string): unknown[] =>
  JSON.parse(stdout).findings.flatMap(({ occurrences }: { occurrences: unknown[] }) => occurrences);

it("an archive of a history is opened, in packs as in loose objects, and its versions are one run", async () => {
  const dir = story("git init -q -b main\necho start > a\ncommit one");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, env: calmEnv });
  for (const version of ["", " now", " and then"]) {
    writeFileSync(join(dir, "backup.zip"), archive(version));
    git("add", "-A");
    git("commit", "-q", "-m", `backup${version}`);
  }
  git("rm", "-q", "backup.zip");
  git("commit", "-q", "-m", "away with it");
  const loose = await leaksweep(["git", dir, "-f", "json"]);
  git("repack", "-a", "-d", "-q");
  git("prune-packed");
  const packed = await leaksweep(["git", dir, "-f", "json"]);
  const whole = await leaksweep(["git", dir, "--full-blobs", "-f", "json"]);
  expect(loose.code).toBe(1);
  for (const { stdout } of [loose, packed, whole]) {
    expect(JSON.parse(stdout).findings).toMatchObject([{ rule: "github.pat-classic", status: "removed" }]);
    expect(occurrences(stdout)).toMatchObject([
      { path: "backup.zip", member: "conf/app.env", startLine: 1, startColumn: 7, versions: 3 },
    ]);
  }
  const none = await leaksweep(["git", dir, "--max-archive-depth", "0", "-f", "json"]);
  expect(none).toMatchObject({ code: 0 });
});

it("every format that is opened is known in a packed history, by the search of families as by that of whole blobs", async () => {
  const dir = story("git init -q -b main\necho start > a\ncommit one");
  const files = Object.entries(await samples());
  for (const [format, bytes] of files) writeFileSync(join(dir, `sample.${format}`), bytes);
  execFileSync("sh", ["-c", "git add -A && git commit -q -m two && git gc -q"], { cwd: dir, env: calmEnv });
  const rules = join(tempDir(), "words.yml");
  const samplesOfRule = '{ leak: [the words in it, "and the words in it"], clean: [no words] }';
  const rule = `id: acme.words\n  name: Words\n  severity: high\n  confidence: high\n  samples: ${samplesOfRule}`;
  writeFileSync(rules, `- ${rule}\n  pattern: the (?<secret>words in it)\n`);
  const scan = ["git", dir, "--rules", rules, "--enable", "acme.words", "-f", "json"];
  for (const flags of [[], ["--full-blobs"]]) {
    const { stdout } = await leaksweep([...scan, ...flags]);
    const opened = (occurrences(stdout) as { path: string; member: string | null }[]).filter(({ member }) => member);
    expect(new Set(opened.map(({ path }) => path))).toEqual(new Set(files.map(([format]) => `sample.${format}`)));
  }
});

it("of a history a container of a few bytes is told of, too", async () => {
  const dir = story(
    "git init -q -b main\necho start > a\ncommit one\nprintf '\\037\\213\\010' > cut.gz\ncommit two\ngit gc -q",
  );
  for (const flags of [[], ["--full-blobs"]]) {
    const { code, stdout } = await leaksweep(["git", dir, ...flags, "-f", "json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).skips).toMatchObject([{ path: "cut.gz", by: "fault" }]);
  }
});

it("an archive that is about to be committed is opened", async () => {
  const dir = story("git init -q -b main\necho start > a\ncommit one");
  writeFileSync(join(dir, "x.jar"), archive());
  execFileSync("git", ["add", "x.jar"], { cwd: dir, env: calmEnv });
  const { code, stdout } = await leaksweep(["staged", "-f", "json"], { cwd: dir });
  expect(occurrences(stdout)).toMatchObject([{ path: "x.jar", member: "conf/app.env" }]);
  expect(code).toBe(1);
});

it("files and pipes are opened, whatever their names are", async () => {
  const dir = tempDir();
  writeFileSync(join(dir, "picture.png"), gzipSync(archive()));
  const files = await leaksweep(["dir", dir, "-f", "json"]);
  expect(occurrences(files.stdout)).toMatchObject([{ path: "picture.png", member: "conf/app.env" }]);
  const pipe = await leaksweep(["stdin", "-f", "json"], { stdin: gzipSync(setting) });
  expect(occurrences(pipe.stdout)).toMatchObject([{ path: "stdin", member: "contents" }]);
});

it("a member that cannot be read makes the run incomplete, by name", async () => {
  const dir = tempDir();
  const entries = [{ name: "deep/shut.env", bytes: setting, encrypted: true }];
  writeFileSync(join(dir, "locked.zip"), zipFile(entries));
  const { code, stdout } = await leaksweep(["dir", dir, "-f", "json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout).skips).toEqual([
    expect.objectContaining({ path: "locked.zip!deep/shut.env", by: "fault", reason: "is encrypted" }),
  ]);
});

it("a rule knows the file in the archive by its name there", async () => {
  const dir = tempDir();
  const lock = Buffer.from(whole(`"integrity_key": "8f3a¦c1d95be2470a6c3d18e9f7b25a40"\n`));
  writeFileSync(join(dir, "a.zip"), zipFile([{ name: "web/package-lock.json", bytes: lock }]));
  const { stdout } = await leaksweep(["dir", dir, "--min-confidence", "low", "-f", "json"]);
  expect(JSON.parse(stdout).findings.filter(({ rule }: { rule: string }) => rule.startsWith("generic."))).toEqual([]);
});

it("what only begins like a container is read as it stands, and told of", async () => {
  const dir = tempDir();
  writeFileSync(join(dir, "notes"), Buffer.concat([Buffer.from("PK\x03\x04 is how they begin\n", "latin1"), setting]));
  writeFileSync(join(dir, "more"), Buffer.concat([Buffer.from("\x1f\x8b\x08", "latin1"), Buffer.alloc(9), setting]));
  const { code, stdout } = await leaksweep(["dir", dir, "-f", "json"]);
  expect(code).toBe(1);
  expect(occurrences(stdout)).toMatchObject([
    { path: "more", member: null },
    { path: "notes", member: null, startLine: 2 },
  ]);
  expect(JSON.parse(stdout).skips).toMatchObject([
    { path: "notes", by: "fault" },
    { path: "more", by: "fault" },
  ]);
});

it("what is compressed is not searched as it stands: chance makes no findings of it", async () => {
  const dir = tempDir();
  // Stored, so that the text can be seen from outside: it is told of once, where it lies.
  writeFileSync(join(dir, "a.zip"), zipFile([{ name: "app.env", bytes: setting, method: 0 }], "made by hand"));
  const { stdout } = await leaksweep(["dir", dir, "-f", "json"]);
  expect(occurrences(stdout)).toMatchObject([{ path: "a.zip", member: "app.env" }]);
});
