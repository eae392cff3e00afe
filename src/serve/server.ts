/**
 * One page, served on this machine to whoever knows its address. What it shows names secrets, so that no other page in
 * the same browser may read it: the address holds a key that nobody can guess, and a request that came by another name
 * than this machine's own (DNS rebinding) is turned away.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LeaksweepError } from "../errors.ts";

/** This machine, and nobody else on the network. */
const host = "127.0.0.1";

/** What stands in for a page that cannot be made now. */
export interface Unavailable {
  /** One sentence, in plain text. */
  readonly problem: string;
}

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Makes the page, HTML, anew whenever it is asked for. Whoever asks while it is being made gets the same one. */
  readonly page: () => Promise<string | Unavailable>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface Served {
  /** With the key. */
  readonly url: string;
  /** Resolves when the signal has ended it and no connection is left. */
  readonly ended: Promise<void>;
}

/** Serves the page until the signal aborts. Throws `LeaksweepError` "usage.invalid" for a port that cannot be had. */
export async function serve({ port, page, signal }: ServeOptions): Promise<Served> {
  const key = randomBytes(16).toString("hex");
  const shared = sharing(page);
  const server = createServer((request, response) => void answer(request, response, { key, page: shared }));
  await listening(server, port);
  const ended = new Promise<void>((done) => server.once("close", done));
  const end = (): void => {
    server.close();
    server.closeAllConnections();
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return { url: `http://${host}:${portOf(server)}/${key}/`, ended };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function listening(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "another program has it" : (cause.code ?? cause.message);
      const hint = "Name another port, or none: then one is taken that is free.";
      fail(new LeaksweepError("usage.invalid", `Cannot serve on port ${port}: ${why}`, { hint, cause }));
    });
    server.listen(port, host, () => done());
  });
}

type Page = ServeOptions["page"];

/** The same page for all who ask while it is being made. */
function sharing(page: Page): Page {
  let underWay: ReturnType<Page> | undefined;
  return () => {
    underWay ??= page().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

const headers = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { key, page }: { readonly key: string; readonly page: Page },
): Promise<void> {
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, { ...headers, "content-type": `${type}; charset=utf-8` });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  if (!isForUs(request)) return send(421, "text/plain", "This page has another address.\n");
  if (!holdsKey(request.url ?? "", key)) return send(404, "text/plain", "There is no such page.\n");
  if (request.method !== "GET" && request.method !== "HEAD") return send(405, "text/plain", "It can be read only.\n");
  const made = await page().catch((error: unknown): Unavailable => ({ problem: String(error) }));
  if (typeof made === "string") send(200, "text/html", made);
  else send(503, "text/plain", `${made.problem}\n`);
}

/** Whether it was sent to this machine by its own name. */
function isForUs({ headers, socket }: IncomingMessage): boolean {
  const names = [host, "localhost"].map((name) => `${name}:${socket.localPort}`);
  return headers.host !== undefined && names.includes(headers.host.toLowerCase());
}

function holdsKey(path: string, key: string): boolean {
  const [asked, wanted] = [Buffer.from(path), Buffer.from(`/${key}/`)];
  return asked.length === wanted.length && timingSafeEqual(asked, wanted);
}
