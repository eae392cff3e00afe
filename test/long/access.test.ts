/** Who is let in, and what becomes of what nobody is let into: Apps, wikis, repositories that are refused or moved. */
import { generateKeyPairSync } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { clone } from "../../src/git/clone.ts";
import { lastReason } from "../../src/sweep/faults.ts";
import { leaksweep, tempDir, whole } from "../kit.ts";
import { type StandIn, startStandIn } from "../sweep/stand-in.ts";
import { postgresOfFile } from "../sweep/stores.ts";

const postgres = postgresOfFile();

const token = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf1gKi9O");
const secret = (n: number): string => `gl¦pat-jrO4z8U0e9TgiyJs1o5${String.fromCharCode(97 + n)}`;
const leak = (n: number): string => `echo 'TOKEN=${secret(n)}' > app.env; commit Add`;

interface World {
  readonly forge: StandIn;
  readonly dir: string;
  readonly store: string;
  sweep(args: readonly string[], env?: Record<string, string>): Promise<Swept>;
}

interface Swept {
  readonly code: number | null;
  readonly stderr: string;
  readonly paths: readonly string[];
  readonly skips: readonly string[];
}

let worlds = 0;

/** A forge and a store; who is let in has nothing to do with the store's kind, and one on a server is quicker to have. */
async function world({ inFolder = !postgres.isHere } = {}): Promise<World> {
  const dir = tempDir();
  const store = inFolder ? join(dir, "store") : await postgres.store(`access_${++worlds}`);
  const forge = await startStandIn(join(dir, "hub"), { token });
  onTestFinished(() => forge.hub.close());
  forge.owners.set("acme", { kind: "org" });
  return {
    forge,
    dir,
    store,
    async sweep(args, env = { GITHUB_TOKEN: token }) {
      const all = { ...env, LEAKSWEEP_STORE: store };
      const { code, stdout, stderr } = await leaksweep([...args, "--api-url", forge.api, "-f", "json"], { env: all });
      if (stdout === "") return { code, stderr, paths: [], skips: [] };
      const { findings, skips } = JSON.parse(stdout) as {
        findings: { occurrences: { path: string }[] }[];
        skips: { path: string; by: string; reason: string }[];
      };
      return {
        code,
        stderr,
        paths: findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path)).sort(),
        skips: skips.map(({ path, by, reason }) => `${path} (${by}): ${reason}`).sort(),
      };
    },
  };
}

it("wikis are read where there are any; one that is offered and was never begun is nothing to read", async () => {
  const { forge, sweep } = await world();
  forge.create("acme/one", leak(1), { wiki: true });
  forge.hub.create("acme/one.wiki", leak(2));
  forge.create("acme/two", leak(3), { wiki: true });
  const { code, paths, skips } = await sweep(["org", "acme", "--wikis"]);
  expect(paths).toEqual(["acme/one/app.env", "acme/one/wiki/app.env", "acme/two/app.env"]);
  expect(skips).toEqual([]);
  expect(code).toBe(1);
});

it("a connection that stalls is given up by git after half a minute, called by that name, and begun again", async () => {
  const { forge, dir, sweep } = await world();
  forge.create("acme/never", "", { stalls: 100 });
  const given = clone(`${forge.hub.origin}/acme/never.git`, join(dir, "never")).then(String, lastReason);
  forge.create("globex/once", leak(1), { stalls: 1 });
  forge.create("globex/zebra", leak(2));
  forge.owners.set("globex", { kind: "org" });
  const { code, paths, skips } = await sweep(["org", "globex", "--concurrency", "2"]);
  expect(paths).toEqual(["globex/once/app.env", "globex/zebra/app.env"]);
  expect(skips).toEqual([]);
  expect(code).toBe(1);
  const asked = (name: string) =>
    forge.hub.requests.filter(({ path }) => path.startsWith(`/globex/${name}.git/`)).length;
  expect(asked("once")).toBeGreaterThan(asked("zebra"));
  expect(await given).toMatch(/^stalled: /);
});

it("a repository that is denied, withheld, gone or moved is a row with its reason, and the rest is read", async () => {
  const { forge, sweep } = await world();
  forge.create("acme/denied", leak(1), { refuses: 403 });
  forge.create("acme/gone", leak(2), { refuses: 404 });
  forge.create("acme/withheld", leak(3), { refuses: 451 });
  forge.create("acme/moved", leak(4), { refuses: "https://elsewhere.example.org/acme/moved.git/info/refs" });
  forge.create("acme/zebra", leak(5));
  const { code, paths, skips } = await sweep(["org", "acme"]);
  expect(paths).toEqual(["acme/zebra/app.env"]);
  expect(skips).toEqual([
    "acme/denied (fault): is denied to this login",
    "acme/gone (fault): is gone, or hidden from this login",
    "acme/moved (fault): has moved elsewhere, where a login must not follow: its new address can be read",
    "acme/withheld (fault): is withheld for legal reasons (451)",
  ]);
  expect(code).toBe(1);
});

