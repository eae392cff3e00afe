import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createSecure } from "node:https";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { available, leaksweep, sh, story, tempDir, whole } from "../kit.ts";
import { json, provider } from "../triage/verify/provider.ts";

const live = whole("acme_r7k2¦m9qx4vz1w8tn5hp3jd");
const dead = whole("acme_g5b8¦y2fs7l4c9u6e3ia1ow");

/** A provider that takes one token, and the rule file of a user that says so. */
async function acme(more = "") {
  const asked = await provider(({ headers }, response) =>
    headers.authorization === `Bearer ${live}`
      ? json(response, 200, { login: "ann\x1b[31m\n::error::x", echo: live }, { "x-scopes": "repo" })
      : json(response, 401, {}),
  );
  return { ...asked, rules: rulesFor(asked.url, more) };
}

/** A rule file outside of whatever is scanned. */
function rulesFor(url: string, more = ""): string {
  const file = join(tempDir(), "acme.yml");
  writeFileSync(file, ruleAt(url, more));
  return file;
}

const ruleAt = (url: string, more = "") => `
- id: acme.token
  name: Acme token
  severity: critical
  confidence: high
  pattern: \\b(?<secret>acme_[a-z0-9]{22})\\b
  ${more}
  verify:
    get: ${url}/v1/me
    authorization: Bearer {secret}
    live: [200]
    dead: [401]
    facts: { login: /login, scopes: header:x-scopes, echo: /echo }
  samples: { leak: [a, b], clean: [c] }
`;

const repository = (...tokens: string[]) =>
  story(
    `git init -q -b main\n${tokens.map((token, index) => `echo 'token = "${token}"' > file${index}.txt`).join("\n")}\ncommit a`,
  );

describe("without --send", () => {
  it("nothing is sent: it shows whom it would ask about how many secrets, and never a secret", async () => {
    const { rules, seen, host } = await acme();
    const dir = repository(live, dead, whole('x"\npassword = "hunter¦XX29fjq2l'));
    const { code, stdout } = await leaksweep(["verify", dir, "--rules", rules, "-v"]);
    expect(code).toBe(0);
    expect(stdout).toContain("about 2 secrets of acme.token");
    expect(stdout).toContain(`${host} GET /v1/me`);
    expect(stdout).toMatch(/not +1 finding, since no way to ask is known: generic\./);
    expect(stdout).toMatch(/Nothing has been sent\. To ask this host about 2 secrets, add --send;/);
    expect(stdout).not.toMatch(new RegExp(`${live}|${dead}`));
    expect(seen).toEqual([]);
  });

  it("the plan can be had as JSON, and in no format of results", async () => {
    const { rules, seen, host } = await acme();
    const dir = repository(live);
    const { stdout } = await leaksweep(["verify", dir, "--rules", rules, "-f", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "leaksweep/asking/1",
      sent: false,
      complete: true,
      asks: [{ rule: "acme.token", requests: [{ host, method: "GET", path: "/v1/me" }], findings: [/^ls1:/] }].map(
        (ask) => ({ ...ask, findings: [expect.stringMatching(/^ls1:/)] }),
      ),
      not: [],
    });
    const refused = await leaksweep(["verify", dir, "-f", "sarif"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("add --send") });
    expect(seen).toEqual([]);
  });

  it("where there is nothing to ask about, it says so", async () => {
    const { stdout, code } = await leaksweep(["verify", repository("nothing")]);
    expect({ stdout, code }).toEqual({ stdout: "There is nothing to ask about. Nothing has been sent.\n", code: 0 });
  });
});

