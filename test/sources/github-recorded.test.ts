/**
 * Answers that GitHub gave, as Octokit's authors recorded them, replayed by their server over HTTP. They hold what a
 * stand-in of ours could get wrong: next pages under another address than the first, and a move that is answered by 301.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Client, openClient } from "../../src/sources/github/client.ts";

const server = fileURLToPath(import.meta.resolve("@octokit/fixtures-server/bin/server.js"));
const { signal } = new AbortController();

// The login that the recordings have, a number made up by those who recorded.
const token = `${"0".repeat(39)}1`;
const accept = "application/vnd.github.v3+json";

let origin: string;
let child: ChildProcess;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  child = spawn(process.execPath, [server, "--port", String(port), "--fixtures-url", origin], { stdio: "pipe" });
  if (child.stdout) await once(child.stdout, "data");
});

afterAll(() => void child.kill());

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "localhost");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A client of the recording `scenario`, and the address at which that stands. */
async function replay(scenario: string): Promise<{ readonly client: Client; readonly api: string }> {
  const body = JSON.stringify({ scenario });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${origin}/fixtures`, { method: "POST", headers, body });
  const { url: api } = (await answer.json()) as { url: string };
  const client = openClient({
    api,
    credential: { kind: "token", token },
    pace: { turn: (send) => send(), pausedUntil: async () => undefined },
    patience: 0,
    version: "0",
  });
  return { client, api };
}

it("all pages of a list are read, though GitHub continues it at another address", async () => {
  const { client } = await replay("paginate-issues");
  const numbers: number[] = [];
  let next: string | undefined = "/repos/octokit-fixture-org/paginate-issues/issues";
  for (let pages = 0; next !== undefined; pages++) {
    expect(pages).toBeLessThan(5);
    const params = pages === 0 ? { per_page: 3 } : {};
    const page: { data: readonly { number: number }[]; next?: string } = await client.get(next, { params, signal });
    numbers.push(...page.data.map(({ number }) => number));
    next = page.next;
  }
  expect(numbers).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

it("a repository is found where it has moved to", async () => {
  const { client, api } = await replay("rename-repository");
  const moved = await fetch(`${api}/repos/octokit-fixture-org/rename-repository`, {
    method: "PATCH",
    headers: { accept, authorization: `token ${token}`, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ name: "rename-repository-newname" }),
  });
  expect(moved.status).toBe(200);
  const { data } = await client.get<{ name: string }>("/repos/octokit-fixture-org/rename-repository", { signal });
  expect(data.name).toBe("rename-repository-newname");
});

it("an organisation and a repository are what GitHub says of them, with a tag to ask by again", async () => {
  const organisation = await (await replay("get-organization")).client.get<{ public_repos: number }>(
    "/orgs/octokit-fixture-org",
    { signal },
  );
  expect(organisation.data.public_repos).toEqual(expect.any(Number));
  expect(organisation.etag).toMatch(/^"0+"$/);
  const { client } = await replay("get-repository");
  const { data } = await client.get<{ full_name: string }>("/repos/octokit-fixture-org/hello-world", { signal });
  expect(data.full_name).toBe("octokit-fixture-org/hello-world");
});

it("what is not there is told as gone", async () => {
  const { client } = await replay("get-repository");
  await expect(client.get("/repos/octokit-fixture-org/never", { signal })).rejects.toThrow(/is gone/);
});
