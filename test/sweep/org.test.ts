import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { leaksweep, sh, tempDir, whole } from "../kit.ts";
import { gist, lastPage, leak, post, secret, written } from "./samples.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import { postgresOfFile } from "./stores.ts";

const postgres = postgresOfFile();

const token = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf1gKi9O");

interface Found {
  readonly rule: string;
  readonly status: string;
  readonly introduced: { readonly date: string; readonly author: { readonly name: string } } | null;
  readonly removed: { readonly date: string } | null;
  readonly facts: { readonly owners: string; readonly repositories: number };
  readonly occurrences: readonly { readonly path: string; readonly url: string | null }[];
}

interface Report {
  readonly complete: boolean;
  readonly skips: readonly { readonly path: string | null; readonly by: string; readonly reason: string }[];
  readonly findings: readonly Found[];
}

interface World {
  readonly forge: StandIn;
  readonly env: Record<string, string>;
  readonly dir: string;
  run(args: readonly string[]): Promise<{ code: number | null; stderr: string; report: Report }>;
}

let worlds = 0;

async function world(): Promise<World> {
  const dir = tempDir();
  const forge = await startStandIn(join(dir, "hub"), { token });
  onTestFinished(() => forge.hub.close());
  forge.owners.set("acme", { kind: "org" });
  const store = await postgres.place(`org_${++worlds}`, dir);
  const env = { LEAKSWEEP_STORE: store, GITHUB_TOKEN: token };
  return {
    forge,
    env,
    dir,
    async run(args) {
      forge.asked.length = 0;
      forge.hub.requests.length = 0;
      const { code, stdout, stderr } = await leaksweep([...args, "--api-url", forge.api, "-f", "json"], { env });
      if (stdout === "") throw new Error(stderr);
      return { code, stderr, report: JSON.parse(stdout) };
    },
  };
}

const paths = ({ findings }: Report): string[] =>
  findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path)).sort();

