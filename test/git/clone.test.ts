import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { clone } from "../../src/git/clone.ts";
import { readRefs } from "../../src/git/refs.ts";
import { openRepository } from "../../src/git/repository.ts";
import { sh, story, tempDir, whole } from "../kit.ts";

const served = `
  git init -q -b main .
  echo x > x; commit X
  git tag -a -m Tag v1
  git update-ref refs/pull/1/head HEAD
  git notes add -m Note
`;

const refNames = async (dir: string): Promise<string[]> => {
  const repo = await openRepository(dir);
  return repo ? (await readRefs(repo)).map(({ name }) => name) : [];
};

const allRefs = ["refs/heads/main", "refs/notes/commits", "refs/pull/1/head", "refs/tags/v1", "HEAD"];

/** Serves the repository over HTTP with git's own server side; `login` asks for basic credentials. */
async function serve(dir: string, { login, redirect }: { login?: string; redirect?: string } = {}): Promise<string> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const expected = login && `Basic ${Buffer.from(login).toString("base64")}`;
    if (redirect) return void response.writeHead(301, { location: redirect + request.url }).end();
    if (expected && request.headers.authorization !== expected) {
      return void response.writeHead(401, { "www-authenticate": "Basic" }).end();
    }
    backend(dir, request, response);
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function backend(dir: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH ?? "",
      GIT_PROJECT_ROOT: dir,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      REQUEST_METHOD: request.method ?? "",
      PATH_INFO: path,
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    },
  });
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.on("close", () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf("\r\n\r\n");
    for (const line of all.toString("latin1", 0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/s);
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  });
}

describe("a clone", () => {
  it("has every ref of every namespace and no remote's tracking refs", async () => {
    const target = join(tempDir(), "clone.git");
    await clone(`file://${story(served)}`, target);
    expect(await refNames(target)).toEqual(allRefs);
  });

  it("over http from this machine tells how far it is", async () => {
    const target = join(tempDir(), "clone.git");
    const onProgress = vi.fn();
    await clone(`http://${await serve(story(served))}/.git`, target, { onProgress });
    expect(await refNames(target)).toEqual(allRefs);
    expect(onProgress).toHaveBeenCalledWith({
      stage: expect.stringMatching(/^(remote|receiving|resolving)$/),
      percent: expect.any(Number),
    });
  });

  it("brings neither the hooks nor the settings of what it cloned", async () => {
    const dir = story(`${served} git config core.fsmonitor evil; cp .git/HEAD .git/hooks/post-checkout`);
    const target = join(tempDir(), "clone.git");
    await clone(`file://${dir}`, target);
    expect(readFileSync(join(target, "config"), "utf8")).not.toContain("evil");
  });
});

describe("credentials in the URL", () => {
  it("are used and then found nowhere: not in the config, not in the arguments of git", async () => {
    const bin = tempDir();
    const log = join(bin, "log");
    const real = sh("/", "command -v git");
    sh(bin, `printf '#!/bin/sh\\necho "$*" >> ${log}\\nexec ${real} "$@"\\n' > git; chmod +x git`);
    const host = await serve(story(served), { login: "ann:hu%sh" });
    vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
    const target = join(tempDir(), "clone.git");
    await clone(whole(`http:/¦/ann:hu%25sh@${host}/.git`), target);
    vi.unstubAllEnvs();
    expect(await refNames(target)).toEqual(allRefs);
    expect(readFileSync(join(target, "config"), "utf8")).toContain(`url = http://${host}/.git`);
    expect(readFileSync(log, "utf8")).toContain(`-- http://${host}/.git`);
    expect(readFileSync(log, "utf8")).not.toMatch(/hu%|ann/);
  });

  it("that are wrong fail at once, without being shown", async () => {
    const host = await serve(story(served), { login: "ann:right" });
    const failure = clone(whole(`http:/¦/ann:wrong@${host}/.git`), join(tempDir(), "clone"));
    await expect(failure).rejects.toMatchObject({ code: "git.failed" });
    await expect(failure).rejects.toThrow(`Cannot clone "http://${host}/.git": fatal: `);
    await expect(failure).rejects.not.toThrow(/wrong|YW5u/);
  });

  it("do not follow a redirect", async () => {
    const other = await serve(story(served));
    const host = await serve("", { redirect: `http://${other}` });
    const failure = clone(whole(`http:/¦/ann:hush@${host}/.git`), join(tempDir(), "clone"));
    await expect(failure).rejects.toThrow(/redirect|301/);
    const target = join(tempDir(), "clone");
    await clone(`http://${host}/.git`, target);
    expect(await refNames(target)).toEqual(allRefs);
  });
});

describe("what is no URL to clone", () => {
  it.each([
    ["ext::sh -c id", "it is no https, ssh or file URL"],
    ["git://example.org/a", "it is no https, ssh or file URL"],
    ["ftp://example.org/a", "it is no https, ssh or file URL"],
    ["--upload-pack=id", "it is no https, ssh or file URL"],
    ["https://", "it is no valid URL"],
    ["http://example.org/a", "http sends it unencrypted"],
    ["http://ann:hush@example.org/a", "http sends it unencrypted"],
  ])("%s is refused", async (url, why) => {
    const failure = clone(url, join(tempDir(), "clone"));
    await expect(failure).rejects.toMatchObject({ code: "usage.invalid", message: expect.stringContaining(why) });
    await expect(failure).rejects.not.toThrow("hush");
  });
});

it("a clone of nothing says what git said", async () => {
  const failure = clone(`file://${tempDir()}/absent`, join(tempDir(), "clone"));
  await expect(failure).rejects.toMatchObject({ code: "git.failed", message: expect.stringContaining("fatal: ") });
});

it("a signal ends a clone with its reason", async () => {
  const stop = new AbortController();
  const failure = clone(`file://${story(served)}`, join(tempDir(), "clone"), { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(failure).rejects.toThrow("enough");
});
