import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { leaksweep, tempDir } from "../kit.ts";
import { type Hub, startHub } from "./hub.ts";
import { leak, secret } from "./samples.ts";
import { postgresOfFile } from "./stores.ts";

const postgres = postgresOfFile();

interface Report {
  readonly complete: boolean;
  readonly skips: readonly { readonly path: string | null; readonly by: string; readonly reason: string }[];
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly rule: string;
    readonly status: string;
    readonly verdict: string;
    readonly introduced: { readonly commit: string } | null;
    readonly removed: object | null;
    readonly facts: { readonly repositories: number };
    readonly occurrences: readonly { readonly path: string }[];
  }[];
}

let worlds = 0;

interface World {
  readonly hub: Hub;
  readonly dir: string;
  /** Environment in which leaksweep runs. */
  readonly env: Record<string, string>;
  sweep(...flags: string[]): Promise<{ code: number | null; report: Report; stderr: string }>;
}

/** A hub with repositories and a list of them. */
async function world(repositories: Record<string, string>, { login }: { login?: string } = {}): Promise<World> {
  const dir = tempDir();
  mkdirSync(join(dir, "hub"));
  const hub = await startHub(join(dir, "hub"), { ...(login !== undefined && { login }) });
  onTestFinished(() => hub.close());
  const addresses = Object.entries(repositories).map(([name, script]) => hub.create(name, script));
  writeFileSync(join(dir, "list"), `# ours\n\n${addresses.join("\n")}\n`);
  const store = await postgres.place(`world_${++worlds}`, dir);
  const env: Record<string, string> = { LEAKSWEEP_STORE: store };
  if (login !== undefined) {
    writeFileSync(join(dir, "logins"), `${hub.origin.replace("//", `//${login}@`)}\n`, { mode: 0o600 });
    env.LEAKSWEEP_GIT_CREDENTIALS = join(dir, "logins");
  }
  return {
    hub,
    dir,
    env,
    async sweep(...flags) {
      hub.requests.length = 0;
      const ran = await leaksweep(["repos", join(dir, "list"), "-f", "json", ...flags], { env });
      return {
        code: ran.code,
        stderr: ran.stderr,
        report: ran.stdout === "" ? (undefined as never) : JSON.parse(ran.stdout),
      };
    },
  };
}

const places = ({ findings }: Report): string[] =>
  findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path.replace(/^[^/]*\//, ""))).sort();
const talksIn = ({ hub }: World): number =>
  hub.requests.filter(({ method, path }) => method === "POST" && path.endsWith("git-upload-pack")).length;

describe("a sweep of a list", () => {
  it("finds each secret once, with all the repositories that hold it", async () => {
    const { sweep } = await world({
      "acme/one": leak(1),
      "acme/two": `${leak(1)}; ${leak(2, "b.env")}; git rm -q b.env; commit Remove`,
      "acme/clean": "echo x > x; commit X",
      "acme/empty": "",
    });
    const { code, report, stderr } = await sweep();
    expect(stderr).toContain("to read: 4 repositories");
    expect(report.skips).toEqual([]);
    expect(code).toBe(1);
    expect(report.complete).toBe(true);
    expect(places(report)).toEqual(["acme/one/app.env", "acme/two/app.env", "acme/two/b.env"]);
    expect(report.findings.map(({ status, facts }) => `${status} ${facts.repositories}`).sort()).toEqual([
      "present 2",
      "removed 1",
    ]);
  });

  it("clones nothing the second time, and fetches and reads what is new the third", async () => {
    const it = await world({ "acme/one": leak(1), "acme/two": "echo x > x; commit X" });
    const clones = join(it.dir, "clones");
    await it.sweep("--keep-clones", clones);
    expect(readdirSync(clones).filter((name) => name.endsWith(".git"))).toHaveLength(2);
    const second = await it.sweep("--keep-clones", clones);
    expect(places(second.report)).toEqual(["acme/one/app.env"]);
    expect(talksIn(it)).toBe(2); // one look at the refs of each
    it.hub.push("acme/two", `echo y > y; commit Y; ${leak(2)}`);
    const third = await it.sweep("--keep-clones", clones);
    expect(places(third.report)).toEqual(["acme/one/app.env", "acme/two/app.env"]);
    it.hub.push("acme/one", "git rm -q app.env; commit Remove");
    const fourth = await it.sweep("--keep-clones", clones);
    expect(fourth.report.findings.map(({ status }) => status).sort()).toEqual(["present", "removed"]);
  }, 60_000);

  it("goes on when a repository is gone, and says that it is incomplete", async () => {
    const it = await world({ "acme/one": "echo x > x; commit X" });
    writeFileSync(
      join(it.dir, "list"),
      `${readFileSync(join(it.dir, "list"), "utf8")}${it.hub.origin}/acme/absent.git\n`,
    );
    const { code, report } = await it.sweep();
    expect(code).toBe(3);
    expect(report.skips).toEqual([
      expect.objectContaining({
        path: expect.stringContaining("acme/absent"),
        by: "fault",
        reason: "is gone, or hidden from this login",
      }),
    ]);
  });

  it("reaches a host with the login of its origin, which is then found nowhere", async () => {
    const it = await world({ "acme/one": leak(1) }, { login: "ann:hush-hush" });
    const { report, stderr } = await it.sweep("--keep-clones", join(it.dir, "clones"));
    expect(places(report)).toEqual(["acme/one/app.env"]);
    expect(JSON.stringify(report) + stderr).not.toContain("hush-hush");
    const { stdout } = await leaksweep(["sweep", "status", "--json"], { env: it.env });
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ state: "finished", total: 1, done: 1, findings: 1, fresh: 1 }),
    ]);
  });

  it("only says what it would cost when asked to", async () => {
    const it = await world({ "acme/one": leak(1) });
    const { code, stderr } = await it.sweep("--dry-run");
    expect(code).toBe(0);
    expect(stderr).toContain("clones: 1");
    expect(it.hub.requests).toEqual([]);
  });

  it("judges what it knows by the baseline of the day, without reading it again", async () => {
    const it = await world({
      "acme/one": leak(1),
      "acme/two": `echo 'TOKEN=${secret(2)} # leaksweep:allow ours' > b.env; commit B`,
    });
    const verdicts = ({ findings }: Report): string[] => findings.map(({ verdict }) => verdict).sort();
    const first = await it.sweep();
    expect(verdicts(first.report)).toEqual(["allowed", "new"]);
    const lines = first.report.findings.map(({ fingerprint }) => `${fingerprint} - known # seen`);
    writeFileSync(join(it.dir, "baseline"), `${lines.join("\n")}\n`);
    const second = await it.sweep("--baseline", join(it.dir, "baseline"));
    expect(verdicts(second.report)).toEqual(["allowed", "known"]);
    expect(second.code).toBe(0);
    expect(talksIn(it)).toBe(2); // one look at the refs of each
    const third = await it.sweep();
    expect(verdicts(third.report)).toEqual(["allowed", "new"]);
    expect(third.code).toBe(1);
  }, 90_000);

  it("tells what was pushed away as unreachable, with the day it was last seen", async () => {
    const it = await world({ "acme/one": `echo x > x; commit X; ${leak(1)}` });
    const lastSeen = async (): Promise<string> => {
      const { stdout } = await leaksweep(["findings", "-f", "json"], { env: it.env });
      return JSON.parse(stdout)[0].holdings[0].lastSeen;
    };
    const first = await it.sweep();
    expect(first.report.findings.map(({ status }) => status)).toEqual(["present"]);
    const seen = await lastSeen();
    it.hub.push("acme/one", "git reset -q --hard HEAD~1; echo y > y; commit Y");
    for (let sweep = 2; sweep <= 3; sweep++) {
      const { report } = await it.sweep();
      expect(report.findings.map(({ status }) => status)).toEqual(["unreachable"]);
      expect(report.complete).toBe(true);
      expect(await lastSeen()).toBe(seen);
    }
  }, 120_000);

  it("reads again what settings kept it from reading", async () => {
    const it = await world({
      "acme/one": `echo 'TOKEN=${secret(1)}' > app.env; tar czf a.tgz app.env; rm app.env; commit A`,
    });
    expect(places((await it.sweep("--max-archive-depth", "0")).report)).toEqual([]);
    expect(places((await it.sweep()).report)).toEqual(["acme/one/a.tgz"]);
  }, 90_000);

  it("leaves out what globs leave out, and counts it", async () => {
    const it = await world({ "acme/one": leak(1), "acme/two": leak(2) });
    const { report } = await it.sweep("--exclude", "**/two");
    expect(places(report)).toEqual(["acme/one/app.env"]);
    expect(report.skips).toEqual([
      expect.objectContaining({ by: "policy", reason: "1 left out: an --exclude names it" }),
    ]);
  });
});

describe("a list of addresses", () => {
  it.each([
    ["https:/¦/ann:hush@host/a.git", "there is a login in it"],
    ["ext::sh -c id", "it is none"],
    ["http://example.org/a.git", "http sends it unencrypted"],
  ])("with %s is refused before anything is read", async (address, why) => {
    const dir = tempDir();
    writeFileSync(join(dir, "list"), address.replace("¦", ""));
    const { code, stderr } = await leaksweep(["repos", join(dir, "list"), "--store", join(dir, "store")]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain("hush");
  });
});
