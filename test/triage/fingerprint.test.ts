import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/bytes/secret.ts";
import { canonical, exposureFingerprint, fingerprint, fingerprints } from "../../src/triage/fingerprint.ts";
import { bytes } from "../kit.ts";

/** Made with Python's hashlib, so that they judge the code and are not its echo. */
const golden: {
  secrets: { secret: string; fingerprint: string }[];
  armoured: { fingerprint: string; forms: Record<string, string> };
  exposures: { rule: string; path: string; settings: string[]; fingerprint: string }[];
} = JSON.parse(readFileSync("fixtures/fingerprints.json", "utf8"));

const secret = (text: string): Secret => new Secret(bytes(text));

describe("fingerprint", () => {
  it.each(golden.secrets)("of $secret is as it was on the first day", async (vector) => {
    expect(await fingerprint(secret(vector.secret))).toBe(vector.fingerprint);
  });

  it.each(Object.entries(golden.armoured.forms))("of an armoured key %s is that of the key", async (_, form) => {
    expect(await fingerprint(secret(form))).toBe(golden.armoured.fingerprint);
  });

  it("has 24 characters of lower-case base32, whatever the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 20, maxLength: 200 }), async (raw) => {
        expect(await fingerprint(new Secret(raw))).toMatch(/^ls1:[a-z2-7]{24}$/);
      }),
    );
  });

  it("takes long work for a secret that is short enough to guess", async () => {
    const short = "nineteen characters".slice(0, 19);
    const started = performance.now();
    await fingerprint(secret(short));
    expect(performance.now() - started).toBeGreaterThan(5);
  });
});

describe("fingerprints", () => {
  it("come in the order of the secrets, equal ones with equal names", async () => {
    const secrets = ["hunter2", "a secret that is long enough", "hunter2", "hunter3"].map(secret);
    const names = await fingerprints(secrets);
    expect(names).toEqual(await Promise.all(secrets.map(fingerprint)));
    expect(new Set(names).size).toBe(3);
  });
});

describe("canonical", () => {
  it("leaves a secret alone that is no armoured key", () => {
    const plain = fc.string({ unit: "binary" }).filter((text) => !/-----BEGIN|^[\w+=/\\\s]{40}/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(Buffer.from(canonical(secret(text)))).toEqual(Buffer.from(bytes(text)));
      }),
    );
  });

  it("tells two keys apart", () => {
    const [form = ""] = Object.values(golden.armoured.forms);
    const other = form.replace("AAAA", "AAAB");
    expect(canonical(secret(other))).not.toEqual(canonical(secret(form)));
  });

  it("keeps an armour without a body as it stands", () => {
    const empty = "-----BEG¦IN PRIVATE KEY----------END PRIVATE KEY-----";
    expect(Buffer.from(canonical(secret(empty)))).toEqual(Buffer.from(bytes(empty)));
  });

  it("needs linear time for lines that almost are a key", () => {
    const almost = new Secret(Buffer.from(`${"A".repeat(64)}\\n\\\n`.repeat(20_000).concat("!")));
    const started = performance.now();
    canonical(almost);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("exposureFingerprint", () => {
  it.each(golden.exposures)("of $rule in $path does not hang on how the setting is written", (vector) => {
    const { rule, path, settings } = vector;
    for (const setting of settings) expect(exposureFingerprint({ rule, path, setting })).toBe(vector.fingerprint);
  });

  it("changes with rule, path and setting", () => {
    const names = [
      { rule: "a.b", path: "c", setting: "d" },
      { rule: "a.b", path: "cd", setting: "" },
      { rule: "a.b", path: "c", setting: "e" },
      { rule: "a.c", path: "c", setting: "d" },
    ].map(exposureFingerprint);
    expect(new Set(names).size).toBe(4);
  });
});