describe("with --send", () => {
  it("live ones come first, in plain words, and the exit code is 1", async () => {
    const { rules, seen, host } = await acme();
    const dir = repository(dead, live);
    const { code, stdout, stderr } = await leaksweep(["verify", dir, "--rules", rules, "--send"]);
    expect(code).toBe(1);
    expect(stderr).toBe(`leaksweep: asking ${host}\n`);
    expect(stdout).toMatch(/^critical +LIVE Acme token/);
    expect(stdout).toMatch(/LIVE: its provider takes it, it still works[\s\S]*dead: its provider refuses it/);
    expect(stdout).toContain("1 secret is LIVE: it still works.");
    expect(stdout).toContain("login: ann [31m \\x3a:error::x");
    expect(stdout).toContain("scopes: repo");
    // The two, and once a made-up one.
    expect(seen).toHaveLength(3);
    expect(seen[0]?.headers["user-agent"]).toMatch(/^leaksweep\//);
  });

  it.each(["sarif", "markdown", "html"])("as %s the result says what is live, and holds no secret", async (format) => {
    const { rules } = await acme();
    const dir = repository(live);
    const { code, stdout } = await leaksweep(["verify", dir, "--rules", rules, "--send", "-f", format]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/live/i);
    expect(stdout).not.toContain(live);
    expect(stdout).not.toContain("\x1b");
  });

  it("the result as JSON has liveness and facts of each finding", async () => {
    const { rules } = await acme();
    const args = ["--rules", rules, "--send", "-f", "json", "-q"];
    const { stdout, stderr } = await leaksweep(["verify", repository(live, dead), ...args]);
    const { findings } = JSON.parse(stdout) as { findings: { liveness: string; facts: object }[] };
    expect(findings.map(({ liveness, facts }) => [liveness, facts]).sort()).toEqual([
      ["dead", {}],
      ["live", { login: "ann [31m ::error::x", scopes: "repo" }],
    ]);
    expect(stderr).toBe("");
  });

  it("only dead ones are no failure; what nobody could say is exit code 3", async () => {
    const { rules } = await acme();
    expect(await leaksweep(["verify", repository(dead), "--rules", rules, "--send"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing that was asked about is live: 1 secret no longer works."),
    });
    const { url, host } = await provider((_, response) => json(response, 404, {}));
    const open = await leaksweep(["verify", repository(live), "--rules", rulesFor(url), "--send"]);
    expect(open.code).toBe(3);
    expect(open.stdout.replace(/\s+/g, " ")).toContain(
      `unknown whether it works: ${host}: it answered 404, which settles nothing`,
    );
  });

  it("a known secret that is live counts, an allowed one is not asked about", async () => {
    const { rules, seen } = await acme();
    const dir = repository(live);
    const base = join(tempDir(), "base");
    await leaksweep(["baseline", "create", dir, "--rules", rules, "--baseline", base]);
    const args = ["verify", dir, "--rules", rules, "--send", "--baseline", base];
    expect(await leaksweep(args)).toMatchObject({ code: 1, stdout: expect.stringContaining("LIVE Acme token") });
    expect(await leaksweep([...args, "--exit-code", "0"])).toMatchObject({ code: 0 });
    const count = seen.length;
    writeFileSync(base, readFileSync(base, "utf8").replace(" known", " allowed"));
    expect((await leaksweep(args)).code).toBe(0);
    expect(seen).toHaveLength(count);
  });

  it("--only keeps to those it names, and knows who can be asked", async () => {
    const { rules, seen, host } = await acme();
    const dir = repository(live);
    const verify = (...only: string[]) =>
      leaksweep(["verify", dir, "--rules", rules, "--send", ...only.flatMap((name) => ["--only", name])]);
    expect(await verify("github")).toMatchObject({ code: 0, stdout: expect.stringContaining("left out by --only") });
    expect(seen).toEqual([]);
    expect(await verify("acem")).toMatchObject({ code: 2, stderr: expect.stringContaining('Cannot ask "acem"') });
    expect((await verify("github", host)).code).toBe(1);
    expect((await verify("acme")).code).toBe(1);
    expect(seen.length).toBeGreaterThan(0);
  });

  it("an id that stands nearer than the secret's own does not make a live secret a dead one", async () => {
    const [idA, idB] = ["acmeid_r4t8y2w6", "acmeid_h3k9p5v7"];
    const good = [`/v1/${idA} Bearer ${live}`, `/v1/${idB} Bearer ${dead}`];
    const { url } = await provider(({ path, headers }, response) =>
      json(response, good.includes(`${path} ${headers.authorization}`) ? 200 : 401, {}),
    );
    const rules = join(tempDir(), "acme.yml");
    const id =
      "\n- { id: acme.id, name: Acme id, severity: low, confidence: high, pattern: '\\b(?<secret>acmeid_[a-z0-9]{8})\\b', samples: { leak: [a, b], clean: [c] } }\n";
    writeFileSync(
      rules,
      ruleAt(url, "near: { rule: acme.id, lines: 5, required: true }").replace("/v1/me", "/v1/{near}") + id,
    );
    const dir = tempDir();
    writeFileSync(join(dir, "keys.txt"), [idA, idB, live, dead].map((one) => `key = "${one}"\n`).join(""));
    const { stdout, code } = await leaksweep(["verify", dir, "--rules", rules, "--send", "-f", "json", "-q"]);
    const { findings } = JSON.parse(stdout) as { findings: { rule: { id: string } | string; liveness: string }[] };
    expect(findings.map(({ liveness }) => liveness).sort()).toEqual(["live", "unchecked", "unchecked", "unknown"]);
    expect(code).toBe(1);
  });

  it("--timeout ends the asking, too", async () => {
    const { url, host } = await provider(() => {});
    const began = Date.now();
    const args = ["--rules", rulesFor(url), "--send", "--timeout", "3s", "-f", "json"];
    const { stdout, code } = await leaksweep(["verify", repository(live), ...args]);
    expect(Date.now() - began).toBeLessThan(9_000);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).findings[0]).toMatchObject({
      liveness: "unknown",
      livenessReason: `${host}: the run was stopped`,
    });
  });

  it("--no-redact shows secrets, and nothing else changes", async () => {
    const { rules } = await acme();
    const args = ["verify", repository(live), "--rules", rules, "--send", "--no-redact", "-f", "json"];
    const { stdout } = await leaksweep(args);
    expect(JSON.parse(stdout).findings[0]).toMatchObject({ secret: live, liveness: "live" });
  });

  it("a proxy of the environment is not taken for a way to send secrets", async () => {
    const { rules, seen } = await acme();
    const proxy = await provider((_, response) => json(response, 200, {}));
    const names = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    const env = Object.fromEntries(names.map((name) => [name, proxy.url]));
    const { code } = await leaksweep(["verify", repository(live), "--rules", rules, "--send"], { env });
    expect(code).toBe(1);
    expect(proxy.seen).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
  });
});

