import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/bytes/secret.ts";
import type { Finding, Question, Rule } from "../../../src/terms.ts";
import { ask } from "../../../src/triage/verify/ask.ts";
import { send } from "../../../src/triage/verify/http.ts";
import type { Pace } from "../../../src/triage/verify/lane.ts";
import { planAskings } from "../../../src/triage/verify/plan.ts";
import { bytes } from "../../kit.ts";
import { aFinding } from "../../report/sample-result.ts";
import { json, provider } from "./provider.ts";

const secret = "tok_abcdefghij0123456789";

const finding = (text = secret, parts: Partial<Finding> = {}): Finding =>
  aFinding({ secret: new Secret(bytes(text)), facts: {}, components: [], ...parts });

const bearer = (url: string, parts: Partial<Question> = {}): Question => ({
  method: "GET",
  urls: [`${url}/me`],
  headers: { authorization: "Bearer {secret}" },
  live: [{ status: 200 }],
  dead: [{ status: 401 }],
  facts: { login: "/login" },
  ...parts,
});

const quick: Pace = { gap: 0, pause: 5, patience: 1_500 };

const never = new AbortController().signal;

async function put(
  findings: readonly Finding[],
  question: Question,
  { pace = quick, signal = never, timeout = 1_000, only = [] as string[] } = {},
) {
  const now = new Date();
  const { askings, left } = planAskings(findings, { questionFor: () => question, only, now });
  const answers = await ask(askings, {
    send: (inquiry) => send(inquiry, { signal, timeout, agent: "leaksweep/test" }),
    pace,
    signal,
    now: () => now,
  });
  return { left, answers: findings.map((one) => answers.get(one)) };
}

/** Takes the one secret and no other. */
const strict = () =>
  provider(({ headers }, response) =>
    headers.authorization === `Bearer ${secret}`
      ? json(response, 200, { login: "ann" })
      : json(response, 401, { message: "bad" }),
  );

describe("a secret", () => {
  it("that is taken is live, with what the reply tells; one that is refused is dead", async () => {
    const { url, seen } = await strict();
    const { answers } = await put([finding(), finding("tok_zzzzzzzzzz0123456789")], bearer(url));
    expect(answers).toEqual([
      { liveness: "live", facts: { login: "ann" } },
      { liveness: "dead", facts: {} },
    ]);
    // One request for each, and one with a made-up secret.
    expect(seen.map(({ headers }) => headers.authorization).sort()).toEqual(
      [`Bearer ${secret}`, "Bearer tok_zzzzzzzzzz0123456789", "Bearer tok_abcd9876543210jihgfe"].sort(),
    );
    expect(seen[0]).toMatchObject({ method: "GET", path: "/me", headers: { "user-agent": "leaksweep/test" } });
  });

  it("is not live where a made-up one is taken, too; that is found out once", async () => {
    const { url, host, seen } = await provider((_, response) => json(response, 200, { login: "anyone" }));
    const { answers } = await put([finding(), finding("tok_other6789012345678901")], bearer(url));
    const doubt = { liveness: "unknown", reason: `${host}: it says yes to a made-up secret, too`, facts: {} };
    expect(answers).toEqual([doubt, doubt]);
    expect(seen).toHaveLength(3);
  });

  it("is live where one of several regions takes it, and dead only where all refuse it", async () => {
    const refuses = await provider((_, response) => json(response, 401, {}));
    const takes = await strict();
    const fails = await provider((_, response) => json(response, 404, {}));
    const at = (...urls: string[]) => bearer("", { urls });
    const liveness = async (question: Question) => (await put([finding()], question)).answers[0]?.liveness;
    expect(await liveness(at(`${refuses.url}/`, `${takes.url}/`))).toBe("live");
    expect(await liveness(at(`${refuses.url}/`, `${refuses.url}/b`))).toBe("dead");
    expect(await liveness(at(`${refuses.url}/`, `${fails.url}/`))).toBe("unknown");
  });

  it("that not all its addresses were asked about is not dead, and what only its issuer can say makes it so", async () => {
    const refuses = await provider((_, response) => json(response, 401, {}));
    const revokes = await provider((_, response) => json(response, 403, { error: "revoked" }));
    const takes = await strict();
    const dead = [{ status: 401 }, { status: 403, at: "/error", is: ["revoked"], certain: true }] as const;
    const first = async (urls: string[], only: string[] = []) =>
      (await put([finding()], bearer("", { urls: urls.map((url) => `${url}/me`), dead }), { only })).answers[0];
    expect(await first([takes.url, refuses.url], [refuses.host])).toEqual({
      liveness: "unknown",
      reason: "refused, but not all its addresses were asked, as --only wished",
      facts: {},
    });
    expect(takes.seen).toEqual([]);
    expect(await first([takes.url, refuses.url], [takes.host])).toMatchObject({ liveness: "live" });
    expect(await first([refuses.url], [refuses.host])).toMatchObject({ liveness: "dead" });
    expect(await first([takes.url, revokes.url], [revokes.host])).toMatchObject({ liveness: "dead" });
    const fails = await provider((_, response) => json(response, 404, {}));
    expect(await first([fails.url, revokes.url])).toMatchObject({ liveness: "dead" });
  });
});

