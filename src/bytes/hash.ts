import { createHash } from "node:crypto";

/** The hash functions that name git objects. */
export type HashName = "sha1" | "sha256";

/** The id, in lower-case hex, that git gives to these bytes as a blob: hash of `blob <length>`, NUL, bytes. */
export const blobId = (bytes: Uint8Array, hash: HashName = "sha1"): string =>
  createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