describe("a sweep of an organisation", () => {
  it("reads every repository of every kind over several pages, and counts what it leaves out", async () => {
    const { forge, run } = await world();
    forge.create("acme/one", leak(1), { private: true });
    forge.create("acme/two", leak(2), { archived: true });
    forge.create("acme/empty", "");
    forge.create("acme/fork", leak(3), { fork: true });
    forge.create("acme/down", leak(4), { disabled: true });
    const { code, report, stderr } = await run(["org", "acme"]);
    expect(paths(report)).toEqual(["acme/one/app.env", "acme/two/app.env"]);
    expect(report.skips).toEqual([
      {
        path: "acme/down",
        blob: null,
        commit: null,
        by: "fault",
        reason: "the forge has taken it down and gives it to nobody",
      },
      { path: null, blob: null, commit: null, by: "policy", reason: "1 left out: is a fork (--forks reads them)" },
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("the API allows 4,000 of 5,000");
    expect(stderr + JSON.stringify(report)).not.toContain(token);
  });

  it("says so when a login is no good, and goes on when there is a better one", async () => {
    const { forge, run, env } = await world();
    forge.create("acme/one", leak(1), { private: true });
    const failed = await leaksweep(["org", "acme", "--api-url", forge.api], { env: { ...env, GITHUB_TOKEN: "wrong" } });
    expect(failed.code).toBe(2);
    expect(failed.stderr).toContain("Cannot log in to the forge");
    const { report, stderr } = await run(["org", "acme"]);
    if (postgres.isHere) expect(stderr).toContain("going on with sweep 1");
    expect(paths(report)).toEqual(["acme/one/app.env"]);
  });

  it.each([
    ["a token that is no good", { GITHUB_TOKEN: "wrong" }, [], "Cannot log in to the forge"],
    ["an App without a key", {}, ["--app-id", "4711"], "there is no private key"],
    ["a file of logins that is not there", { LEAKSWEEP_GIT_CREDENTIALS: "/nowhere/file" }, [], "there is no such file"],
  ])("with %s leaves no store behind", async (_, login, flags, said) => {
    const { forge, dir } = await world();
    const store = join(dir, "new");
    const args = ["org", "acme", "--api-url", forge.api, "--store", store, ...flags];
    const { code, stderr } = await leaksweep(args, { env: login });
    expect(stderr).toContain(said);
    expect(code).toBe(2);
    expect(existsSync(store)).toBe(false);
  });

  it("stops when its login ends while git is at work, and goes on with a new one as if nothing had been", async () => {
    const { forge, run, env } = await world();
    for (const name of ["a", "b", "c"]) forge.create(`acme/${name}`, leak(name.charCodeAt(0) - 97), { private: true });
    const serve = forge.hub.intercept;
    let ended = false;
    forge.hub.intercept = (request, response) => {
      ended ||= request.url?.startsWith("/acme/b.git/") ?? false;
      if (!ended) return serve?.(request, response) ?? false;
      response.writeHead(401, { "www-authenticate": "Basic", "content-type": "application/json" }).end("{}");
      return true;
    };
    const stopped = await leaksweep(["org", "acme", "--concurrency", "1", "--api-url", forge.api], { env });
    expect(stopped.code).toBe(2);
    expect(stopped.stderr).toContain("Cannot log in to the forge: it does not accept this token (any more)");
    const { stdout } = await leaksweep(["sweep", "status", "--json"], { env });
    expect(JSON.parse(stdout)[0]).toMatchObject({ state: "running", done: 1, failures: [], queue: { active: 0 } });
    forge.hub.intercept = serve;
    const { report, stderr } = await run(["org", "acme"]);
    expect(stderr).toContain("going on with sweep 1");
    expect(paths(report)).toEqual(["acme/a/app.env", "acme/b/app.env", "acme/c/app.env"]);
    expect(report.complete).toBe(true);
  }, 90_000);

  it("is not fooled by pages that are cut off, servers that fail and connections that break", async () => {
    const { forge, run } = await world();
    for (const name of ["a", "b", "c", "d", "e"]) forge.create(`acme/${name}`, leak(name.charCodeAt(0) - 97));
    forge.trouble.push(
      { path: /repos$/, kind: "cut", times: 1 },
      { path: /repos$/, kind: "502", times: 1 },
      { path: /repos$/, kind: "reset", times: 1 },
    );
    const { code, report } = await run(["org", "acme"]);
    expect(paths(report)).toHaveLength(5);
    expect(report.complete).toBe(true);
    expect(code).toBe(1);
  }, 90_000);

  it.each(["primary", "secondary", "429"] as const)(
    "waits for a limit to pass (%s) without asking in between",
    async (kind) => {
      const { forge, run } = await world();
      for (const name of ["a", "b", "c"]) forge.create(`acme/${name}`, leak(name.charCodeAt(0) - 97));
      forge.trouble.push({ path: /repos$/, kind, times: 1, seconds: 1 });
      const { report } = await run(["org", "acme", "--issues"]);
      expect(paths(report)).toHaveLength(3);
      expect(report.complete).toBe(true);
      expect(forge.early).toEqual([]);
    },
  );

  it("is incomplete when the forge counts more repositories than it lists, or denies a list", async () => {
    const { forge, run } = await world();
    forge.create("acme/one", "echo x > x; commit X");
    forge.owners.set("acme", { kind: "org", stated: 2 });
    forge.trouble.push({ path: /members/, kind: "sso", times: 9 });
    const { code, report } = await run(["org", "acme", "--members"]);
    expect(code).toBe(3);
    expect(report.skips.map(({ path, reason }) => `${path}: ${reason}`).sort()).toEqual([
      "org-members of acme: is denied: this login is not authorised for the organisation's single sign-on",
      "org-repositories of acme: the forge counts 2 and lists 1",
    ]);
  });
});

describe("what people have themselves", () => {
  it("is read for members, outside collaborators and those who wrote commits, each once", async () => {
    const { forge, run } = await world();
    forge.owners.set("acme", { kind: "org", members: ["ann", "bob"], collaborators: ["cleo"] });
    for (const login of ["ann", "bob", "cleo", "dan"]) {
      forge.owners.set(login, { kind: "user" });
      forge.create(`${login}/dotfiles`, leak(login.charCodeAt(0) - 97));
    }
    forge.create("acme/one", "echo x > x; commit X");
    forge.lists.set("/repos/acme/one/contributors", [
      { login: "dan", type: "User" },
      { login: "ann", type: "User" },
      { login: "robot", type: "Bot" },
    ]);
    const { report } = await run(["org", "acme", "--members", "--collaborators", "--contributors"]);
    expect(paths(report)).toEqual([
      "ann/dotfiles/app.env",
      "bob/dotfiles/app.env",
      "cleo/dotfiles/app.env",
      "dan/dotfiles/app.env",
    ]);
    expect(report.skips).toEqual([]);
  });
});

describe("what people wrote", () => {
  const text = (n: number, at: string, more: object = {}): object =>
    written(n, { created_at: at, updated_at: at, ...more });

  it("is read from issues, comments, reviews, releases, discussions and logs, with who and when", async () => {
    const { forge, run } = await world();
    forge.create("acme/one", "echo x > x; commit X", { discussions: true });
    const base = "/repos/acme/one";
    forge.lists.set(`${base}/issues`, [
      text(1, "2024-01-01T00:00:00Z"),
      text(2, "2024-01-02T00:00:00Z", { pull_request: {} }),
      text(3, "2024-01-02T00:00:00Z"),
      text(4, "2024-01-03T00:00:00Z"),
    ]);
    forge.lists.set(`${base}/issues/comments`, [text(5, "2024-01-04T00:00:00Z")]);
    forge.lists.set(`${base}/pulls/comments`, [text(6, "2024-01-05T00:00:00Z")]);
    forge.lists.set(`${base}/pulls/2/reviews`, [
      text(7, "2024-01-06T00:00:00Z", { submitted_at: "2024-01-06T00:00:00Z" }),
    ]);
    forge.lists.set(`${base}/comments`, [text(8, "2024-01-07T00:00:00Z")]);
    forge.lists.set(`${base}/releases`, [
      text(9, "2024-01-08T00:00:00Z", { name: "v1", user: undefined, author: { login: "bob" } }),
    ]);
    const comment = post(11, { databaseId: 71 });
    const discussion = post(10, {
      number: 1,
      author: { login: "cleo" },
      comments: { nodes: [], pageInfo: { hasNextPage: true, endCursor: "x" } },
    });
    forge.graphql = (query) =>
      query.includes("node(id")
        ? { data: { node: { page: { nodes: [comment], pageInfo: lastPage } } } }
        : { data: { repository: { discussion, discussions: { nodes: [discussion], pageInfo: lastPage } } } };
    const asked = ["org", "acme", "--issues", "--releases", "--discussions"];
    const { report } = await run(asked);
    expect(report.skips).toEqual([]);
    const told = report.findings.map(
      ({ introduced, occurrences: [first] }) =>
        `${introduced?.date.slice(0, 10)} ${introduced?.author.name} ${first?.path}`,
    );
    expect(told.sort()).toEqual([
      "2024-01-01 ann acme/one/issues/issues/1.md",
      "2024-01-02 ann acme/one/issues/issues/2.md",
      "2024-01-02 ann acme/one/issues/issues/3.md",
      "2024-01-03 ann acme/one/issues/issues/4.md",
      "2024-01-04 ann acme/one/issues/issue-comments/5.md",
      "2024-01-05 ann acme/one/issues/code-comments/6.md",
      "2024-01-06 ann acme/one/issues/reviews/2/7.md",
      "2024-01-07 ann acme/one/issues/commit-comments/8.md",
      "2024-01-08 bob acme/one/releases/releases/9.md",
      "2024-01-09 cleo acme/one/discussions/discussions/1/0.md",
      "2024-01-09 ghost acme/one/discussions/discussions/1/71.md",
    ]);
    await run(asked);
    const third = await run(asked);
    expect(third.report.findings).toHaveLength(11);
    const again = forge.asked.filter(({ path }) => /issues|comments|releases/.test(path));
    // One question for each list, and one for each text with a secret in a list that would not tell that it is gone.
    expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 5 + 6 }, () => 304));
  }, 60_000);
});

