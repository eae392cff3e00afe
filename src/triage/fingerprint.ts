/**
 * The stable name of a secret, over runs, machines, rebases and files: it holds neither path nor line nor commit, and
 * nobody can read the secret back out of it. A long secret is safe behind a plain hash. A short one could be guessed
 * by hashing a word list, so its name costs about 50 ms and 16 MiB to compute: that makes guessing dear, not
 * impossible, and a list of fingerprints is as private as its repository.
 */
import { createHash, scrypt } from "node:crypto";
import pLimit from "p-limit";
import type { Secret } from "../bytes/secret.ts";

const domain = "leaksweep/1";
/** 15 bytes are 24 characters of base32 without padding, and 120 bits: no two secrets will ever meet. */
const size = 15;
/** From this many bytes on, a secret is taken to be made by a machine. */
const long = 20;
/** scrypt jobs at a time: as many as Node has threads for them, so 64 MiB at most. */
const atOnce = 4;

/**
 * `ls1:` and 24 characters of lower-case base32 (RFC 4648, unpadded) over the canonical bytes `c` of `secret`: the
 * first 15 bytes of SHA-256("leaksweep/1" ‖ c) when c has 20 bytes or more, else 15 bytes of scrypt (RFC 7914) of c
 * with salt "leaksweep/1", N = 2^14, r = 8, p = 1. Golden vectors: `fixtures/fingerprints.json`.
 */
export async function fingerprint(secret: Secret): Promise<string> {
  const bytes = canonical(secret);
  return `ls1:${base32(bytes.length >= long ? digest(bytes) : await stretch(bytes))}`;
}

/** Fingerprints of many secrets, in their order. Equal secrets are computed once, and few short ones at a time. */
export function fingerprints(secrets: readonly Secret[]): Promise<string[]> {
  const limit = pLimit(atOnce);
  const named = new Map<string, Promise<string>>();
  const name = (secret: Secret): Promise<string> => {
    const key = latin1(canonical(secret));
    const known = named.get(key) ?? limit(() => fingerprint(secret));
    named.set(key, known);
    return known;
  };
  return Promise.all(secrets.map(name));
}

/**
 * `lx1:` and 24 characters of base32 over the first 15 bytes of SHA-256("leaksweep/1" ‖ rule ‖ NUL ‖ path ‖ NUL ‖
 * setting): the name of an exposure, or of a finding whose only proof is a path. `rule` is a rule's id, `setting` the
 * line that leaves the door open (empty for a path). Case, quotes and white space of the setting do not count.
 */
export function exposureFingerprint({ rule, path, setting }: { rule: string; path: string; setting: string }): string {
  return `lx1:${base32(digest(Buffer.from([rule, path, normalised(setting)].join("\0"), "utf8")))}`;
}

/** The setting that an exposure's `secret` is, as text: bytes that are no UTF-8 become U+FFFD. */
export const settingOf = (secret: Secret): string => Buffer.from(secret.reveal()).toString("utf8");

/**
 * The bytes that name a secret. An armoured key is only its body, without white space and without the escapes that
 * JSON, YAML and shells put there, so that one key has one name in whatever file it lies. Any other secret is itself.
 */
export function canonical(secret: Secret): Uint8Array {
  const bytes = secret.reveal();
  const text = latin1(bytes);
  const body = armour.exec(text)?.groups?.body ?? (wrapped.test(text) ? text : undefined);
  if (body === undefined) return bytes;
  const bare = body
    .replace(/\\+u00([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+[nrt]|[\\\s]/g, "");
  return bare === "" ? bytes : Buffer.from(bare, "latin1");
}

// A match can be cut before its END line, and the label may hold any words: RSA PRIVATE KEY, PGP PRIVATE KEY BLOCK.
const armour = /-{5}BEGIN [^-]{1,40}-{5}(?<body>[\s\S]*?)(?:-{5}END |$)/;
// A body whose BEGIN line the rule left out: base64 over several lines, the breaks real or escaped.
const wrapped = /^(?:(?:[A-Za-z0-9+=]|\\*\/){40,}(?:\\+[nr]|\\*\s)+)+(?:[A-Za-z0-9+=]|\\*\/)*$/;

const normalised = (setting: string): string =>
  setting
    .toLowerCase()
    .replace(/["'`]/g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([:=,]) ?/g, "$1")
    .trim();

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const digest = (bytes: Uint8Array): Uint8Array =>
  createHash("sha256").update(domain).update(bytes).digest().subarray(0, size);

const stretch = (bytes: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    scrypt(bytes, domain, size, { N: 2 ** 14, r: 8, p: 1 }, (error, key) => (error ? reject(error) : resolve(key)));
  });

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Base32 of RFC 4648, lower case, for lengths that are multiples of five bytes and so need no padding. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet.charAt((held >> (bits - 5)) & 31);
  }
  return text;
}