describe("a made-up secret", () => {
  it.each<[what: string, behave: (response: ServerResponse) => void, why: string]>([
    ["gets no answer", () => {}, "no answer within 0.2 s"],
    ["meets a failure", (response) => json(response, 503, {}), "it answered 503"],
    [
      "is put off for long",
      (response) => json(response, 429, {}, { "retry-after": "3600" }),
      "it asks for a pause of 3600 s, which is too long",
    ],
    ["is put off with 408", (response) => json(response, 408, {}), "it answered 408"],
    ["is sent elsewhere", (response) => void response.writeHead(302, { location: "/" }).end(), "it answered 302"],
    ["is answered without end", (response) => json(response, 403, "x".repeat(1 << 19)), "it answered 403"],
  ])("that %s has not been refused: the real one is not live", async (_, behave, why) => {
    const { url, host } = await provider(({ headers }, response) =>
      headers.authorization === `Bearer ${secret}` ? json(response, 200, { login: "ann" }) : behave(response),
    );
    const { answers } = await put([finding()], bearer(url), { timeout: 200 });
    expect(answers[0]).toEqual({
      liveness: "unknown",
      reason: `${host}: it says yes, but not whether it would refuse a made-up secret (${why})`,
      facts: {},
    });
  });

  it("that got no answer is no answer for the next one", async () => {
    const others = ["tok_k1k2k3k4k5k6k7k8k9k0", "tok_m1m2m3m4m5m6m7m8m9m0"];
    const good = [secret, ...others].map((one) => `Bearer ${one}`);
    let controls = 0;
    const { url } = await provider(({ headers }, response) => {
      if (good.includes(headers.authorization ?? "")) return json(response, 200, { login: "ann" });
      if (controls++ > 0) json(response, 401, {});
    });
    const findings = [secret, ...others].map((one) => finding(one));
    const { answers } = await put(findings, bearer(url), { timeout: 200 });
    expect(answers.map((answer) => answer?.liveness).sort()).toEqual(["live", "live", "unknown"]);
    expect(controls).toBe(2);
  });

  it("can be refused in other words than one that is over, as where no words for that are known", async () => {
    const { url } = await strict();
    const { answers } = await put([finding(), finding("tok_zzzzzzzzzz0123456789")], bearer(url, { dead: [] }));
    expect(answers.map((answer) => answer?.liveness)).toEqual(["live", "unknown"]);
  });
});

