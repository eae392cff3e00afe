/** Keys are made here, so that none stands in a file; `ssh-keygen` says what their fingerprints should be. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checksums } from "../../../src/detect/checksum/shelf.ts";
import { available, tempDir } from "../../kit.ts";

const check = (secret: string) => checksums.get("private-key")?.check(secret);
const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const pkcs1 = rsa.export({ type: "pkcs1", format: "pem" }).toString();
const pkcs8 = rsa.export({ type: "pkcs8", format: "pem" }).toString();
const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;

it.each([
  ["PKCS#1", pkcs1, { keyType: "rsa", keyBits: 1024 }],
  ["PKCS#8", pkcs8, { keyType: "rsa", keyBits: 1024 }],
  ["SEC 1", ec.export({ type: "sec1", format: "pem" }).toString(), { keyType: "ecdsa", keyBits: 256 }],
  ["JSON", JSON.stringify(pkcs8), { keyType: "rsa", keyBits: 1024 }],
  [
    "a program",
    pkcs8
      .split("\n")
      .map((line) => `  "${line}\\n" +`)
      .join("\n"),
    { keyType: "rsa", keyBits: 1024 },
  ],
])("reads a key in %s", (_, text, facts) => {
  expect(check(text)).toMatchObject({ state: "valid", facts: { ...facts, keyEncrypted: false } });
});

it("one key has one fingerprint, in whatever form it lies", () => {
  const of = (text: string) => check(text)?.facts?.keyFingerprint;
  expect(of(pkcs1)).toMatch(/^SHA256:/);
  expect(of(pkcs8)).toBe(of(pkcs1));
});

it("knows an encrypted key, and what is no key", () => {
  const sealed = rsa.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "k3Rv9xQ2" }).toString();
  expect(check(sealed)?.facts?.keyEncrypted ?? "unread").not.toBe(false);
  expect(check(pkcs1.replace(/[A-Za-z0-9]{8}\n/, "AAAAAAAA\n"))?.state).toBeDefined();
  expect(
    check("-----BEGIN PRIVATE KEY-----\nTWFkZSB1cCBvZiB3b3Jkcywgbm8ga2V5IGF0IGFsbCwgYnV0IHRleHQgaW4gYmFzZTY0\n")?.state,
  ).toBe("invalid");
});

const hasKeygen = (() => {
  try {
    execFileSync("sh", ["-c", "command -v ssh-keygen"]);
    return true;
  } catch {
    return false;
  }
})();

it.runIf(available("ssh-keygen", hasKeygen))(
  "agrees with ssh-keygen about a key of OpenSSH, its body alone too",
  () => {
    const file = join(tempDir(), "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", file]);
    const [, print = ""] = execFileSync("ssh-keygen", ["-lf", file]).toString().split(" ");
    const text = readFileSync(file, "utf8");
    const facts = { keyType: "ed25519", keyBits: 256, keyEncrypted: false, keyFingerprint: print };
    expect(check(text)?.facts).toEqual(facts);
    expect(check(text.replace(/-----.*-----\n/g, ""))?.facts).toEqual(facts);
    execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "k3Rv9xQ2", "-f", file]);
    expect(check(readFileSync(file, "utf8"))?.facts).toEqual({ keyEncrypted: true });
  },
);
