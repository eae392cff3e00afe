/** What GitHub's refusals come to, from a server that gives one answer. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Later, Unreadable } from "../../src/sources/forge.ts";
import { type Client, openClient } from "../../src/sources/github/client.ts";

const { signal } = new AbortController();

interface Answered {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: object;
}

/** A client of a server that answers all requests alike, while the pace is paused until `pausedUntil`. */
async function answering({ status = 200, headers = {}, body }: Answered, pausedUntil?: Date): Promise<Client> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return openClient({
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credential: { kind: "none" },
    pace: { turn: (send) => send(), pausedUntil: async () => pausedUntil },
    patience: 0,
    version: "0",
  });
}

const query = (client: Client): Promise<unknown> => client.query("query { viewer { login } }", {}, signal);

it("a query that is beyond the limit waits for the end of the pause", async () => {
  const until = new Date(Date.now() + 3_600_000);
  const client = await answering({ body: { errors: [{ type: "RATE_LIMITED", message: "wait" }] } }, until);
  const failure = await query(client).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Later);
  expect((failure as Later).until).toEqual(until);
});

it("errors beside data are a fault", async () => {
  const body = { data: { viewer: null }, errors: [{ message: "Something went wrong" }] };
  await expect(query(await answering({ body }))).rejects.toThrow("Something went wrong");
});

it.each([
  ["NOT_FOUND", /is gone/],
  ["FORBIDDEN", /is denied/],
])("a query that is answered with %s is of no use a second time", async (type, meaning) => {
  const failure = query(await answering({ body: { data: { node: null }, errors: [{ type, message: "no" }] } }));
  await expect(failure).rejects.toBeInstanceOf(Unreadable);
  await expect(failure).rejects.toThrow(meaning);
});

it("a limit whose pause is over is no denial: it is waited for a little", async () => {
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" };
  const client = await answering({ status: 403, headers, body: { message: "API rate limit exceeded" } });
  const failure = await client.get("/user", { signal }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Later);
  expect((failure as Later).until.getTime()).toBeGreaterThan(Date.now());
});
