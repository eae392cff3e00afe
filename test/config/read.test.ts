import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/read.ts";
import { LeaksweepError } from "../../src/errors.ts";

const read = (text: string) => readConfig(text, { name: "leaksweep.yml", from: "/repo" });

const refusal = (text: string): LeaksweepError => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof LeaksweepError) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

describe("readConfig", () => {
  it.each(["", "# only a comment\n", "{}", "---\n"])("takes %j as a config that says nothing", (text) => {
    expect(read(text)).toEqual({});
  });

  it("reads every key", () => {
    const text = `
rules:
  paths: [ci/rules, /etc/rules.yml]
  enable: [aws.*]
  disable: [aws.old]
exclude: ["vendor/**"]
min-confidence: low
fail-on: high
fail-exposure: true
max-file-size: 10MB
timeout: 5m
allow-shallow: true
allow-partial: false
allow:
  - fingerprint: ls1:${"a".repeat(24)}
    reason: key of the sandbox
    until: 2026-12-31
  - { fingerprint: "lx1:${"b".repeat(24)}", reason: test database }
`;
    expect(read(text)).toEqual({
      rules: ["/repo/ci/rules", "/etc/rules.yml"],
      enable: ["aws.*"],
      disable: ["aws.old"],
      exclude: ["vendor/**"],
      minConfidence: "low",
      failOn: "high",
      failExposure: true,
      maxFileSize: 10_000_000,
      timeoutMs: 300_000,
      allowShallow: true,
      allowPartial: false,
      allow: [
        { fingerprint: `ls1:${"a".repeat(24)}`, reason: "key of the sandbox", until: "2026-12-31" },
        { fingerprint: `lx1:${"b".repeat(24)}`, reason: "test database" },
      ],
    });
  });

  it("takes a size without a unit as bytes", () => {
    expect(read("max-file-size: 4096")).toEqual({ maxFileSize: 4096 });
  });

  it.each<[story: string, text: string, place: string, hint: RegExp]>([
    ["an unknown key", "fail-on: low\nmin-confidance: low\n", "2:1: unknown key", /^Did you mean "min-confidence"\?$/],
    ["an unknown key in a mapping", "rules:\n  path: [a]\n", "2:3: unknown key", /^Did you mean "paths"\?$/],
    ["a key like no other", "severity: high\n", "1:1: unknown key", /^Keys that may stand here: rules, exclude, /],
    ["a wrong choice", "fail-on: huge", "1:10: ", /^Write one of: low, medium, high\.$/],
    ["a list where text is meant", "timeout: [5m]", "1:10: ", /^Write text/],
    ["text where a list is meant", "exclude: vendor", "1:10: ", /^Write a list\.$/],
    ["nothing where a list is meant", "exclude:\n", "1:9: ", /^Write a list\.$/],
    ["a quoted truth", 'fail-exposure: "yes"', "1:16: ", /^Write true or false\.$/],
    ["a size in unknown units", "max-file-size: 10XB", "1:16: ", /"10MB"/],
    ["a size of nothing", "max-file-size: 0", "1:16: ", /"10MB"/],
    ["a duration without unit", 'timeout: "30"', "1:10: ", /"30s"/],
    ["a duration no timer holds", "timeout: 99d", "1:10: ", /24 days/],
    ["an empty glob", 'exclude: [""]', "1:11: ", /one character/],
    ["a list at the top", "- a\n", "1:1: cannot read the file", /^Write keys and values\.$/],
    ["acceptance without a reason", `allow:\n  - fingerprint: ls1:${"a".repeat(24)}\n`, "2:5: key", /^Add it\.$/],
    ["an accepted secret itself", "allow:\n  - { fingerprint: hunter2, reason: x }", "2:20: ", /as reports print it/],
    [
      "a day that never comes",
      `allow:\n  - { fingerprint: "ls1:${"a".repeat(24)}", reason: x, until: 2026-02-30 }`,
      "2:70: ",
      /YYYY-MM-DD/,
    ],
    ["broken YAML", "exclude: [a\n", "2:1: ", /^Correct the YAML/],
    ["a key that stands twice", "fail-on: low\nfail-on: high\n", "2:1: ", /^Correct the YAML/],
    ["an unknown tag", "exclude: !!js/function x\n", "1:10: ", /^Correct the YAML/],
    ["two documents", "fail-on: low\n---\nfail-on: high\n", "2:1: ", /^Correct the YAML/],
  ])("refuses %s with place and fix", (_story, text, place, hint) => {
    const { code, message, hint: said } = refusal(text);
    expect({ code, message }).toEqual({
      code: "config.invalid",
      message: expect.stringContaining(`leaksweep.yml:${place}`),
    });
    expect(said).toMatch(hint);
  });

  it("reports the first of several mistakes and counts the others", () => {
    const { message, hint } = refusal("fail-on: x\ntimeuot: 5m\nexclude: 3\n");
    expect(message).toMatch(/^leaksweep\.yml:1:10: /);
    expect(hint).toMatch(/Mistakes after this one: 2\.$/);
  });

  it("never shows a value, which may be a secret in the wrong place", () => {
    const { message, hint } = refusal("allow:\n  - { fingerprint: hunter2, reason: x }");
    expect(message + hint).not.toContain("hunter2");
  });

  it("refuses aliases that multiply", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(20).fill(`*${of}`).join(", ")}]\n`;
    expect(refusal(`a: &a [x, x]\n${level("b", "a")}${level("c", "b")}${level("d", "c")}`).code).toBe("config.invalid");
  });
});
