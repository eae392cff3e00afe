import { grave, nameIn, type Screen } from "./screen.ts";

const uuid = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;

/** Names under which a UUID may well be a secret. */
const secretive = /token|secret|passw|pwd|api[-_]?key|apikey|auth|access[-_]?key|bearer/i;

/** Tokens that name a request or a state of something, and open nothing. */
const harmless =
  /(?:lock|update|request|client|idempotency|concurrency|change|invalidation|caller|revision)[-_.]?token$/i;

/** The secret is the password of a URL, where nobody puts an identifier. */
const inUrl = /:\/\/[^\s/@]*$/;

/** Lengths, in hex digits, of MD5, SHA-1, SHA-2 and their shorter kin. */
const hex = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;

/** Words around a digest of something public. */
const integrity =
  /md5|sha[-_]?\d|\bsha\b|hash|digest|checksum|chksum|integrity|commit|revision|\brev\b|srcrev|etag|fingerprint|thumbprint|\bsum\b|\btree\b|\bblob\b|signature|@sha\d|cache/i;

/** A digest that says so itself, and password hashes: what they came from is the secret. */
const marked =
  /^(?:sha(?:1|224|256|384|512)[-:=]|md5[-:=]|\$(?:2[abxy]|[156y]|apr1|argon2\w*|pbkdf2[\w-]*|scrypt)\$|\{S?SHA\d*\}|pbkdf2_sha)/i;

/** Names of files, of which lists of digests are full. */
const file = /[\w-]\.(?:[cm]?[jt]sx?|php|py|rb|go|rs|java|kt|cs|vue|s?css|html?|md|json|ya?ml|xml)$/i;

/** The fingerprint of something, or an identifier made by chance, under a name that promises no more. */
export const digest: Screen = {
  name: "digest",
  generic: true,
  objection({ rule, secret, before }) {
    const name = nameIn(before);
    if (marked.test(secret)) return "is a hash";
    if (uuid.test(secret) && !inUrl.test(before)) {
      if (/id$/i.test(name) || harmless.test(name)) return "is a UUID";
      // Who writes a row for a provider's UUIDs has said that they are secrets.
      return secretive.test(name) || rule.provider !== "generic" ? undefined : grave("is a UUID");
    }
    if (hex.test(secret) && file.test(name)) return "is the digest of a file";
    return hex.test(secret) && integrity.test(before) && !/hash[-_]?(?:key|secret|salt)/i.test(before)
      ? "is the digest of something"
      : undefined;
  },
};