describe("logs of workflows", () => {
  const run = (id: number) => ({
    id,
    html_url: `https://github.example/acme/one/actions/runs/${id}`,
    created_at: `2024-02-0${id}T10:00:00Z`,
    actor: { login: "ann" },
  });

  it("are read where they lie, which is told no login; expired ones are counted, and old ones not asked for again", async () => {
    const { forge, run: sweep } = await world();
    const storage = createServer((request, response) => {
      visits.push(request.headers.authorization);
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(`2024-02-02T10:00:01Z \u001b[36;1mdeploy --token ${secret(1)}\u001b[0m\n`);
    }).listen(0, "127.0.0.1");
    const visits: (string | undefined)[] = [];
    onTestFinished(() => void storage.close());
    await once(storage, "listening");
    const { port } = storage.address() as AddressInfo;
    forge.create("acme/one", "echo x > x; commit X");
    const base = "/repos/acme/one/actions";
    forge.objects.set(`${base}/runs`, { total_count: 2, workflow_runs: [run(2), run(1)] });
    forge.objects.set(`${base}/runs/2/jobs`, { jobs: [{ id: 22, html_url: null }] });
    forge.objects.set(`${base}/runs/1/jobs`, { jobs: [{ id: 11 }] });
    forge.redirects.set(`${base}/jobs/22/logs`, `http://127.0.0.1:${port}/logs/22?sig=abc`);
    forge.trouble.push({ path: /jobs\/11\/logs/, times: 99, kind: "410" });

    const { code, report } = await sweep(["org", "acme", "--actions-logs"]);
    expect(paths(report)).toEqual(["acme/one/actions-logs/runs/2/22.log"]);
    expect(report.findings[0]?.introduced).toMatchObject({ date: "2024-02-02T10:00:00Z", author: { name: "ann" } });
    expect(report.skips.map(({ by, reason }) => `${by}: ${reason}`)).toEqual([
      "policy: 1 in 1 target: the log of a job has expired",
    ]);
    expect(code).toBe(1);
    expect(visits).toEqual([undefined]);

    forge.objects.set(`${base}/runs`, { total_count: 3, workflow_runs: [run(3), run(2), run(1)] });
    forge.objects.set(`${base}/runs/3/jobs`, { jobs: [{ id: 33 }] });
    forge.texts.set(`${base}/jobs/33/logs`, `export TOKEN=${secret(2)}\n`);
    const later = await sweep(["org", "acme", "--actions-logs"]);
    expect(paths(later.report)).toEqual(["acme/one/actions-logs/runs/2/22.log", "acme/one/actions-logs/runs/3/33.log"]);
    const logs = forge.asked.filter(({ path }) => path.endsWith("/logs"));
    // Of a log in which a secret stands it is asked whether it is there; it is not fetched again.
    expect(logs.map(({ path, status }) => `${status} ${path}`)).toEqual([
      `200 ${base}/jobs/33/logs`,
      `302 ${base}/jobs/22/logs`,
    ]);
    expect(visits).toEqual([undefined]);
  }, 60_000);
});

