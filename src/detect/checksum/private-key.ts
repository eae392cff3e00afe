import { createRequire } from "node:module";
import type * as Sshpk from "sshpk";
import type { Facts } from "../../terms.ts";
import type { Checksum } from "./checksum.ts";

/** Where the base64 of a block begins and ends, and how it is headed. */
const block = /-----BEGIN (?<label>[A-Z0-9 ]{0,30}PRIVATE KEY)-----(?<body>[\s\S]*?)(?:-----END|$)/;

/** What programs and files put between the lines of a block: the ends of strings, escapes, signs of comments. */
const joints = /["'`]\s*[+.&]?\s*\\?\s*["'`]|\\+u00[0-9a-f]{2}|\\+[nrt]|[^A-Za-z0-9+/=]/gi;

/** First characters of `openssh-key-v1` in base64. */
const OPENSSH = "b3BlbnNzaC1rZXktdjE";

/**
 * Private keys in PEM (RFC 7468, PKCS#1, PKCS#8, SEC 1) and in OpenSSH's form (PROTOCOL.key): read for real, by sshpk,
 * whatever stands between their lines. A key that can be read says its kind, its size in bits, and the fingerprint of
 * its public half as `ssh-keygen -l` prints it, by which it is found on servers and code hosts. Whether anybody uses
 * the key is not said; and one that cannot be read may be of a kind that we do not know.
 */
export const privateKey: Checksum = {
  name: "private-key",
  raises: false,
  lowers: false,
  check(secret) {
    const pem = pemOf(secret);
    if (pem === undefined) return undefined;
    const facts = factsOf(pem);
    return facts === undefined ? { state: "invalid" } : { state: "valid", facts };
  },
};

/** The key as a file would have it: its header, its lines, its end. */
function pemOf(secret: string): string | undefined {
  const { label, body = "" } = block.exec(secret)?.groups ?? { body: secret };
  if (/Proc-Type|DEK-Info/.test(body)) return undefined; // says by its own headers that it is encrypted
  const bare = body.replace(joints, "");
  const kind = bare.startsWith(OPENSSH) ? "OPENSSH PRIVATE KEY" : label;
  if (kind === undefined || bare.length < 64) return undefined;
  const lines = bare.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ""].join("\n");
}

function factsOf(pem: string): Facts | undefined {
  // Loaded when the first key is met: most scans meet none, and it takes as long as a small scan.
  const { parsePrivateKey } = createRequire(import.meta.url)("sshpk") as typeof Sshpk;
  try {
    const key = parsePrivateKey(pem, "auto");
    const { type, size } = key;
    return {
      keyType: type,
      keyBits: size,
      keyEncrypted: false,
      keyFingerprint: key.toPublic().fingerprint("sha256").toString(),
    };
  } catch (error) {
    return error instanceof Error && error.name === "KeyEncryptedError" ? { keyEncrypted: true } : undefined;
  }
}
