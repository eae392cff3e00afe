/** A git host on this machine: bare repositories over smart HTTP, through git's own server side. */
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sh } from "../kit.ts";
import { answer } from "./backend.ts";

export interface GitRequest {
  readonly method: string | undefined;
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface Hub {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Requests so far, without their bodies. */
  readonly requests: GitRequest[];
  /** Makes a bare repository `owner/name` with what the script commits, and returns its address. */
  create(name: string, script: string): string;
  /** Pushes what the script commits, on top of what is there. */
  push(name: string, script: string): void;
  /** Called before git answers: true when the answer has been given. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  close(): void;
}

/** Serves bare repositories below `root`; with `login` (`user:password`) to whoever has it. */
export async function startHub(root: string, { login }: { login?: string } = {}): Promise<Hub> {
  const requests: GitRequest[] = [];
  const expected = login && `Basic ${Buffer.from(login).toString("base64")}`;
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    requests.push({ method: request.method, path: request.url ?? "", authorization });
    if (hub.intercept?.(request, response)) return;
    if (expected && authorization !== expected) {
      return void response.writeHead(authorization ? 403 : 401, { "www-authenticate": "Basic" }).end();
    }
    answer(root, request, response);
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const bare = (name: string): string => join(root, `${name}.git`);
  const hub: Hub = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    intercept: undefined,
    create(name, script) {
      mkdirSync(bare(name), { recursive: true });
      sh(bare(name), "git init -q --bare -b main . && git config uploadpack.allowAnySHA1InWant true");
      if (script !== "") hub.push(name, script);
      return `${hub.origin}/${name}.git`;
    },
    push(name, script) {
      const work = `${bare(name)}.work`;
      mkdirSync(work, { recursive: true });
      sh(
        work,
        `test -d .git || { git init -q -b main . && git remote add origin ${bare(name)}; }\n${script}\ngit push -q --force --all origin`,
      );
    },
    close: () => void server.close(),
  };
  return hub;
}
