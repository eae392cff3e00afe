import { describe, expect, it } from "vitest";
import type { Question, Sign } from "../../../src/terms.ts";
import { answerIn } from "../../../src/triage/verify/reply.ts";

const ask = (
  { live, dead = [], facts = {} }: { live: Sign[]; dead?: readonly Sign[]; facts?: Question["facts"] },
  [status, body = "", headers = {}, whole = true]: [number, unknown?, Record<string, string>?, boolean?],
) =>
  answerIn(
    { status, headers, body: typeof body === "string" ? body : JSON.stringify(body), whole },
    { method: "GET", urls: [], headers: {}, live, dead, facts },
  );

const slack = {
  live: [{ status: 200, at: "/ok", is: [true] }],
  dead: [{ status: 200, at: "/error", is: ["invalid_auth", "token_revoked"] }],
};

describe("a reply", () => {
  it.each([
    [{ ok: true }, "live"],
    [{ ok: false, error: "invalid_auth" }, "dead"],
    [{ ok: false, error: "ratelimited" }, "unknown"],
    [{ ok: "true" }, "unknown"],
    [{ ok: true, error: "token_revoked" }, "unknown"],
    ["<html>ok</html>", "unknown"],
    ["", "unknown"],
    [[true], "unknown"],
    ['{"ok":true', "unknown"],
  ])("of status 200 with %j is %s where only its body tells", (body, liveness) => {
    expect(ask(slack, [200, body]).liveness).toBe(liveness);
  });

  it("that was cut off is not read as JSON, even when what came of it could be", () => {
    expect(ask(slack, [200, { ok: true }, {}, false])).toMatchObject({
      liveness: "unknown",
      reason: "it answered 200 at great length, which settles nothing",
    });
  });

  it("that only who issued the secret can give is told as such", () => {
    const signs = {
      ...slack,
      dead: [...slack.dead, { status: 200, at: "/error", is: ["gone"], certain: true }] as const,
    };
    expect(ask(signs, [200, { error: "gone" }])).toEqual({ liveness: "dead", facts: {}, certain: true });
    expect(ask(signs, [200, { error: "token_revoked" }])).toEqual({ liveness: "dead", facts: {} });
    expect(ask(signs, [200, { ok: true, error: "gone" }]).liveness).toBe("unknown");
  });

  it("that redirects settles nothing, and where to is not told", () => {
    const answer = ask({ live: [{ status: 200 }] }, [302, "", { location: "https://evil.example/?secret" }]);
    expect(answer).toEqual({
      liveness: "unknown",
      reason: "it answered 302, a redirect, which is not followed",
      facts: {},
    });
  });

  it("is found by pointer in lists and under names with slashes; what is inherited is nothing", () => {
    const live = (at: string) => ask({ live: [{ status: 200, at }] }, [200, [{ "a/b": { "c~d": 1 } }, null]]).liveness;
    expect(["/0/a~1b/c~0d", "/0", "/1", "/2", "/0/toString", "/length", "/0/constructor/name"].map(live)).toEqual([
      "live",
      "live",
      ...Array(5).fill("unknown"),
    ]);
  });
});

describe("facts of a reply", () => {
  const facts = (body: unknown, headers = {}) =>
    ask({ live: [{ status: 200 }], facts: { login: "/login", scopes: "header:x-scopes" } }, [200, body, headers]).facts;

  it("are those that the question names", () => {
    expect(facts({ login: "ann", mail: "x" }, { "x-scopes": "repo, gist" })).toEqual({
      login: "ann",
      scopes: "repo, gist",
    });
    expect(facts({ login: ["a", "b", { c: 1 }] })).toEqual({ login: "a, b" });
    expect(facts({ login: 7 })).toEqual({ login: 7 });
    expect(facts({ login: { name: "ann" } })).toEqual({});
    expect(facts({ login: null })).toEqual({});
  });

  it("hold nothing that a terminal would obey, and are no longer than a line", () => {
    expect(facts({ login: "\x1b[31mann\r\n::error::x\u202e\u0000" })).toEqual({ login: "[31mann ::error::x" });
    const { login } = facts({ login: "x".repeat(100_000) });
    expect(String(login)).toHaveLength(160);
  });

  it("are told of what is live only", () => {
    expect(
      ask({ live: [], dead: [{ status: 401 }], facts: { login: "/login" } }, [401, { login: "ann" }]).facts,
    ).toEqual({});
  });
});