describe("a secret with another part", () => {
  const rule = { ...finding().rule, near: { rule: "acme.id", lines: 5, required: true } } as Rule;
  const part = (text: string) => ({ rule: "acme.id", secret: new Secret(bytes(text)) });

  /** Takes the one secret with the part "right". */
  const pairs = () =>
    provider(({ path, headers }, response) =>
      json(response, path === "/me/right" && headers.authorization === `Bearer ${secret}` ? 200 : 401, {}),
    );

  const asked = async (url: string, components: Finding["components"], parts: Partial<Question> = {}) => {
    const question = bearer(url, { urls: [`${url}/me/{near}`], ...parts });
    const { answers, left } = await put([finding(secret, { rule, components })], question);
    return answers[0] ?? left[0]?.reason;
  };

  it("is tried with each that was found beside it", async () => {
    const { url } = await pairs();
    expect(await asked(url, [part("one"), part("right")])).toMatchObject({ liveness: "live" });
    expect(await asked(url, [{ rule: "acme.else", secret: new Secret(bytes("right")) }])).toBe(
      "its other part is not known",
    );
  });

  it("is not dead when it is refused: the part beside it may be that of another", async () => {
    const { url } = await pairs();
    const reason = "refused, but together with the part beside it, which may be that of another secret";
    expect(await asked(url, [part("one"), part("two")])).toEqual({ liveness: "unknown", reason, facts: {} });
    const dead = [{ status: 401, certain: true }] as const;
    expect(await asked(url, [part("one")], { dead })).toMatchObject({ liveness: "dead" });
    const sign = { scheme: "aws-v4", id: "{user}", service: "sts" } as const;
    const signed = bearer(url, { headers: {}, sign });
    expect((await put([finding(secret, { facts: { user: "AK" } })], signed)).answers[0]).toMatchObject({ reason });
  });

  it("is not dead when more stand near it than are tried", async () => {
    const { url, seen } = await pairs();
    expect(await asked(url, ["one", "two", "three", "right"].map(part))).toEqual({
      liveness: "unknown",
      reason: "refused, but more other parts stand near it than the 3 that were tried",
      facts: {},
    });
    expect(seen.map(({ path }) => path)).toEqual(["/me/one", "/me/two", "/me/three"]);
  });

  it("is asked about with those parts that can be sent, though one cannot", async () => {
    const { url } = await pairs();
    expect(await asked(url, [part("\n"), part("right")])).toMatchObject({ liveness: "live" });
    expect(await asked(url, [part("\n"), part("two")])).toMatchObject({
      liveness: "unknown",
      reason:
        "refused, but it could not be asked about in every way: its other part holds characters that cannot be sent",
    });
    expect(await asked(url, [part("\n")])).toBe("its other part holds characters that cannot be sent");
  });

  it("is asked about once where the question goes without it, and then a refusal counts", async () => {
    const { url, seen } = await pairs();
    const urls = [`${url}/me`];
    expect(await asked(url, ["one", "two", "three", "four"].map(part), { urls })).toMatchObject({ liveness: "dead" });
    expect(seen).toHaveLength(1);
  });
});

describe("a provider", () => {
  it("that asks for a pause is given it", async () => {
    const slow = await provider(({ headers }, response, count) =>
      count === 0
        ? json(response, 429, {}, { "retry-after": "1" })
        : json(response, headers.authorization === `Bearer ${secret}` ? 200 : 401, {}),
    );
    const began = Date.now();
    const { answers } = await put([finding()], bearer(slow.url));
    expect(answers[0]?.liveness).toBe("live");
    expect(Date.now() - began).toBeGreaterThan(950);
  });

  it("that asks for a long pause is not asked again, about nothing", async () => {
    const { url, host, seen } = await provider((_, response) => json(response, 429, {}, { "retry-after": "3600" }));
    const { answers } = await put([finding(), finding("tok_other6789012345678901")], bearer(url));
    const reason = `${host}: it asks for a pause of 3600 s, which is too long`;
    expect(answers.map((answer) => answer?.reason)).toEqual([reason, reason]);
    expect(seen).toHaveLength(1);
  });

  it("that fails is asked three times, and after three failures no more", async () => {
    const { url, host, seen } = await provider((_, response) => json(response, 503, {}));
    const findings = ["a", "b", "c", "d", "e"].map((one) => finding(`tok_${one}bcdefghij0123456789`));
    const { answers } = await put(findings, bearer(url));
    expect(answers.slice(0, 3).map((answer) => answer?.reason)).toEqual(Array(3).fill(`${host}: it answered 503`));
    expect(answers.slice(3).map((answer) => answer?.reason)).toEqual(
      Array(2).fill(`${host}: not asked, since it did not answer 3 times in a row`),
    );
    expect(seen).toHaveLength(9);
  });

  it("that redirects elsewhere is not followed", async () => {
    const elsewhere = await provider((_, response) => json(response, 200, {}));
    const { url, host } = await provider(
      (_, response) => void response.writeHead(307, { location: elsewhere.url }).end(),
    );
    const { answers } = await put([finding()], bearer(url));
    expect(answers[0]).toMatchObject({
      liveness: "unknown",
      reason: `${host}: it answered 307, a redirect, which is not followed`,
    });
    expect(elsewhere.seen).toEqual([]);
  });

  it.each([
    ["hangs", (_: unknown, response: ServerResponse) => void response.writeHead(200).write("{")],
    ["says nothing", () => {}],
  ])("that %s is left after a while", async (_, behave) => {
    const { url, host, seen } = await provider(behave as Parameters<typeof provider>[0]);
    const { answers } = await put([finding()], bearer(url), { timeout: 200 });
    expect(answers[0]).toMatchObject({ liveness: "unknown", reason: `${host}: no answer within 0.2 s` });
    expect(seen).toHaveLength(1);
  });

  it("that breaks off in the middle of a reply has said nothing", async () => {
    const { url, host } = await provider((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write('{"login":"ann"}');
      setTimeout(() => response.destroy(), 20);
    });
    const { answers } = await put([finding()], bearer(url));
    expect(answers[0]).toMatchObject({ liveness: "unknown", reason: `${host}: it broke the connection off` });
  });

  it("that sends without end is read to a limit", async () => {
    const { url, host } = await provider((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const pour = (): void => {
        while (!response.destroyed && response.write(" ".repeat(1 << 16)));
      };
      response.on("drain", pour);
      pour();
    });
    const question = bearer(url, { live: [{ status: 200, at: "/login" }] });
    const { answers } = await put([finding()], question);
    expect(answers[0]?.reason).toBe(`${host}: it answered 200 at great length, which settles nothing`);
  });

  it("that is not there is named with what is the matter, and the secret is not", async () => {
    const { answers } = await put([finding()], bearer("http://127.0.0.1:1"));
    expect(answers[0]).toEqual({
      liveness: "unknown",
      reason: "127.0.0.1:1: it refused the connection",
      facts: {},
    });
  });

  it("that repeats the secret, whole or in part, does not get it into the facts", async () => {
    const { url } = await provider(({ headers }, response) =>
      json(response, headers.authorization === `Bearer ${secret}` ? 200 : 401, {
        login: `key ${secret}`,
        label: `${secret.slice(0, 14)}...`,
        name: "tok_",
      }),
    );
    const facts = { login: "/login", label: "/label", name: "/name" };
    const { answers } = await put([finding()], bearer(url, { facts }));
    expect(answers[0]).toEqual({ liveness: "live", facts: { name: "tok_" } });
  });

  it("is not asked once the run is stopped", async () => {
    const stop = new AbortController();
    const { url } = await provider(() => stop.abort(new Error("SIGINT")));
    const { answers } = await put([finding(), finding("tok_other6789012345678901")], bearer(url), {
      signal: stop.signal,
    });
    expect(answers.map((answer) => answer?.reason?.replace(/^[^ ]+ /, ""))).toEqual(
      Array(2).fill("the run was stopped"),
    );
  });
});