const app = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { key: privateKey.export({ type: "pkcs1", format: "pem" }) as string, publicKey };
};

it("an App logs in with its key, from a file or on one line, and git with the installation's token", async () => {
  const { forge, dir, sweep } = await world();
  const { key, publicKey } = app();
  forge.app = { id: "4711", publicKey, installations: { Acme: 7 } };
  forge.create("acme/one", leak(1), { private: true });
  writeFileSync(join(dir, "app.pem"), key, { mode: 0o600 });
  const fromFile = await sweep(["org", "acme", "--app-id", "4711"], {
    GITHUB_APP_PRIVATE_KEY_FILE: join(dir, "app.pem"),
  });
  expect(fromFile.stderr + fromFile.paths).toContain("acme/one/app.env");
  const line = key.replaceAll("\n", "\\n");
  const again = await sweep(["org", "acme", "--app-id", "4711", "--restart"], { GITHUB_APP_PRIVATE_KEY: line });
  expect(again.paths).toEqual(["acme/one/app.env"]);
  expect(again.stderr).not.toContain("PRIVATE KEY");
});

it("an App whose key is missing, unreadable, none or that of another is told so, and nothing is scanned", async () => {
  const { forge, sweep } = await world();
  forge.app = { id: "4711", publicKey: app().publicKey, installations: { acme: 7 } };
  for (const [env, said] of [
    [{}, 'Cannot log in as App "4711": there is no private key'],
    [{ GITHUB_APP_PRIVATE_KEY_FILE: "/nowhere/app.pem" }, 'Cannot read App key "/nowhere/app.pem": ENOENT'],
    [{ GITHUB_APP_PRIVATE_KEY: "nonsense" }, 'Cannot log in as App "4711": its private key is none that can be read'],
    [{ GITHUB_APP_PRIVATE_KEY: app().key }, 'Cannot log in as App "4711": the forge knows no such App with this key'],
  ] as const) {
    const { code, stderr } = await sweep(["org", "acme", "--app-id", "4711"], env);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/\n\s+at |GET \/app/);
    expect(code).toBe(2);
  }
}, 45_000); // whoever goes on with the sweep does not wait a minute until the failed run's lease ends

it("while a sweep has a store in a folder, how it stands can be asked, and what it reads", async () => {
  const { forge, store, sweep } = await world({ inFolder: true });
  forge.create("acme/quick", leak(1));
  forge.create("acme/slow", leak(2));
  const usual = forge.hub.intercept;
  const seen = new AbortController();
  let waiting = 0;
  forge.hub.intercept = (request, response) => {
    if (!request.url?.startsWith("/acme/slow.git")) return usual?.(request, response) ?? false;
    waiting++;
    const refuse = (): void => void response.writeHead(404).end();
    if (seen.signal.aborted) refuse();
    else seen.signal.addEventListener("abort", refuse);
    return true;
  };
  const env = { LEAKSWEEP_STORE: store };
  const status = () => leaksweep(["sweep", "status"], { env });
  const swept = sweep(["org", "acme"]);
  // Before it has the store, whoever asks would have it; and then what stands is posted every few seconds.
  await expect.poll(() => waiting, { timeout: 200_000 }).toBeGreaterThan(0);
  const half = "  progress  1/2 · 1 finding";
  await expect.poll(async () => (await status()).stdout, { timeout: 200_000, interval: 500 }).toContain(half);
  const asked = await status();
  seen.abort();
  expect(asked.stderr).toContain("a sweep is using this store");
  expect(asked.stdout).toContain("sweep 1  org acme: running");
  expect(asked.stdout).toContain("  progress  1/2 · 1 finding");
  expect(asked.stdout).toContain("  reading   acme/slow\n");
  expect((await swept).skips).toEqual(["acme/slow (fault): is gone, or hidden from this login"]);
  const after = await status();
  expect(after.stderr).toBe("");
  expect(after.stdout).toContain("sweep 1  org acme: finished");
});

it.each([
  ["--max-clone-size", "10kB", "is too large: more than 10000 bytes"],
  ["--min-free-disk", "900TB", "there is not enough space on the disk to clone it"],
])("what %s %s does not let in is a row with its reason, and nothing is left of it", async (flag, size, reason) => {
  const { forge, sweep, dir } = await world();
  forge.create("acme/large", "head -c 3000000 /dev/urandom > blob; commit Add");
  const kept = join(dir, "clones");
  const { code, skips, stderr } = await sweep(["org", "acme", flag, size, "--keep-clones", kept]);
  expect(skips).toEqual([`acme/large (fault): ${reason}`]);
  expect(code).toBe(3);
  expect(readdirSync(kept).filter((name) => name.includes("large"))).toEqual([]);
  expect(stderr).not.toContain(token);
});
