import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtinQuestions, builtinShelf } from "../../src/rules/builtin.ts";
import { loadRules } from "../../src/rules/load.ts";
import { questionsOf } from "../../src/rules/questions.ts";
import { samplesOf } from "../../src/rules/samples/samples.ts";
import { idsOf } from "../../src/rules/selection.ts";
import { answerIn } from "../../src/triage/verify/reply.ts";
import { leaksweep, tempDir } from "../kit.ts";

const { all } = questionsOf([]);

describe("a built-in question", () => {
  it("goes over TLS, and never to a host that takes uploads of packages", () => {
    for (const { question, provider } of all) {
      for (const url of question.urls) {
        expect(url, provider).toMatch(/^https:\/\//);
        expect(new URL(url).hostname, provider).not.toMatch(/npm|pypi|rubygems|crates|packagist|nuget|docker|maven/);
      }
    }
  });

  it("is there for as many providers as the README says", () => {
    const count = new Set(all.map(({ provider }) => provider)).size;
    expect(count).toBeGreaterThanOrEqual(40);
    expect(readFileSync("README.md", "utf8")).toContain(`${count} providers can be asked`);
  });

  it("that is a POST is one of a few that change nothing", () => {
    const posts = all.filter(({ question }) => question.method === "POST").map(({ provider }) => provider);
    expect(new Set(posts)).toEqual(new Set(["aws", "dropbox", "linear", "monday", "newrelic", "slack"]));
  });

  it("takes no plain refusal for the end of what servers of one's own issue, too", () => {
    const own = ["circleci", "github", "hashicorp", "pulumi", "sentry", "snyk"];
    const signs = all.filter(({ provider }) => own.includes(provider)).map(({ question }) => question.dead);
    expect(signs.length).toBeGreaterThanOrEqual(own.length);
    expect(signs.flat()).toEqual([]);
  });

  it("takes what is said of addresses that may not ask for no end of a secret", () => {
    const slack = (error: string) => answered("slack", { ok: false, error });
    expect([slack("token_revoked"), slack("invalid_auth")]).toEqual(["dead", "unknown"]);
    const sendgrid = (message: string) => answered("sendgrid", { errors: [{ message }] }, { status: 401 });
    expect(sendgrid("The provided authorization grant is invalid, expired, or revoked")).toBe("dead");
    expect(sendgrid("The requestor's IP Address is not whitelisted")).toBe("unknown");
    const paystack = (message: string) => answered("paystack", { status: false, message }, { status: 401 });
    expect([paystack("Invalid key"), paystack("Your IP address is not allowed")]).toEqual(["dead", "unknown"]);
    expect(answered("mailgun", { message: "Forbidden" }, { status: 401 })).toBe("unknown");
  });

  it("to xAI takes a key for live that is neither disabled nor blocked, and for dead one that is either", () => {
    const answer = (blocked: boolean, disabled: boolean, team = false) =>
      [0, 2].map((indent) =>
        answered("xai", { api_key_blocked: blocked, api_key_disabled: disabled, team_blocked: team }, { indent }),
      );
    expect(answer(false, false)).toEqual(["live", "live"]);
    expect(answer(true, false)).toEqual(["dead", "dead"]);
    expect(answer(false, true)).toEqual(["dead", "dead"]);
    expect(answer(true, true)).toEqual(["dead", "dead"]);
    expect(answer(false, false, true)).toEqual(["unknown", "unknown"]);
  });

  it("can be put about what its rule finds", { timeout: 120_000 }, async () => {
    const rules = builtinShelf().rules.all();
    const ids = idsOf(rules);
    const dir = tempDir();
    const questions = builtinQuestions();
    const asked = rules.filter(({ id }) => id in questions);
    for (const rule of asked) {
      for (const [number, sample] of samplesOf(rule, ids).leak.entries()) {
        const folder = join(dir, rule.id, String(number));
        mkdirSync(folder, { recursive: true });
        const { text, path } = typeof sample === "string" ? { text: sample, path: undefined } : { text: "", ...sample };
        writeFileSync(join(folder, path?.split("/").at(-1) ?? "sample"), text);
      }
    }
    const { stdout } = await leaksweep(["verify", dir, "-f", "json", "--min-confidence", "low", "--no-foreign"]);
    const { asks, not } = JSON.parse(stdout) as { asks: { rule: string }[]; not: { rule: string; reason: string }[] };
    const missed = asked.filter(({ id }) => !asks.some(({ rule }) => rule === id)).map(({ id }) => id);
    expect(missed).toEqual([]);
    const reasons = not.filter(({ rule }) => asked.some(({ id }) => id === rule)).map(({ reason }) => reason);
    const fair = ["its other part is not known", "it is a temporary key, which works with its session token only"];
    expect(reasons.filter((reason) => !fair.includes(reason))).toEqual([]);
  });
});

/** What the first question to `provider` takes a reply for. */
function answered(provider: string, body: object, { status = 200, indent = 0 } = {}) {
  const [first] = all.filter((one) => one.provider === provider);
  const reply = { status, headers: {}, body: JSON.stringify(body, null, indent), whole: true };
  return first && answerIn(reply, first.question).liveness;
}

/** A rule whose `verify` is `verify`. */
const load = (verify: string, more = "") =>
  loadRules(
    [
      {
        path: "acme.yml",
        text: `- { id: acme.token, name: n, severity: low, pattern: 'tok_(?<secret>[a-z]{9})(?<zone>[a-z]?)', ${more} verify: ${verify}, samples: { leak: [a, b], clean: [c] } }`,
      },
    ],
    { shelf: false },
  );

describe("the key verify", () => {
  it.each([
    [
      "{ get: 'http://api.example.com/', authorization: '{secret}', live: [200], dead: [] }",
      "must begin with https://",
    ],
    [
      "{ get: 'http://127.0.0.1.example.com/', authorization: '{secret}', live: [200], dead: [] }",
      "must begin with https",
    ],
    ["{ get: 'https://{secret}/', live: [200], dead: [] }", "the first label of its host only"],
    [
      "{ get: 'https://{zone}.com/', authorization: '{secret}', live: [200], dead: [] }",
      "the first label of its host only",
    ],
    ["{ get: 'https://api.{zone}.com/', authorization: '{secret}', live: [200], dead: [] }", "the first label"],
    ["{ get: 'https://api.example.com{zone}/', authorization: '{secret}', live: [200], dead: [] }", "the first label"],
    [
      "{ get: 'https://a@b.example.com/', authorization: '{secret}', live: [200], dead: [] }",
      "names? a host and nothing",
    ],
    ["{ get: 'https://api.example.com/#x', authorization: '{secret}', live: [200], dead: [] }", "no fragment"],
    ["{ get: 'https://api.example.com/', live: [200], dead: [] }", "does not say where the secret goes"],
    ["{ get: 'https://api.example.com/', authorization: '{near}', live: [200], dead: [] }", "does not say where"],
    ["{ get: 'https://api.example.com/{near}', authorization: '{secret}', live: [200], dead: [] }", "neither a group"],
    [
      "{ get: 'https://api.example.com/{seecret}', authorization: '{secret}', live: [200], dead: [] }",
      "neither a group",
    ],
    [
      "{ get: 'https://a.example/', post: 'https://a.example/', authorization: '{secret}', live: [200], dead: [] }",
      "either",
    ],
    ["{ get: 'https://a.example/', authorization: '{secret}', live: [302], dead: [] }", "cannot settle a question"],
    ["{ get: 'https://a.example/', authorization: '{secret}', live: [200], dead: [429] }", "cannot settle a question"],
    ["{ get: 'https://a.example/', authorization: '{secret}', live: [200], dead: [503] }", "verify.dead"],
    ["{ get: 'https://a.example/', headers: { Host: '{secret}' }, live: [200], dead: [] }", "set by leaksweep itself"],
    [
      "{ get: 'https://a.example/', authorization: '{secret}', live: [{ status: 200, at: ok }], dead: [] }",
      "verify.live",
    ],
    ["{ get: 'https://a.example', authorization: '{secret}', live: [200], dead: [] }", "must have a path"],
    ["{ get: 'https://a.example?x=1', authorization: '{secret}', live: [200], dead: [] }", "must have a path"],
    ["{ get: 'https://a.example:443/', authorization: '{secret}', live: [200], dead: [] }", "written as it is sent"],
    ["{ get: 'http://127.0.0.1:80/', authorization: '{secret}', live: [200], dead: [] }", "written as it is sent"],
    ["{ get: 'https://a.example:99999/', authorization: '{secret}', live: [200], dead: [] }", "written as it is sent"],
    ["{ get: 'https://a.example/x/../y', authorization: '{secret}', live: [200], dead: [] }", "written as it is sent"],
    ["{ get: 'https://a.example/x y', authorization: '{secret}', live: [200], dead: [] }", "written as it is sent"],
    [
      "{ get: 'https://a.example/', authorization: '{secret}', live: [{ status: 200, certain: true }], dead: [] }",
      "certain",
    ],
  ])("is refused as %s", (verify, problem) => {
    expect(() => load(verify)).toThrow(new RegExp(problem));
  });

  it("may call a refusal certain, and give a host in capitals and a port", () => {
    const [rule] = load(
      "{ get: 'https://A.example:8443/', authorization: '{secret}', live: [200], dead: [{ status: 401, certain: true }] }",
    );
    expect(rule?.verify).toMatchObject({ get: ["https://A.example:8443/"], dead: [{ status: 401, certain: true }] });
  });

  it("may leave open the first label of a host, and name this machine", () => {
    const [rule] = load(
      "{ get: ['https://{zone}.api.example.com/', 'http://127.0.0.1:8080/x'], authorization: 'Bearer {secret}', live: [200, { status: 403, at: /a, is: b }], dead: [401] }",
    );
    expect(rule?.verify).toMatchObject({
      get: ["https://{zone}.api.example.com/", "http://127.0.0.1:8080/x"],
      live: [{ status: 200 }, { status: 403, at: "/a", is: ["b"] }],
      dead: [{ status: 401 }],
    });
  });
});
