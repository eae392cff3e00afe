/** A provider on loopback that answers as a test wants it to, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Provider {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly host: string;
  readonly seen: Seen[];
}

export type Behave = (asked: Seen, response: ServerResponse, count: number) => void;

/** Starts one that is gone when the running test is done. `behave` is told how many requests came before. */
export async function provider(behave: Behave): Promise<Provider> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const asked = { method, path, headers, body: Buffer.concat(parts).toString() };
      seen.push(asked);
      behave(asked, response, seen.length - 1);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, seen };
}

/** A reply in JSON. */
export const json = (response: ServerResponse, status: number, value: unknown, headers = {}): void =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