describe("heads that were lost", () => {
  it("are fetched by their ids, and told as unreachable", async () => {
    const { forge, run, dir } = await world();
    forge.create("acme/one", `echo x > x; commit X; ${leak(1)}`);
    const before = sh(join(dir, "hub/acme/one.git"), "git rev-parse main");
    forge.hub.push("acme/one", "git reset -q --hard HEAD~1; echo y > y; commit Y");
    forge.lists.set("/repos/acme/one/activity", [{ id: 7, before, activity_type: "force_push" }]);
    expect((await run(["org", "acme"])).report.findings).toEqual([]);
    const { report } = await run(["org", "acme", "--dangling"]);
    expect(report.findings.map(({ status }) => status)).toEqual(["unreachable"]);
    expect(report.skips).toEqual([]);
  });
});

describe("a fork", () => {
  it("of a repository that was read is read beyond it only, and has what both have", async () => {
    const { forge, run, dir } = await world();
    forge.owners.set("ann", { kind: "user" });
    forge.create("acme/one", `${leak(1)}; echo x > x; commit X`);
    const id = forge.repos.get("acme/one")?.id ?? 0;
    forge.create("ann/one", "", { fork: true, parent: id });
    sh(join(dir, "hub/ann/one.git"), `git fetch -q ../../acme/one.git main:main`);
    sh(dir, `git clone -q hub/ann/one.git fork && cd fork && ${leak(2, "own.env")} && git push -q origin main`);
    const { report } = await run(["org", "acme", "--concurrency", "1"]);
    expect(paths(report)).toEqual(["acme/one/app.env"]);
    const forks = await run(["user", "ann", "--forks"]);
    expect(paths(forks.report)).toEqual(["ann/one/app.env", "ann/one/own.env"]);
  });
});

describe("a person's own repositories", () => {
  it("are read with all that only the owner is shown, when the login is that person's", async () => {
    const { forge, run } = await world();
    forge.owners.set("ann", { kind: "user" });
    forge.create("ann/open", leak(1));
    forge.create("ann/closed", leak(2), { private: true });
    forge.create("ann/ab12", leak(3));
    forge.lists.set("/gists", [gist("ab12", `${forge.hub.origin}/ann/ab12.git`, { public: false })]);
    forge.lists.set("/gists/ab12/comments", []);
    forge.repos.delete("ann/ab12");
    const stranger = await run(["user", "ann", "--gists"]);
    expect(paths(stranger.report)).toEqual(["ann/open/app.env"]);
    forge.account = "ann";
    const owner = await run(["user", "ann", "--gists"]);
    expect(owner.report).toMatchObject({ complete: true, skips: [] });
    expect(paths(owner.report)).toEqual(["ann/closed/app.env", "ann/gist:ab12/app.env", "ann/open/app.env"]);
  });
});

describe("a token", () => {
  it("is in no file and no store after a sweep", async () => {
    const { forge, run, dir, env } = await world();
    forge.create("acme/one", leak(1), { private: true });
    await run(["org", "acme", "--keep-clones", join(dir, "clones")]);
    const text = readdirSync(join(dir, "clones"), { recursive: true, encoding: "utf8" }).flatMap((file) => {
      try {
        return readFileSync(join(dir, "clones", file), "latin1");
      } catch {
        return [];
      }
    });
    expect(text.join("\n")).not.toContain(token);
    const { stdout } = await leaksweep(["sweep", "status", "--json"], { env });
    expect(stdout).not.toContain(token);
  });
});
