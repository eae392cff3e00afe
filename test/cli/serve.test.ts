/** The report is shown to a browser on this machine that knows the address, and to nobody else. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { leaksweep, story, tempDir, whole } from "../kit.ts";

const program = resolve("bin/leaksweep.cjs");
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** A server with the address that it printed, and the code that it ends with. */
async function serving(...args: string[]) {
  const child = spawn(process.execPath, [program, "serve", ...args], {
    env: { PATH: process.env.PATH ?? "", HOME: tmpdir() },
  });
  running.push(child);
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const url = await new Promise<string>((done, fail) => {
    let said = "";
    child.stdout.on("data", (part: Buffer) => {
      said += part.toString();
      if (said.includes("\n")) done(said.trim());
    });
    void ended.then((code) => fail(new Error(`it ended with ${code}`)));
  });
  return { url: new URL(url), stop: () => child.kill("SIGINT"), ended };
}

const token = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCP");

/** The result of a scan of a folder with a file of this name in it. */
async function resultOf(name: string): Promise<string> {
  const dir = tempDir();
  writeFileSync(join(dir, name), `GITHUB_TOKEN=${token}\n`);
  return (await leaksweep(["dir", dir, "-f", "json"])).stdout;
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/** Asks by a name of one's own choice, which a browser would not let anybody do. */
const ask = (url: URL, options: { path?: string; host?: string; method?: string } = {}): Promise<Answer> =>
  new Promise((done, fail) => {
    const { path = url.pathname, host = url.host, method = "GET" } = options;
    const asked = request({ host: url.hostname, port: url.port, path, method, headers: { host } }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => done({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
    });
    asked.on("error", fail);
    asked.end();
  });

it("shows a result file as it is when the page is loaded, redacted, and ends at ^C", async () => {
  const file = join(tempDir(), "result.json");
  writeFileSync(file, await resultOf("first.env"));
  const { url, stop, ended } = await serving(file);
  const page = await fetch(url);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("cache-control")).toBe("no-store");
  const text = await page.text();
  expect(text).toContain("first.env");
  expect(text).not.toContain(token);

  writeFileSync(file, await resultOf("second.env"));
  expect((await ask(url)).text).toContain("second.env");

  rmSync(file);
  expect(await ask(url)).toMatchObject({ status: 503, text: expect.stringContaining("Cannot read result") });

  stop();
  expect(await ended).toBe(130);
});

it("turns away who does not know the key, came by another name, or wants to change something", async () => {
  const file = join(tempDir(), "result.json");
  writeFileSync(file, await resultOf("app.env"));
  const { url } = await serving(file);
  expect(url.hostname).toBe("127.0.0.1");
  expect(url.pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
  const other = url.pathname.replace(/[0-9a-f]/, (digit) => (digit === "0" ? "1" : "0"));
  for (const path of ["/", other, `${url.pathname}x`, `${url.pathname}../`]) {
    expect(await ask(url, { path })).toMatchObject({ status: 404 });
  }
  expect(await ask(url, { host: `evil.example:${url.port}` })).toMatchObject({ status: 421 });
  expect(await ask(url, { host: `localhost:${url.port}` })).toMatchObject({ status: 200 });
  expect(await ask(url, { method: "POST" })).toMatchObject({ status: 405 });
  expect(await ask(url, { method: "HEAD" })).toEqual({ status: 200, text: "" });
});

it("shows the last sweep of a store, which others can use meanwhile", async () => {
  const dir = story(`git init -q -b main\necho 'GITHUB_TOKEN=${token}' > swept.env\ncommit one`);
  const place = tempDir();
  const [list, store] = [join(place, "list.txt"), join(place, "store")];
  writeFileSync(list, `file://${dir}\n`);
  await leaksweep(["repos", list, "--store", store]);
  const { url } = await serving("--store", store);
  expect((await ask(url)).text).toContain("swept.env");
  const status = await leaksweep(["sweep", "status", "--store", store]);
  expect(status.code).toBe(0);
  expect((await ask(url)).text).toContain("swept.env");
}, 120_000);

it("says at once what it has nothing to show of, and which port it cannot have", async () => {
  const nothing = await leaksweep(["serve", "nothing.json"]);
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('Cannot read result "nothing.json"')]);
  const file = join(tempDir(), "result.json");
  writeFileSync(file, await resultOf("app.env"));
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => other.once("listening", done));
  const { port } = other.address() as { port: number };
  const taken = await leaksweep(["serve", file, "--port", String(port)]);
  other.close();
  expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining("another program has it")]);
});
