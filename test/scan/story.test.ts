/** The story behind the tool: what it would have said in 2019, and what it says today. */
import { expect, it } from "vitest";
import { leaksweep, recipe, sh } from "../kit.ts";

interface Told {
  readonly rule: string;
  readonly secret: string | null;
  readonly status: string;
  readonly verdict: string;
  readonly introduced: { readonly commit: string; readonly date: string } | null;
  readonly removed: { readonly commit: string; readonly date: string } | null;
  readonly occurrences: readonly { readonly path: string }[];
}

async function scan(dir: string): Promise<Told[]> {
  const { stdout, code } = await leaksweep(["scan", dir, "-f", "json"]);
  expect(code).toBe(1);
  return JSON.parse(stdout).findings;
}

it("names every credential of the story with the day it came and the day it went", async () => {
  const found = await scan(recipe("story"));
  const told = found.map(({ rule, status, introduced, removed, occurrences: [first] }) =>
    [rule, first?.path, status, introduced?.date.slice(0, 10), removed?.date.slice(0, 10)].join(" "),
  );
  expect(told.sort()).toEqual([
    "azure.ai-services-key src/preview.mjs unreachable 2025-06-11 ",
    "azure.subscription-key deploy/transcribe.sh removed 2019-03-04 2019-03-05",
    "exposure.mongodb-authorization-disabled deploy/mongod.conf present 2019-03-06 ",
    "gitlab.pat config/production.env removed 2019-03-04 2019-03-05",
    "mail.password-bare config/production.env removed 2019-03-04 2019-03-05",
    "postgres.url config/production.env removed 2019-03-04 2019-03-05",
    "private-key.openssh deploy/id_ed25519 removed 2019-03-04 2019-03-05",
  ]);
});

it("names the commits themselves, and prints no secret unless asked", async () => {
  const dir = recipe("story");
  const found = await scan(dir);
  const key = found.find(({ rule }) => rule === "azure.subscription-key");
  const subject = (commit = ""): string => sh(dir, `git log -1 --format=%s ${commit}`);
  expect(subject(key?.introduced?.commit)).toBe("Make it run on my machine");
  expect(subject(key?.removed?.commit)).toBe("Remove credentials");
  expect(JSON.stringify(found)).not.toContain("47a1cb4d");
  expect((await leaksweep(["scan", dir, "-f", "json", "--no-redact"])).stdout).toContain("47a1cb4d");
});

it("sees on the server what was force-pushed away, with no reflog to help", async () => {
  const dir = recipe("story");
  const found = await scan(`${dir}/../hub.git`);
  expect(found.find(({ rule }) => rule === "azure.ai-services-key")).toMatchObject({ status: "unreachable" });
});