describe("a plan", () => {
  const left = (findings: Finding[], question: Question | undefined, only: string[] = []) =>
    planAskings(findings, { questionFor: () => question, only, now: new Date() }).left.map(({ reason }) => reason);

  it("leaves what is no secret, what is allowed, what nobody can be asked about, and what nobody knows", () => {
    const { secret: _, ...exposure } = finding();
    expect(left([exposure], bearer("https://api.example"))).toEqual(["it is a setting and no secret"]);
    expect(left([finding(secret, { verdict: "allowed" })], bearer("https://api.example"))).toEqual(["it is allowed"]);
    expect(left([finding(secret, { verdict: "known" })], bearer("https://api.example"))).toEqual([]);
    expect(left([finding()], undefined)).toEqual(["no way to ask is known"]);
    expect(left([finding(secret, { secret: Secret.known("tok_…(24)") })], bearer("https://api.example"))).toEqual([
      "the secret itself is not known",
    ]);
    expect(left([finding("tok\nabc")], bearer("https://api.example"))).toEqual([
      "the secret holds characters that cannot be sent",
    ]);
  });

  it("keeps to the hosts and providers that are named", () => {
    const question = bearer("", { urls: ["https://us.api.example/", "https://eu.api.example/"] });
    const hosts = (only: string[]) =>
      planAskings([finding()], { questionFor: () => question, only, now: new Date() }).askings.flatMap(({ stations }) =>
        stations.map(({ host }) => host),
      );
    expect(hosts([])).toEqual(["us.api.example", "eu.api.example"]);
    expect(hosts(["eu.api.example"])).toEqual(["eu.api.example"]);
    expect(hosts([finding().rule.provider])).toEqual(["us.api.example", "eu.api.example"]);
    expect(left([finding()], question, ["other"])).toEqual(["left out by --only"]);
  });
});

it("a secret is not sent in the open to a host that is not this machine", () => {
  const inquiry = { method: "GET", url: new URL("http://api.example/"), headers: {} } as const;
  expect(() => send(inquiry, { signal: never, timeout: 1_000, agent: "leaksweep/test" })).toThrow("in the open");
});