/** What a stranger can write into a repository that somebody else will verify. */
describe("a repository that wants secrets sent to its own host", () => {
  const github = whole("gh¦p_yjPFXZNb599XfZdTsLSipYAGZditQm0ZS8oR");

  const evil = (url: string): string => ruleAt(url).replace("acme.token", "evil.token");

  const attacks: readonly (readonly [what: string, files: (url: string) => Record<string, string>])[] = [
    [
      "brings a config that names rules of its own",
      (url) => ({
        "leaksweep.yml": "rules: { paths: [rules.yml] }\n",
        "rules.yml": evil(url).replace("acme_[a-z0-9]{22}", "(?:gh¦p|acme)_[A-Za-z0-9]{22,36}"),
      }),
    ],
    [
      "switches the built-in rules off and finds their secrets itself",
      (url) => ({
        "leaksweep.yml": "rules: { paths: [rules.yml], disable: ['github.*', 'generic.*'] }\n",
        "rules.yml": evil(url).replace("acme_[a-z0-9]{22}", "gh¦p_[A-Za-z0-9]{36}"),
      }),
    ],
    [
      "gives a built-in rule anew",
      (url) => ({
        "leaksweep.yml": "rules: { paths: [rules.yml], disable: [github.pat-classic] }\n",
        "rules.yml": ruleAt(url).replace("acme.token", "github.pat-classic"),
      }),
    ],
    [
      "gives the rule that the user trusts anew",
      (url) => ({ "leaksweep.yml": "rules: { paths: [rules.yml] }\n", "rules.yml": ruleAt(url) }),
    ],
    [
      "brings a folder of rules under the usual names",
      (url) => ({ "rules/acme.yml": ruleAt(url), ".leaksweep/rules/acme.yml": ruleAt(url) }),
    ],
    [
      "brings files of scanners that verify",
      (url) => ({
        ".gitleaks.toml": `[[rules]]\nid = "acme"\nregex = '''(acme_[a-z0-9]{22})'''\nvalidate = 'http.get("${url}")'\n`,
        ".betterleaks.toml": `[[rules]]\nid = "acme"\nregex = '''(acme_[a-z0-9]{22})'''\nvalidate = 'http.get("${url}")'\n`,
        ".trufflehog.yml": `detectors: [{ name: acme, regex: { a: 'acme_[a-z0-9]{22}' }, verify: [{ endpoint: ${url} }] }]\n`,
        "kingfisher.yaml": `rules: [{ id: acme, pattern: 'acme_[a-z0-9]{22}', validation: { type: Http, content: { request: { url: ${url} } } } }]\n`,
      }),
    ],
    ["asks for verification in its config", (url) => ({ "leaksweep.yml": `verify: { send: true, url: ${url} }\n` })],
    [
      "names its host beside the secret",
      (url) => ({ "extra.txt": `API_URL=${url}\nhost: ${url}\ntoken = "${live}"\nAPI=${url}\n` }),
    ],
    [
      "sets an environment for the tools of whoever scans it",
      (url) => ({
        ".env": `HTTPS_PROXY=${url}\nNODE_OPTIONS=--use-env-proxy\nGITHUB_API_URL=${url}\n`,
        ".npmrc": `proxy=${url}\nhttps-proxy=${url}\n`,
      }),
    ],
  ];

  it.each(attacks)("gets nothing when it %s", async (_, files) => {
    const stranger = await provider((_, response) => json(response, 200, { login: "x" }));
    const { rules, host } = await acme();
    const dir = repository(live);
    for (const [name, text] of Object.entries(files(stranger.url))) {
      mkdirSync(join(dir, name, ".."), { recursive: true });
      writeFileSync(join(dir, name), whole(text));
    }
    sh(dir, "commit b");
    const sent = await Promise.all(
      [["--rules", rules], []].map((own) => leaksweep(["verify", ...own, "--send"], { cwd: dir })),
    );
    // Of a token that GitHub knows the plan must do: nobody but this machine is asked by a test.
    writeFileSync(join(dir, "token.txt"), `token = "${github}"\n`);
    const planned = await leaksweep(["verify", "--rules", rules, "-f", "json"], { cwd: dir });
    expect(stranger.seen).toEqual([]);
    if (planned.code === 2) return expect(planned.stderr).toMatch(/there is a rule of this id|unknown key "verify"/);
    const { asks, not } = JSON.parse(planned.stdout) as { asks: { requests: { host: string }[] }[]; not: object[] };
    const hosts = asks.flatMap(({ requests }) => requests.map((request) => request.host));
    expect(hosts.filter((name) => name !== "api.github.com" && name !== host)).toEqual([]);
    expect(asks.length + not.length).toBe(2);
    expect(sent.map(({ code }) => code)).not.toContain(2);
  });
});

