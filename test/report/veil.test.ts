import { describe, expect, it } from "vitest";
import { Secret } from "../../src/bytes/secret.ts";
import { shown, textOf, veiled } from "../../src/report/veil.ts";
import type { Finding, Result } from "../../src/terms.ts";
import { bytes, whole } from "../kit.ts";
import { aFinding, anOccurrence, cleanResult } from "./sample-result.ts";

const long = whole("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf1gKi9O");
const secret = (text: string): Secret => new Secret(bytes(text));
const veil = (...findings: Finding[]): Result => veiled({ ...cleanResult, findings });

describe("veiled", () => {
  it("hides a secret in every string of the result", () => {
    const author = { name: `Ann ${long}`, email: `${long}@example.org` };
    const hidden = veiled({
      ...cleanResult,
      target: { kind: "git", path: `/srv/${long}`, url: `https://${long}@host/x`, range: `${long}..main` },
      skips: [{ by: "fault", path: `a/${long}/b`, reason: `cannot open ${long}` }],
      findings: [
        aFinding({ secret: secret(long) }),
        aFinding({
          secret: secret("another"),
          verdictReason: `is ${long}`,
          facts: { host: `${long}.example.org`, port: 1 },
          refs: [`refs/heads/${long}`],
          introduced: { commit: "1", date: "2", author },
          removed: { commit: "1", date: "2", author },
          occurrences: [anOccurrence({ path: long, member: `${long}.txt`, url: `https://host/${long}` })],
        }),
      ],
    });
    expect(JSON.stringify(hidden)).not.toContain(long);
    expect(hidden.target.url).toBe("https://ghp_…(40)@host/x");
  });

  it("hides each of several secrets in one string, side by side and twice", () => {
    const other = "staple of the first horse";
    const hidden = veil(
      aFinding({ secret: secret(long), refs: [`${long}${other}-${long}`] }),
      aFinding({ secret: secret(other) }),
    );
    expect(hidden.findings[0]?.refs).toEqual(["ghp_…(40)stap…(25)-ghp_…(40)"]);
  });

  it("hides the longer of two secrets that begin alike", () => {
    const shorter = long.slice(0, 20);
    const hidden = veil(
      aFinding({ secret: secret(shorter), refs: [`a-${long}-b`] }),
      aFinding({ secret: secret(long), refs: [`a-${shorter}-b`] }),
    );
    expect(hidden.findings.map(({ refs }) => refs)).toEqual([["a-ghp_…(40)-b"], ["a-ghp…(20)-b"]]);
  });

  it("hides the secrets of components", () => {
    const components = [{ rule: "a.b", secret: secret(long) }];
    expect(veil(aFinding({ components, refs: [long] })).findings[0]?.refs).toEqual(["ghp_…(40)"]);
  });

  it("leaves a path alone that only shares a word with a weak password", () => {
    const finding = aFinding({
      secret: secret("postgres"),
      occurrences: [anOccurrence({ path: "postgres/init.sql" })],
    });
    expect(veil(finding).findings[0]?.occurrences[0]?.path).toBe("postgres/init.sql");
  });

  it("hides a short secret in the very name it was found in", () => {
    const occurrences = [anOccurrence({ where: "path", path: "pw-hunter2.txt" })];
    expect(veil(aFinding({ secret: secret("hunter2"), occurrences })).findings[0]?.occurrences[0]?.path).toBe(
      "pw-h…(7).txt",
    );
  });

  it("changes nothing else", () => {
    const finding = aFinding();
    expect(veil(finding).findings).toEqual([finding]);
  });
});

describe("shown", () => {
  it("is redacted unless asked otherwise", () => {
    expect(shown(secret(long), { redact: true })).toBe("ghp_…(40)");
    expect(shown(secret(long), { redact: false })).toBe(long);
  });

  it("reads bytes that are no UTF-8 as latin1", () => {
    expect(textOf(new Secret(Uint8Array.of(0x61, 0xe9, 0x62)))).toBe("aéb");
    expect(textOf(secret("é"))).toBe("é");
  });
});
