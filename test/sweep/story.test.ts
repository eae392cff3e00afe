/** The story behind the tool, as the organisation would have been told it. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { leaksweep, recipe, sh, tempDir } from "../kit.ts";
import { gist } from "./samples.ts";
import { startStandIn } from "./stand-in.ts";
import { postgresOfFile } from "./stores.ts";

const postgres = postgresOfFile();

interface Held {
  readonly rule: string;
  readonly fresh: boolean;
  readonly holdings: readonly {
    readonly repository: string;
    readonly owner: string;
    readonly status: string;
    readonly path: string;
    readonly introduced: { readonly date: string; readonly by: string } | null;
    readonly removed: { readonly date: string } | null;
  }[];
}

it("names what a member leaked from home, in a fork and in a gist, with the day each came and went and whose it is", async () => {
  const dir = tempDir();
  const forge = await startStandIn(join(dir, "hub"));
  onTestFinished(() => forge.hub.close());
  const hub = join(recipe("story"), "../hub.git");
  for (const login of ["ann", "bob"]) {
    forge.owners.set(login, { kind: "user" });
    mkdirSync(join(dir, "hub", login), { recursive: true });
    cpSync(hub, join(dir, `hub/${login}/transcripts.git`), { recursive: true });
    forge.repos.set(`${login}/transcripts`, {
      id: login.length + login.charCodeAt(0),
      name: `${login}/transcripts`,
      fork: login === "bob",
      parent: 100,
    });
  }
  // Bob's fork was made in the night between, and never updated.
  const first = sh(join(dir, "hub/bob/transcripts.git"), "git log --format=%H --grep='Make it run' main");
  sh(
    join(dir, "hub/bob/transcripts.git"),
    `git update-ref refs/heads/main ${first}; git update-ref -d refs/heads/preview`,
  );
  forge.owners.set("acme", { kind: "org", members: ["ann", "bob"] });
  forge.create("acme/site", "echo x > x; commit X");
  forge.hub.create(
    "gist/9f2c",
    "at 2020-02-02T10:00:00Z; echo 'token = gl¦pat-Zr94z8U0e9TgiyJs1o5q' > notes.txt; commit Notes",
  );
  forge.lists.set("/users/ann/gists", [gist("9f2c", `${forge.hub.origin}/gist/9f2c.git`)]);

  const env = {
    LEAKSWEEP_STORE: await postgres.place("story", dir),
    GITHUB_TOKEN: "none-needed",
  };
  const ran = await leaksweep(["org", "acme", "--members", "--gists", "--forks", "--quiet", "--api-url", forge.api], {
    env,
  });
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(1);

  const { stdout } = await leaksweep(["findings", "-f", "json"], { env });
  const told = (JSON.parse(stdout) as Held[]).flatMap(({ rule, holdings }) =>
    holdings.map(({ owner, status, introduced, removed }) =>
      [owner, rule, status, introduced?.date.slice(0, 10), removed?.date.slice(0, 10)].join(" ").trim(),
    ),
  );
  const five = ["azure.subscription-key", "gitlab.pat", "mail.password-bare", "postgres.url", "private-key.openssh"];
  expect(told).toEqual(expect.arrayContaining(five.map((rule) => `ann ${rule} removed 2019-03-04 2019-03-05`)));
  expect(told).toEqual(expect.arrayContaining(five.map((rule) => `bob ${rule} present 2019-03-04`)));
  expect(told).toContain("ann exposure.mongodb-authorization-disabled present 2019-03-06");
  expect(told).toContain("ann gitlab.pat present 2020-02-02");
  expect(stdout).not.toContain("47a1cb4d");

  const bobs = await leaksweep(["findings", "--owner", "bob", "-f", "csv"], { env });
  expect(bobs.stdout.split("\n").filter((line) => line.includes("bob/transcripts"))).toHaveLength(5);
  const old = await leaksweep(["findings", "--repository", "ann/*", "--status", "removed", "--provider", "gitlab"], {
    env,
  });
  expect(old.stdout).toMatch(
    /critical +gitlab\.pat +glpa…\(26\) +removed +ann\/transcripts +config\/production\.env +2019-03-04 +0 +Ann/,
  );
  const report = await leaksweep(["report", "-f", "json"], { env });
  expect(report.code).toBe(1);
  expect(JSON.parse(report.stdout).findings.map(({ rule }: { rule: string }) => rule)).toEqual(
    expect.arrayContaining(five),
  );
}, 120_000);