describe("what cannot be verified", () => {
  it.each([
    [["verify", "postgres://db.example/leaks"], "a store holds"],
    [["verify", ".", "--store", "sweep"], "a store holds"],
  ])("%j: a store has no secrets", async (args, problem) => {
    const { code, stderr } = await leaksweep(args);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).toContain("Verify the repository itself");
  });

  it("a report has none, either", async () => {
    const dir = repository(dead);
    for (const format of ["json", "jsonl"]) {
      const file = join(tempDir(), `report.${format}`);
      await leaksweep(["scan", dir, "-f", format, "-o", file, "--no-cache", "--rules", rulesFor("http://127.0.0.1:1")]);
      expect((await leaksweep(["verify", file])).stderr).toContain("Cannot verify what a report holds");
    }
  });
});

it("a certificate that nobody vouches for is refused, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
  if (!available("openssl", hasOpenssl())) return;
  const dir = tempDir();
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  const seen: string[] = [];
  const server = createSecure({ key: readFileSync(key), cert: readFileSync(cert) }, ({ headers }, response) => {
    seen.push(headers.authorization ?? "");
    json(response, headers.authorization === `Bearer ${live}` ? 200 : 401, {});
  });
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const args = ["verify", repository(live), "--rules", rulesFor(`https://localhost:${port}`), "--send", "-f", "json"];
  const refused = await leaksweep(args, { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout).findings[0].livenessReason).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(seen).toEqual([]);
  const trusted = await leaksweep(args, { env: { NODE_EXTRA_CA_CERTS: cert } });
  expect(JSON.parse(trusted.stdout).findings[0].liveness).toBe("live");
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
